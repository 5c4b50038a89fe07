/** Connections to the upstream through an HTTP proxy (UPSTREAM_PROXY). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedSettings } from '../../src/config/changed-settings.ts';
import { parseConfig } from '../../src/config/config.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { ada } from '../support/endpoint-case.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { type Listening, listenOnLoopback } from '../support/loopback.ts';
import { selfSigned } from '../support/self-signed.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { connectTo, reply } from '../support/wire-server.ts';

interface Tunnel {
  readonly target: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

interface Proxy extends Listening {
  readonly tunnels: readonly Tunnel[];
  /** Tunnels that are open, and connections that wait for one. */
  readonly open: () => number;
  /** What the proxy could read of the clients' bytes. */
  readonly read: () => string;
}

/** @param status Of its responses; 0: it does not respond. */
async function startProxy(status = 200): Promise<Proxy> {
  const tunnels: Tunnel[] = [];
  const sockets = new Set<Socket>();
  let read = '';
  const server = createServer();
  server.on('connect', (request, client: Socket) => {
    tunnels.push({ target: request.url, headers: request.headers });
    sockets.add(client);
    client.on('error', () => {}).once('close', () => sockets.delete(client));
    if (status === 0) {
      // Half-open otherwise: a server reads a connection that it has upgraded no further.
      client.resume().once('end', () => client.end());
      return;
    }
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = request.url?.split(':') ?? [];
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (chunk) => (read += chunk.toString('latin1')));
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });
  const listening = await listenOnLoopback(server);
  return {
    url: listening.url,
    tunnels,
    open: () => sockets.size,
    read: () => read,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}

describe('a proxy in front of the upstream', () => {
  it('carries requests whose TLS ends at the upstream, with its login', async () => {
    const identity = selfSigned('upstream');
    await using server = await listenOnLoopback(
      createTlsServer(identity, (_message, response) => reply(response, { token: ada })),
    );
    await using proxy = await startProxy();
    const folder = await mkdtemp(join(tmpdir(), 'proxy-'));
    await writeFile(join(folder, 'ca.pem'), identity.cert);
    const { host } = new URL(server.url);
    await using side = connectTo(`https://${host}`, {
      upstreamCaFile: join(folder, 'ca.pem'),
      upstreamProxy: proxy.url.replace('//', '//ward%40one:p%3Aw@'),
    });
    expect((await getMe(side.upstream)).token).toBe(ada);
    expect((await getMe(side.upstream)).token).toBe(ada);
    // The second request uses the connection of the first.
    expect(proxy.tunnels).toEqual([{ target: host, headers: expect.objectContaining({ host }) }]);
    const [tunnel] = proxy.tunnels;
    expect(tunnel?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('ward@one:p:w').toString('base64')}`);
    expect(tunnel?.headers.authorization).toBeUndefined();
    expect(proxy.read()).not.toMatch(/\/v2\/|authorization/i);
    await rm(folder, { recursive: true });
  });

  it('carries event streams too', async () => {
    await using proxy = await startProxy();
    await using stack = await startStack({ config: { upstreamProxy: proxy.url } });
    expect((await stack.query('{ me { displayName } }')).data).toMatchObject({ me: { displayName: 'Ada Lovelace' } });
    const before = proxy.tunnels.length;
    const live = overWebSocket<{ connectionStatus: { state: string } }>(
      stack.gateway,
      'subscription { connectionStatus { state } }',
    );
    while ((await live.next()).data?.connectionStatus.state !== 'LIVE');
    expect(proxy.tunnels.length).toBe(before + 1);
    await live.close();
  });

  it('that rejects a tunnel is named in the log, and one that does not respond is given up', async () => {
    await using strict = await startProxy(407);
    await using rejected = connectTo('https://127.0.0.1:9', { upstreamProxy: strict.url, upstreamRetries: 0 });
    await expect(getMe(rejected.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(rejected.logLines.join()).toContain('"errorCode":"PROXY_STATUS_407"');

    await using silent = await startProxy(0);
    await using waiting = connectTo('https://127.0.0.1:9', { upstreamProxy: silent.url, upstreamTimeoutMs: 300 });
    // The deadlines of the tunnel and of the call are the same: either comes first.
    await expect(getMe(waiting.upstream)).rejects.toThrow(/The upstream (?:is unreachable|did not answer)/);
    await waitUntil(() => silent.tunnels.length > 0 && silent.open() === 0);
  });
});

describe('UPSTREAM_PROXY', () => {
  const upstream = { UPSTREAM_URL: 'https://api.example.org' };

  it('is an address of http, and in the log without its login', () => {
    const env = { ...upstream, UPSTREAM_PROXY: 'http://user:canary@proxy.example.org:3128' };
    expect(parseConfig(env).upstreamProxy).toBe(env.UPSTREAM_PROXY);
    expect(changedSettings(env)['UPSTREAM_PROXY']).toBe('http://proxy.example.org:3128/');
    for (const wrong of [
      'proxy:3128',
      'https://proxy',
      'socks5://proxy',
      'http://proxy/path',
      'http://a:%FF@proxy',
      'http://a:%@proxy',
    ])
      expect(() => parseConfig({ ...upstream, UPSTREAM_PROXY: wrong })).toThrow(
        'UPSTREAM_PROXY: expected an address such as',
      );
  });

  it('needs an upstream with TLS, so that it reads no credential', () => {
    const env = { UPSTREAM_URL: 'http://127.0.0.1:4010', UPSTREAM_PROXY: 'http://127.0.0.1:3128' };
    expect(() => parseConfig(env)).toThrow('UPSTREAM_URL: expected https with UPSTREAM_PROXY');
    expect(() => parseConfig({ ...env, UPSTREAM_ALLOW_HTTP: 'true' })).not.toThrow();
  });
});
