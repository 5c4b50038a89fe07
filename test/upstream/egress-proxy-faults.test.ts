/** An HTTP proxy (UPSTREAM_PROXY) that fails in every part of a tunnel: calls fail with its reason, and nothing stays behind. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { CancellationSource } from '../../src/upstream/cancellation.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { PooledConnection } from '../../src/upstream/transport/http/connection-pool.ts';
import { createConnector } from '../../src/upstream/transport/http/connector.ts';
import { ada } from '../support/endpoint-case.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { type Listening, listenOnLoopback } from '../support/loopback.ts';
import { selfSigned } from '../support/self-signed.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

/** What the proxy does with a client that has asked for a tunnel to `target`. */
type Behaviour = (client: Socket, target: string) => void;

interface Proxy extends AsyncDisposable {
  readonly url: string;
  behaviour: Behaviour;
  /** Hosts and ports of the tunnels that were asked for. */
  readonly targets: readonly string[];
  /** Connections of clients that are open. */
  readonly open: () => number;
  /** Closes all connections. */
  drop(): void;
}

const established = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** Opens the tunnel. */
const tunnel: Behaviour = (client, target) => {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? [];
  const upstream = connect(Number(port), host, () => {
    client.write(established);
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
};
const write =
  (text: string): Behaviour =>
  (client) =>
    void client.write(text);
/** After the first bytes of the tunnel, which are those of a TLS handshake. */
const afterHello =
  (act: (client: Socket) => void): Behaviour =>
  (client) => {
    client.write(established);
    client.once('data', () => act(client));
  };

async function startProxy(behaviour: Behaviour, host = '127.0.0.1'): Promise<Proxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => {}).once('close', () => sockets.delete(client));
    client.once('data', (head) => {
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(String(head))?.[1] ?? '';
      targets.push(target);
      proxy.behaviour(client, target);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  const proxy: Proxy = {
    url: `http://ward%40one:canary-secret@${host.includes(':') ? `[${host}]` : host}:${port}`,
    behaviour,
    targets,
    open: () => sockets.size,
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      proxy.drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

const secrets = /canary|d2FyZEBvbmU6|ward(%40|@)one/;

describe('a proxy in front of an upstream with TLS', () => {
  const identity = selfSigned('upstream');
  let folder: string;
  let server: Listening;
  let origin: string;
  let upstreamCaFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxy-'));
    upstreamCaFile = join(folder, 'ca.pem');
    await writeFile(upstreamCaFile, identity.cert);
    server = await listenOnLoopback(createTlsServer(identity, (_request, response) => reply(response, { token: ada })));
    origin = `https://${new URL(server.url).host}`;
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  const connectThrough = (proxy: Proxy, more: Partial<Config> = {}, caller: Parameters<typeof connectTo>[2] = {}) =>
    connectTo(
      origin,
      { upstreamCaFile, upstreamProxy: proxy.url, upstreamRetries: 0, upstreamConnections: 1, ...more },
      caller,
    );

  it.each<readonly [string, Behaviour, RegExp]>([
    ['rejects with a body', write('HTTP/1.1 403 No\r\ncontent-length: 6\r\n\r\ndenied'), /PROXY_STATUS_403/],
    ['asks for another login', write('HTTP/1.1 407 No\r\nproxy-authenticate: Basic\r\n\r\n'), /PROXY_STATUS_407/],
    ['rejects and closes', (client) => void client.end('HTTP/1.0 502 No\r\n\r\nno'), /PROXY_STATUS_502/],
    [
      'switches protocols',
      write('HTTP/1.1 101 Other\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      /PROXY_STATUS_101/,
    ],
    ['accepts with a body', write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhello!'), /ERR_SSL_\w+|EPROTO/],
    ['accepts with bytes after the head', write(`${established}junk that is no TLS`), /ERR_SSL_\w+|EPROTO/],
    ['accepts and ends', (client) => void client.end(established), /ECONNRESET/],
    [
      'accepts and resets',
      (client) => void client.write(established, () => client.resetAndDestroy()),
      /ECONNRESET|EPIPE/,
    ],
    ['ends in the handshake', afterHello((client) => void client.end()), /ECONNRESET/],
    ['resets in the handshake', afterHello((client) => void client.resetAndDestroy()), /ECONNRESET|EPIPE/],
    ['ends before its response', (client) => void client.end(), /ECONNRESET/],
    ['resets before its response', (client) => void client.resetAndDestroy(), /ECONNRESET/],
    [
      'ends within its response',
      (client) => void client.end('HTTP/1.1 200 OK\r\nx:'),
      /ECONNRESET|HPE_INVALID_EOF_STATE/,
    ],
    ['speaks no HTTP', write('SSH-2.0-x\r\n\r\n'), /HPE_INVALID_CONSTANT/],
    [
      'sends a head without an end',
      (client) => void client.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`),
      /HPE_HEADER_OVERFLOW/,
    ],
  ])(
    'that %s fails the call with a reason and without its login, and the next call works',
    async (_name, behaviour, reason) => {
      await using proxy = await startProxy(behaviour);
      // Far longer than the tests may take: no deadline ends the connection.
      await using side = connectThrough(proxy, { upstreamTimeoutMs: 300_000 });
      const failure: unknown = await getMe(side.upstream).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(side.logLines.join()).toMatch(reason);
      await waitUntil(() => proxy.open() === 0);
      proxy.behaviour = tunnel;
      expect((await getMe(side.upstream)).token).toBe(ada);
      expect(side.logLines.join()).not.toMatch(secrets);
      expect(`${String(failure)}${JSON.stringify(failure)}`).not.toMatch(secrets);
    },
  );

  it.each<readonly [string, Behaviour]>([
    ['never answers', () => {}],
    ['accepts and is silent then', write(established)],
  ])('that %s is given up, and its connection closed', async (_name, behaviour) => {
    await using proxy = await startProxy(behaviour);
    await using side = connectThrough(proxy, { upstreamTimeoutMs: 200 });
    await expect(getMe(side.upstream)).rejects.toThrow(/The upstream (?:is unreachable|did not answer)/);
    await waitUntil(() => proxy.targets.length > 0 && proxy.open() === 0);
    proxy.behaviour = tunnel;
    // Its deadline is short for a busy machine.
    await expect
      .poll(() =>
        getMe(side.upstream).then(
          ({ token }) => token,
          () => undefined,
        ),
      )
      .toBe(ada);
    expect(side.logLines.join()).not.toMatch(secrets);
  });

  it.each<readonly [string, Behaviour]>([
    ['the tunnel opens', () => {}],
    ['its TLS is negotiated', write(established)],
  ])('leaves nothing when the client stops while %s', async (_name, behaviour) => {
    await using proxy = await startProxy(behaviour);
    const side = connectThrough(proxy, { upstreamTimeoutMs: 300_000 });
    const call = getMe(side.upstream).catch((error: unknown) => error);
    await waitUntil(() => proxy.targets.length > 0);
    await side.client.close(0);
    expect(await call).toBeInstanceOf(Error);
    await waitUntil(() => proxy.open() === 0);
  });

  it('leaves no event stream that ends while its tunnel opens', async () => {
    await using proxy = await startProxy(() => {});
    const connector = createConnector({ tls: undefined, timeoutMs: 300_000, proxy: proxy.url });
    const connection = new PooledConnection(origin, connector);
    connection.dispatch({ path: '/v2/events', method: 'GET' }, { onRequestStart: () => {}, onResponseError: () => {} });
    await waitUntil(() => proxy.targets.length > 0);
    await connection.destroy(null);
    await waitUntil(() => proxy.open() === 0);
  });

  it('lets a call be cancelled while its tunnel opens', async () => {
    await using proxy = await startProxy(() => {});
    const cancellation = new CancellationSource();
    await using side = connectThrough(proxy, { upstreamTimeoutMs: 300_000, upstreamConnections: 2 }, { cancellation });
    const call = getMe(side.upstream).catch((error: unknown) => error);
    await waitUntil(() => proxy.targets.length > 0);
    cancellation.cancel();
    expect(await call).toBeInstanceOf(Error);
    proxy.behaviour = tunnel;
    await using other = connectThrough(proxy, { upstreamTimeoutMs: 300_000 });
    expect((await getMe(other.upstream)).token).toBe(ada);
  });

  it('carries many calls at once over no more tunnels than connections', async () => {
    await using proxy = await startProxy(tunnel);
    await using side = connectThrough(proxy, {
      upstreamTimeoutMs: 300_000,
      upstreamConnections: 16,
      upstreamConcurrencyUnproven: 16,
    });
    const replies = await Promise.all(Array.from({ length: 200 }, () => getMe(side.upstream)));
    expect(replies.map(({ token }) => token)).toEqual(replies.map(() => ada));
    expect(proxy.targets.length).toBeLessThanOrEqual(16);
    await side.client.close();
    await waitUntil(() => proxy.open() === 0);
  });
});

it('an upstream that is silent in the TLS handshake has no connection left when the client stops', async () => {
  await using silent = await startProxy(() => {});
  const side = connectTo(`https://127.0.0.1:${new URL(silent.url).port}`, { upstreamTimeoutMs: 300_000 });
  const call = getMe(side.upstream).catch((error: unknown) => error);
  await waitUntil(() => silent.targets.length > 0);
  await side.client.close(0);
  expect(await call).toBeInstanceOf(Error);
  await waitUntil(() => silent.open() === 0);
});

it('a proxy with an IPv6 address reaches an upstream with one, by its address in brackets', async () => {
  await using upstream = await startWireServer((_request, response) => reply(response, { token: ada }));
  const port = Number(new URL(upstream.origin).port);
  await using proxy = await startProxy((client, target) => tunnel(client, target.replace('[::1]', '127.0.0.1')), '::1');
  await using side = connectTo(`http://[::1]:${port}`, { upstreamProxy: proxy.url });
  expect((await getMe(side.upstream)).token).toBe(ada);
  expect(proxy.targets).toEqual([`[::1]:${port}`]);
});

it('an event stream whose proxy dies is opened again once the proxy is back', async () => {
  await using proxy = await startProxy(tunnel);
  await using stack = await startStack({ config: { upstreamProxy: proxy.url } });
  const live = overWebSocket<{ connectionStatus: { state: string } }>(
    stack.gateway,
    'subscription { connectionStatus { state } }',
  );
  const until = async (state: string) => {
    while ((await live.next()).data?.connectionStatus.state !== state);
  };
  await until('LIVE');
  proxy.behaviour = (client) => void client.end('HTTP/1.1 503 No\r\n\r\n');
  proxy.drop();
  await until('RECONNECTING');
  const tried = proxy.targets.length;
  await waitUntil(() => proxy.targets.length > tried);
  proxy.behaviour = tunnel;
  await until('LIVE');
  await live.close();
  expect(stack.logLines.join()).not.toMatch(secrets);
});
