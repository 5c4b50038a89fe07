/**
 * Detects that Sentinels have made another server the master. The former master may go on answering for seconds, until it is
 * demoted; writes to it are lost, and it lacks the writes of replicas at the new one. Not the `failoverDetector` of ioredis: a
 * switch that it receives while the client looks up the master ends that client permanently, and it also disconnects for masters of
 * other names.
 */
import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../../config/redis-address.ts';
import type { Tls } from '../../upstream/transport/http/tls.ts';
import { sentinelOptions } from './redis-client.ts';

export interface FailoverWatchOptions {
  /** Addresses of the Sentinels. */
  readonly address: RedisAddress;
  readonly tls: Tls;
  /** Maximum time to connect, and for a reply, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * @param master Address and port of the master, as announced. Called for each Sentinel that announces it or is reached again.
   */
  onSwitch(master: string): void;
}

const channel = '+switch-master';

interface Master {
  readonly address: string;
  /** Epoch of the failover that made it the master. */
  readonly epoch: number;
}

/**
 * Queries a Sentinel for the master. Once its failover has promoted a server, `SENTINEL MASTER` has the new epoch, and the former address
 * until the replicas are reconfigured; the other command has the new address at once. The epoch is queried first: a promotion
 * between the two then counts as the former failover, and is announced later, instead of the former master as the new one.
 */
async function queryMaster(sentinel: Redis, name: string): Promise<Master | undefined> {
  const [row, address] = await Promise.all([
    sentinel.call('SENTINEL', 'MASTER', name),
    sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name),
  ]);
  // Names and values in turn; address and port.
  if (!Array.isArray(row) || !Array.isArray(address)) return undefined;
  return { address: address.join(':'), epoch: Number(row[row.indexOf('config-epoch') + 1]) };
}

/**
 * Listens to all Sentinels of `REDIS_URL` until it is disposed. After the announcement of a new master, the Sentinel is queried for
 * the epoch of its failover, which the message lacks: another Sentinel may have announced a later failover. An unreachable Sentinel
 * is retried, and then queried for its master, which may have changed in between.
 */
export function watchFailovers({ address, tls, timeoutMs, onSwitch }: FailoverWatchOptions): Disposable {
  const name = address.master ?? '';
  let known: Master = { address: '', epoch: -1 };
  const clients = new Set<Redis>();

  const connect = (options: RedisOptions): Redis => {
    const client = new Redis({ ...sentinelOptions(address, tls, timeoutMs), ...options });
    client.on('error', () => undefined); // the client retries; the connections to Redis count failures
    clients.add(client);
    return client;
  };
  const accept = (master: Master | undefined) => {
    // A Sentinel that was cut off announces the master of an earlier failover until it has learned of the later one.
    if (master === undefined || master.epoch < known.epoch) return;
    if (master.epoch === known.epoch && master.address !== known.address) return;
    known = master;
    onSwitch(master.address);
  };
  /** On a separate connection: a subscribed one takes no other commands. */
  const ask = async (host: RedisOptions): Promise<Master | undefined> => {
    const client = connect({ ...host, retryStrategy: () => null });
    try {
      return await queryMaster(client, name);
    } catch {
      return undefined;
    } finally {
      client.disconnect();
      clients.delete(client);
    }
  };

  for (const host of address.hosts) {
    const sentinel = connect(host);
    sentinel.on('message', async (_, text: string) => {
      const [switched, , , ip, port] = text.split(' ');
      if (switched !== name || ip === undefined || port === undefined) return;
      // Without a reply, a message counts as the failover after the last one that was known when it came.
      const otherwise = { address: `${ip}:${port}`, epoch: known.epoch + 1 };
      const master = await ask(host);
      if (clients.has(sentinel)) accept(master ?? otherwise);
    });
    sentinel.on('ready', () => {
      // Concurrently, so that no failover is missed between the two.
      Promise.all([queryMaster(sentinel, name), sentinel.subscribe(channel)]).then(
        ([master]) => accept(master),
        () => undefined, // repeated when it is connected again
      );
    });
  }
  return {
    [Symbol.dispose]() {
      for (const client of clients) client.disconnect();
      clients.clear();
    },
  };
}
