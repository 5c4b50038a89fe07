/** Downloads of files: streamed at the reader's speed, and aborted from either side. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { openAttachment } from '../../src/upstream/endpoints/attachment.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { upstreamStatus } from '../../src/upstream/transport/failure.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada } from '../support/endpoint-case.ts';
import { createSignal } from '../support/signal.ts';
import { authorization, connectTo, rejectWith, reply, startWireServer } from '../support/wire-server.ts';

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an attachment', () => {
  it('is streamed with its metadata', async () => {
    await using server = await startWireServer((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'image/png', 'content-length': '5', 'accept-ranges': 'bytes' })
        .end('bytes');
    });
    await using side = connectTo(server.origin);
    const { body, ...head } = await openAttachment(side.upstream, 'm-1');
    expect(head).toEqual({
      status: 200,
      contentType: 'image/png',
      contentLength: 5,
      contentRange: undefined,
      acceptRanges: 'bytes',
    });
    expect(await text(body)).toBe('bytes');
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      path: '/v2/message/m-1/attachment/1',
      headers: { authorization, accept: '*/*', 'x-request-id': 'request-1' },
    });
  });

  it('can be read in part', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 1-2/5' }).end('yt');
    });
    await using side = connectTo(server.origin);
    const { body, ...head } = await openAttachment(side.upstream, 'm-1', { range: 'bytes=1-2, 4-' });
    expect(head).toMatchObject({ status: 206, contentRange: 'bytes 1-2/5', contentLength: undefined });
    expect(await text(body)).toBe('yt');
    expect(server.requests[0]?.headers.range).toBe('bytes=1-2, 4-');
  });

  it('that is not ready is retryable', async () => {
    await using server = await startWireServer((_request, response) => void response.writeHead(202).end());
    await using side = connectTo(server.origin);
    await expect(openAttachment(side.upstream, 'm-1')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterSeconds: 1,
      retryable: true,
    });
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [416, 'BAD_USER_INPUT'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [302, 'UPSTREAM_INVALID'],
  ])('rejected with %i is %s, and the next one is served', async (status, code) => {
    let calls = 0;
    await using server = await startWireServer((_request, response) => {
      if (++calls === 1) rejectWith(response, status, { location: 'http://127.0.0.1:9/' });
      else response.end('bytes');
    });
    await using side = connectTo(server.origin, { upstreamTransfers: 1 });
    const error = await openAttachment(side.upstream, 'm-1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(upstreamStatus(error)).toBe(status);
    // With another credential: the gateway caches the rejection of one that got 401.
    const next = side.client.for({ credential: createCredential('Basic bmV4dDp4'), requestId: 'request-2' });
    expect(await text((await openAttachment(next, 'm-1')).body)).toBe('bytes');
  });
});

describe('a download', () => {
  const mebibyte = 1_048_576;

  it('goes no faster than its reader', async () => {
    let sent = 0;
    await using server = await startWireServer((_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = (): void => {
        while (sent < 20 * mebibyte) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    await using side = connectTo(server.origin);
    const { body } = await openAttachment(side.upstream, 'm-1');
    let before = -1;
    await expect
      .poll(
        () => {
          const stands = sent === before;
          before = sent;
          return stands;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(15 * mebibyte);
    expect(body.readableLength).toBeLessThan(mebibyte);
    let received = 0;
    for await (const chunk of body) received += chunk.length;
    expect(received).toBe(20 * mebibyte);
  });

  it.each(['destroyed by its reader', 'left by its client'])(
    '%s frees the upstream connection and its place',
    async (how) => {
      const closed = createSignal();
      await using server = await startWireServer(({ path }, response) => {
        if (path.includes('second')) return void response.end('bytes');
        response.on('close', closed.fire);
        response.write('first');
      });
      const client = new AbortController();
      await using side = connectTo(
        server.origin,
        { upstreamTransfers: 1 },
        { cancellation: cancellationOf(client.signal) },
      );
      const { body } = await openAttachment(side.upstream, 'm-1');
      body.on('error', () => {});
      if (how.startsWith('destroyed')) body.destroy();
      else client.abort();
      await closed.fired;
      expect(body.destroyed).toBe(true);
      const next = side.client.for({ credential: side.upstream.caller.credential, requestId: 'r' });
      expect(await text((await openAttachment(next, 'second')).body)).toBe('bytes');
    },
  );

  it('cut off by the upstream fails instead of looking complete', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('first');
      setImmediate(() => response.destroy());
    });
    await using side = connectTo(server.origin, { upstreamTransfers: 1 });
    for (let round = 0; round < 3; round++) {
      const failed = openAttachment(side.upstream, 'm-1').then(({ body }) => text(body));
      await expect(failed).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
  });

  it('that is never read does not block calls', async () => {
    await using server = await startWireServer(({ path }, response) => {
      if (path.startsWith('/v2/user')) reply(response, { token: ada });
      else response.write('first');
    });
    await using side = connectTo(server.origin, {
      upstreamConnections: 1,
      upstreamTransfers: 8,
      // Long enough for a busy machine to open two.
      upstreamTimeoutMs: 2_000,
    });
    const open = await Promise.all([openAttachment(side.upstream, 'a'), openAttachment(side.upstream, 'b')]);
    expect((await getMe(side.upstream)).token).toBe(ada);
    // A quarter of the places is one caller's share: the third waits, up to its deadline.
    await expect(openAttachment(side.upstream, 'c')).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    for (const { body } of open) body.destroy();
  });

  it.each(['the upstream stands still', 'its reader stands still'])('is cut off when %s', async (who) => {
    const closed = createSignal();
    await using server = await startWireServer((_request, response) => {
      response.on('close', closed.fire);
      if (who.startsWith('the upstream')) response.write('first');
      else response.write(Buffer.alloc(4 * mebibyte));
    });
    await using side = connectTo(server.origin, { upstreamStallMs: 150 });
    const { body } = await openAttachment(side.upstream, 'm-1');
    const failed = new Promise<Error>((resolve) => void body.on('error', resolve));
    if (who.startsWith('the upstream')) body.resume();
    expect(await failed).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await closed.fired;
  });

  it('rejected with an endless text instead of an envelope ends', async () => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      const writing = setInterval(() => response.write('x'.repeat(16_384)), 1);
      response.on('close', () => clearInterval(writing));
    });
    await using side = connectTo(server.origin);
    await expect(openAttachment(side.upstream, 'm-1')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('whose client disconnects before the headers arrive is not started', async () => {
    const closed = createSignal();
    const arrived = createSignal();
    await using server = await startWireServer((_request, response) => {
      response.on('close', closed.fire);
      arrived.fire();
    });
    const client = new AbortController();
    await using side = connectTo(server.origin, {}, { cancellation: cancellationOf(client.signal) });
    const opening = openAttachment(side.upstream, 'm-1');
    await arrived.fired;
    client.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    await closed.fired;
  });

  it('whose headers do not arrive in time is aborted', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, { upstreamTimeoutMs: 100 });
    await expect(openAttachment(side.upstream, 'm-1')).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  });
});
