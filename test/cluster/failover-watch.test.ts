/**
 * A replica and Sentinels that disagree. The Sentinels are servers with their replies, because real ones agree within two seconds.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { watchFailovers } from '../../src/cluster/redis/failover-watch.ts';
import { parseRedisAddress } from '../../src/config/redis-address.ts';
import { waitUntil } from '../support/wait.ts';

function resp(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return `:${value}\r\n`;
  if (typeof value !== 'string') return `*${value.length}\r\n${value.map(resp).join('')}`;
  return `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
}

/** Names the master on port 1 at first. */
async function startSentinel() {
  const sockets = new Set<Socket>();
  const subscribed = new Set<Socket>();
  let [port, epoch, asked] = ['1', '0', 0];
  /** Port in the reply of `SENTINEL MASTER`. */
  let listed = '1';
  let isSilent = false;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => [sockets, subscribed].map((set) => set.delete(socket)));
    socket.on('data', (chunk) => {
      const text = String(chunk).toUpperCase();
      for (const [, command] of text.matchAll(/\r\nSENTINEL\r\n\$\d+\r\n(\S+)\r\n/g)) {
        asked += 1;
        if (isSilent) continue;
        const isMaster = command === 'MASTER';
        const row = ['name', 'main', 'ip', '127.0.0.1', 'port', listed, 'config-epoch', epoch];
        socket.write(resp(isMaster ? row : ['127.0.0.1', port]));
      }
      if (!text.includes('SUBSCRIBE')) return;
      subscribed.add(socket);
      socket.write(`*3\r\n${resp('subscribe')}${resp('+switch-master')}:1\r\n`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // it listens
    asked: () => asked,
    names(newPort: string, newEpoch: string) {
      [port, epoch, listed] = [newPort, newEpoch, newPort];
    },
    /** It has promoted a server, and the replicas are not reconfigured yet. */
    promotes(newPort: string, newEpoch: string) {
      [port, epoch] = [newPort, newEpoch];
    },
    /** It answers no queries, and still publishes. */
    silence() {
      isSilent = true;
    },
    /** The watch connects and asks again. */
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    publish(newPort: string, newEpoch: string) {
      const text = `main 127.0.0.1 ${port} 127.0.0.1 ${newPort}`;
      [port, epoch, listed] = [newPort, newEpoch, newPort];
      for (const socket of subscribed) socket.write(resp(['message', '+switch-master', text]));
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

type Sentinel = Awaited<ReturnType<typeof startSentinel>>;

function watch(sentinels: readonly Sentinel[]) {
  const named: string[] = [];
  const address = parseRedisAddress(`redis-sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`)}#main`);
  if (address === undefined) throw new Error('It is an address.');
  const onSwitch = (master: string) => void named.push(master.replace('127.0.0.1:', ''));
  return { named, watching: watchFailovers({ address, tls: {}, timeoutMs: 1_000, onSwitch }) };
}

async function reconnect(sentinel: Sentinel): Promise<void> {
  const asked = sentinel.asked();
  sentinel.cut();
  await waitUntil(() => sentinel.asked() > asked);
  // Its answer was written before.
  await new Promise((resolve) => setTimeout(resolve, 100));
}

it('the announcement of a cut-off Sentinel, of the master before the last failover, is ignored until it has the new one', async () => {
  using first = await startSentinel();
  using second = await startSentinel();
  const { named, watching } = watch([first, second]);
  using _watching = watching;
  await waitUntil(() => named.length === 2);
  first.publish('2', '1');
  await waitUntil(() => named.length === 3);
  await reconnect(second);
  expect(named).toEqual(['1', '1', '2']);
  second.names('2', '1');
  await reconnect(second);
  // Two failovers that the second one alone has seen, to the first master.
  second.names('1', '3');
  await reconnect(second);
  await reconnect(first);
  expect(named.slice(3)).toEqual(['2', '1']);
});

it('the announcement of a Sentinel that missed the last of several failovers is ignored, after a reconnection and in a message', async () => {
  using first = await startSentinel();
  using second = await startSentinel();
  const { named, watching } = watch([first, second]);
  using _watching = watching;
  await waitUntil(() => named.length === 2);
  first.publish('2', '6');
  await waitUntil(() => named.length === 3);
  first.publish('3', '7');
  await waitUntil(() => named.length === 4);
  second.names('2', '6');
  await reconnect(second);
  const asked = second.asked();
  second.publish('2', '6');
  await waitUntil(() => second.asked() > asked);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(named).toEqual(['1', '1', '2', '3']);
});

it('a master is announced when a Sentinel is reached during its failover, and when the failover ends', async () => {
  using sentinel = await startSentinel();
  const { named, watching } = watch([sentinel]);
  using _watching = watching;
  await waitUntil(() => named.length === 1);
  sentinel.promotes('2', '1');
  await reconnect(sentinel);
  expect(named).toEqual(['1', '2']);
  sentinel.publish('2', '1');
  await waitUntil(() => named.length === 3);
  expect(named).toEqual(['1', '2', '2']);
});

it('a message of a Sentinel that does not answer counts as the failover after the last one before it, not as a later one', async () => {
  using first = await startSentinel();
  using second = await startSentinel();
  const { named, watching } = watch([first, second]);
  using _watching = watching;
  await waitUntil(() => named.length === 2);
  first.silence();
  const asked = first.asked();
  first.publish('2', '1');
  await waitUntil(() => first.asked() > asked);
  // While the reply of the first is awaited.
  second.publish('3', '2');
  await waitUntil(() => named.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  second.publish('4', '3');
  await waitUntil(() => named.includes('4'), 3_000);
  expect(named.slice(2)).toEqual(['3', '4']);
});
