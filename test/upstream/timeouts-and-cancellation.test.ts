/** Calls end in time, and at once when the client leaves; the socket with them. */
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { openAttachment } from '../../src/upstream/endpoints/attachment.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada } from '../support/endpoint-case.ts';
import { ownTime } from '../support/own-time.ts';
import { createSignal } from '../support/signal.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

describe('a silent upstream', () => {
  it('is aborted at the deadline, and its socket is freed', async () => {
    const closed = createSignal();
    await using server = await startWireServer((_request, response) => void response.on('close', closed.fire));
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 1_000 }); // a busy machine sends it within that
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await closed.fired;
    expect(server.requests).toHaveLength(1);
  });

  it('is aborted at the operation’s deadline when that is earlier', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 60_000 }, { deadlineAt: performance.now() + 50 });
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('gets no call after the operation’s deadline', async () => {
    await using server = await startWireServer((_request, response) => reply(response, { token: ada }));
    await using side = connectTo(server.origin, {}, { deadlineAt: performance.now() - 1 });
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(server.requests).toHaveLength(0);
  });

  it('that sends single bytes has the same deadline', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(dripping));
    });
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 150 });
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });

  it('is aborted also by calls that wait for its connection', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 200, upstreamConnections: 1 });
    const calls = await Promise.allSettled([getMe(side.upstream), getMe(side.upstream), getMe(side.upstream)]);
    expect(calls.map((call) => call.status === 'rejected' && (call.reason as GatewayError).code)).toEqual([
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
    ]);
  });
});

describe('a client that disconnects', () => {
  it('ends all its calls, wherever they are, and their sockets', async () => {
    const arrived = createSignal();
    const closed = createSignal();
    await using server = await startWireServer((_request, response) => {
      arrived.fire();
      response.on('close', closed.fire);
    });
    const client = new AbortController();
    // One call runs, two wait for its connection.
    await using side = connectTo(
      server.origin,
      { upstreamConnections: 1 },
      { cancellation: cancellationOf(client.signal) },
    );
    const calls = Promise.allSettled([getMe(side.upstream), getMe(side.upstream), getMe(side.upstream)]);
    await arrived.fired;
    const leftAt = ownTime();
    client.abort();
    for (const call of await calls) {
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    }
    await closed.fired;
    // Promised within 100 ms; the rest is the test machine's.
    expect(ownTime() - leftAt).toBeLessThan(1000);
    expect(side.records.map(({ outcome }) => outcome)).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
    expect(side.logLines.filter((line) => line.includes('"level":"warn"'))).toEqual([]);
  });

  it('before the call makes none', async () => {
    await using server = await startWireServer((_request, response) => reply(response, { token: ada }));
    await using side = connectTo(server.origin, {}, { cancellation: cancellationOf(AbortSignal.abort()) });
    await expect(getMe(side.upstream)).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toHaveLength(0);
  });

  it('before there is a connection causes no request', async () => {
    await using server = await startWireServer((_request, response) => reply(response, { token: ada }));
    const client = new AbortController();
    await using side = connectTo(server.origin, { upstreamConnections: 1 });
    const left = getMe(
      side.client.for({
        ...side.upstream.caller,
        requestId: 'left',
        cancellation: cancellationOf(client.signal),
      }),
    );
    client.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect((await getMe(side.upstream)).token).toBe(ada);
    expect(server.requests.map(({ headers }) => headers['x-request-id'])).toEqual(['request-1']);
    // The connection that was being made for it serves the next.
    expect(server.connections).toBe(1);
  });

  it('rejects calls with the reason of the cancellation if it is a GatewayError', async () => {
    await using server = await startWireServer(() => {});
    const client = new AbortController();
    await using side = connectTo(server.origin, {}, { cancellation: cancellationOf(client.signal) });
    const call = getMe(side.upstream);
    client.abort(new GatewayError('SHUTTING_DOWN'));
    await expect(call).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('rejects calls with an AbortError for any other reason', async () => {
    await using server = await startWireServer(() => {});
    for (const reason of ['text', new Error('text'), 7]) {
      const client = new AbortController();
      await using side = connectTo(server.origin, {}, { cancellation: cancellationOf(client.signal) });
      const call = getMe(side.upstream);
      client.abort(reason);
      await expect(call).rejects.toMatchObject({ name: 'AbortError', message: 'The client left.' });
    }
  });

  it('does not end the next call over the same connection', async () => {
    let calls = 0;
    await using server = await startWireServer((_request, response) => {
      if (++calls > 1) reply(response, { token: ada });
    });
    await using side = connectTo(server.origin, { upstreamConnections: 1 });
    const client = new AbortController();
    const left = getMe(side.client.for({ ...side.upstream.caller, cancellation: cancellationOf(client.signal) }));
    await expect.poll(() => server.requests.length).toBe(1);
    const next = getMe(side.upstream);
    client.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect((await next).token).toBe(ada);
  });
});

describe('closing the client', () => {
  it('finishes calls in flight, rejects new ones and is idempotent', async () => {
    const arrived = createSignal();
    const answer = createSignal();
    await using server = await startWireServer((_request, response) => {
      arrived.fire();
      void answer.fired.then(() => reply(response, { token: ada }));
    });
    await using side = connectTo(server.origin);
    const call = getMe(side.upstream);
    await arrived.fired;
    const closed = Promise.all([side.client.close(), side.client.close()]);
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(openAttachment(side.upstream, 'm')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    answer.fire();
    expect((await call).token).toBe(ada);
    await closed;
    await expect.poll(() => server.sockets.size).toBe(0);
  });

  it('cuts off a download that exceeds the deadline', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200);
      response.write('first');
    });
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 2_000 }); // a busy machine opens it within that
    const { body } = await openAttachment(side.upstream, 'm');
    const failed = new Promise<Error>((resolve) => void body.on('error', resolve));
    body.resume();
    await side.client.close();
    expect(await failed).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
