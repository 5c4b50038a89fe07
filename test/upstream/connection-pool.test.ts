/** The number of sockets that calls take, and their reuse. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada } from '../support/endpoint-case.ts';
import { waitUntil } from '../support/wait.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

describe('calls', () => {
  it('one after the other share one socket', async () => {
    await using server = await startWireServer((_request, response) => reply(response, { token: ada }));
    await using side = connectTo(server.origin);
    for (let call = 0; call < 10; call++) await getMe(side.upstream);
    expect(server.connections).toBe(1);
  });

  it('at the same time use one per permit, and reuse them', async () => {
    await using server = await startWireServer((_request, response) => {
      setTimeout(() => reply(response, { token: ada }), 20);
    });
    await using side = connectTo(server.origin, { upstreamConnections: 3 });
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 12 }, () => getMe(side.upstream)));
      expect(server.connections).toBe(3);
    }
    expect(server.requests).toHaveLength(36);
  });

  it('that are aborted cost a socket each, and no other call', async () => {
    let isHanging = false;
    await using server = await startWireServer((_request, response) => {
      if (!isHanging) setTimeout(() => reply(response, { token: ada }), 20);
    });
    await using side = connectTo(server.origin, { upstreamConnections: 4 });
    // Accepted by the first call, the credential may use all connections.
    await getMe(side.upstream);
    await Promise.all(Array.from({ length: 4 }, () => getMe(side.upstream)));
    expect(server.connections).toBe(4);
    isHanging = true;
    const client = new AbortController();
    const leaving = { ...side.upstream.caller, cancellation: cancellationOf(client.signal) };
    const given = [1, 2].map(() => getMe(side.client.for(leaving)));
    await waitUntil(() => server.requests.length === 7);
    client.abort();
    expect((await Promise.allSettled(given)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isHanging = false;
    for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 4 }, () => getMe(side.upstream)));
    expect(server.connections).toBe(6);
    expect(server.requests).toHaveLength(19);
  });

  it('do not wait for a connection that is still connecting for an aborted one', async () => {
    // Accepts connections and writes nothing, so that no TLS handshake completes.
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const origin = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    for (const [upstreamConnections, expected] of [
      [4, 2],
      [1, 1],
    ] as const) {
      sockets.clear();
      await using side = connectTo(origin, { upstreamConnections, upstreamTimeoutMs: 1_000, upstreamRetries: 0 });
      const client = new AbortController();
      const left = getMe(side.client.for({ ...side.upstream.caller, cancellation: cancellationOf(client.signal) }));
      await waitUntil(() => sockets.size === 1);
      client.abort();
      await expect(left).rejects.toMatchObject({ name: 'AbortError' });
      const next = getMe(side.upstream).catch((error: unknown) => error);
      await waitUntil(() => sockets.size === expected);
      expect(await next).toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
      expect(sockets.size).toBe(expected);
    }
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
