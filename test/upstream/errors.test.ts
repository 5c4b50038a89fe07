/** Failures of the upstream, and the error codes that callers get for them. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { deleteGroup, groupLookup } from '../../src/upstream/endpoints/group.ts';
import { getMessageStatus, messageLookup } from '../../src/upstream/endpoints/message.ts';
import { getMetadata } from '../../src/upstream/endpoints/metadata.ts';
import { sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { isReachable } from '../../src/upstream/endpoints/server-status.ts';
import { getMe, lookupUser, lookupUsersBulk, userLookup } from '../../src/upstream/endpoints/user.ts';
import { isEndpointUnsupported, upstreamStatus } from '../../src/upstream/transport/failure.ts';
import type { Upstream } from '../../src/upstream/upstream.ts';
import { ada, grace } from '../support/endpoint-case.ts';
import { createSignal } from '../support/signal.ts';
import {
  type Answerer,
  authorization,
  connectTo,
  json,
  rejectWith,
  startWireServer,
  upstreamText,
} from '../support/wire-server.ts';

/** Error of a call that must not be repeated. */
async function failure(
  answer: Answerer,
  call: (upstream: Upstream) => Promise<unknown> = (up) => deleteGroup(up, ada),
) {
  await using server = await startWireServer(answer);
  await using side = connectTo(server.origin, { upstreamRetries: 0 });
  const error = await call(side.upstream).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return { error: error as GatewayError, side, server }; // asserted above
}

describe('a rejection', () => {
  it.each([
    [400, 'BAD_USER_INPUT'],
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'UPSTREAM_INVALID'],
    [408, 'UPSTREAM_TIMEOUT'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [416, 'BAD_USER_INPUT'],
    [418, 'UPSTREAM_INVALID'],
    [422, 'BAD_USER_INPUT'],
    [429, 'RATE_LIMITED'],
    [500, 'UPSTREAM_UNAVAILABLE'],
    [501, 'UPSTREAM_INVALID'],
    [502, 'UPSTREAM_UNAVAILABLE'],
    [503, 'UPSTREAM_UNAVAILABLE'],
    [504, 'UPSTREAM_UNAVAILABLE'],
  ] as const)('with status %i is %s and repeats no text', async (status, code) => {
    const { error, side } = await failure((_request, response) => rejectWith(response, status));
    expect(error.code).toBe(code);
    expect(upstreamStatus(error)).toBe(status);
    expect(`${error.message} ${String(error.cause)}`).not.toContain(upstreamText);
    expect(side.logLines).toHaveLength(1);
    expect(JSON.parse(side.logLines[0] ?? '')).toMatchObject({
      operationId: 'deleteGroup',
      status,
      code,
      requestId: 'request-1',
      attempt: 1,
      durationMs: expect.any(Number),
      caller: expect.any(String),
    });
    expect(side.records).toEqual([
      { operationId: 'deleteGroup', outcome: code, durationMs: expect.any(Number), attempt: 1 },
    ]);
  });

  it.each([400, 403, 404, 500, 502])(
    'with a page instead of JSON and status %i is not from the API',
    async (status) => {
      const { error } = await failure((_request, response) => {
        response.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${upstreamText}</h1>`);
      });
      expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
    },
  );

  it.each([
    [413, 'PAYLOAD_TOO_LARGE'],
    [429, 'RATE_LIMITED'],
  ])('with status %i from a proxy keeps its meaning', async (status, code) => {
    const { error } = await failure((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>no</h1>');
    });
    expect(error.code).toBe(code);
  });

  it('has the value of Retry-After, in seconds or as a date', async () => {
    const seconds = await failure((_request, response) => rejectWith(response, 429, { 'retry-after': '17' }));
    expect(seconds.error.retryAfterSeconds).toBe(17);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const dated = await failure((_request, response) => rejectWith(response, 503, { 'retry-after': date }));
    expect(dated.error.retryAfterSeconds).toBeGreaterThan(50);
    expect(dated.error.retryAfterSeconds).toBeLessThanOrEqual(60);
    const silly = await failure((_request, response) => rejectWith(response, 429, { 'retry-after': 'soon' }));
    expect(silly.error.retryAfterSeconds).toBe(1);
  });

  it('with an endless body instead of an envelope ends, and proves nothing', async () => {
    const { error, server } = await failure((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      const writing = setInterval(() => response.write('x'.repeat(16_384)), 1);
      response.on('close', () => clearInterval(writing));
    });
    expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(server.requests).toHaveLength(1);
  });
});

describe('a lookup of something absent', () => {
  it.each([403, 404])('yields undefined for status %i', async (status) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin);
    expect(await side.upstream.find(userLookup(ada))).toBeUndefined();
    expect(await side.upstream.find(groupLookup(ada))).toBeUndefined();
    expect(await side.upstream.find(messageLookup(ada))).toBeUndefined();
    expect(await getMessageStatus(side.upstream, ada)).toBeUndefined();
    expect(await lookupUser(side.upstream, ada)).toBeUndefined();
    await expect(getMetadata(side.upstream, ada)).rejects.toBeInstanceOf(GatewayError);
  });

  it.each([404, 405, 501])('in bulk detects a missing endpoint: %i', async (status) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin);
    const error = await lookupUsersBulk(side.upstream, [ada]).catch((reason: unknown) => reason);
    expect(isEndpointUnsupported(error)).toBe(true);
    expect(isEndpointUnsupported(new GatewayError('NOT_FOUND'))).toBe(false);
    expect(isEndpointUnsupported(new Error('x'))).toBe(false);
  });
});

describe('a probe', () => {
  it.each([
    [200, true],
    [401, true],
    [404, true],
    [503, false],
  ])('treats status %i as reachable: %s', async (status, reachable) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin);
    expect(await isReachable(side.upstream)).toBe(reachable);
  });
});

describe('a success', () => {
  it.each([
    ['garbage', '{"status":"succ'],
    ['a page', '<html></html>'],
    ['no object', '[]'],
    ['null', 'null'],
    ['a failure after all', `{"status":"fail","error":{"message":"${upstreamText}"}}`],
  ])('holding %s is UPSTREAM_INVALID', async (_name, body) => {
    const { error } = await failure(
      (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      getMe,
    );
    expect(error.code).toBe('UPSTREAM_INVALID');
    expect(error.message).not.toContain(upstreamText);
  });

  it('over the size limit is cut off', async () => {
    const cut = createSignal();
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const writing = setInterval(() => response.write(' '.repeat(65_536)), 1);
      response.on('close', () => {
        clearInterval(writing);
        cut.fire();
      });
    });
    await using side = connectTo(server.origin, { upstreamMaxReplyBytes: 200_000 });
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
    await cut.fired;
    expect(server.requests).toHaveLength(1);
  });

  it('under the size limit arrives whole, whatever its chunks', async () => {
    const name = 'é'.repeat(50_000);
    await using server = await startWireServer((_request, response) => {
      const body = Buffer.from(JSON.stringify({ reply: { token: ada, display_name: name } }));
      response.writeHead(200);
      for (let start = 0; start < body.length; start += 999) response.write(body.subarray(start, start + 999));
      response.end();
    });
    await using side = connectTo(server.origin);
    expect((await getMe(side.upstream)).displayName).toBe(name);
  });

  it('without the token of the sent message is UPSTREAM_INVALID', async () => {
    const { error } = await failure(
      (_request, response) => void response.writeHead(204).end(),
      (upstream) => sendMessage(upstream, { recipient: ada, body: 'x', requestId: 'r' }),
    );
    expect(error.message).toContain('sendMessage.TT-X-Message-Id');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 307, 308])('with status %i is not followed', async (status) => {
    await using elsewhere = await startWireServer((_request, response) =>
      json(response, 200, { reply: { token: ada } }),
    );
    await using server = await startWireServer((_request, response) => {
      response.writeHead(status, { location: `${elsewhere.origin}/v2/user` }).end();
    });
    await using side = connectTo(server.origin);
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
    expect(server.requests).toHaveLength(1);
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('is not a success with 304, except for a send', async () => {
    const { error } = await failure((_request, response) => void response.writeHead(304).end(), getMe);
    expect(error.code).toBe('UPSTREAM_INVALID');
  });
});

describe('a broken connection', () => {
  it.each([
    ['no server listens', undefined],
    ['it is cut before the answer', ''],
    ['it is cut within the headers', 'HTTP/1.1 200 OK\r\ncontent-ty'],
    ['it is cut within the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"reply":'],
    ['it is cut within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"reply":'],
    ['it does not speak HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ])('is UPSTREAM_UNAVAILABLE when %s', async (_name, bytes) => {
    await using upstream = await startTcpServer(bytes);
    await using side = connectTo(upstream.origin, { upstreamRetries: 0 });
    const error = await deleteGroup(side.upstream, ada).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await isReachable(side.upstream)).toBe(false);
  });
});

describe('errors and logs', () => {
  it('contain no credential, address, body or upstream text', async () => {
    const statuses = [400, 401, 403, 404, 409, 413, 429, 500, 503];
    const secrets = [upstreamText, authorization, 'test-secret', 'ada@example.org', 'message-body', ada, grace];
    for (const status of statuses) {
      await using server = await startWireServer((_request, response) =>
        rejectWith(response, status, { 'x-note': upstreamText }),
      );
      await using side = connectTo(server.origin, { upstreamRetries: 0 });
      const errors = await Promise.all(
        [
          sendMessage(side.upstream, { recipient: 'ada@example.org', body: 'message-body', requestId: 'r' }),
          lookupUsersBulk(side.upstream, [ada, grace]),
          getMetadata(side.upstream, 'ada@example.org'),
        ].map((call: Promise<unknown>) =>
          call.catch((error: Error) => `${error.stack} ${JSON.stringify(error)} ${error.cause}`),
        ),
      );
      for (const secret of secrets) {
        expect(errors.join()).not.toContain(secret);
        expect(side.logLines.join()).not.toContain(secret);
        expect(JSON.stringify(side.records)).not.toContain(secret);
      }
    }
  });
});

/** Answers every connection with these bytes and closes it; without bytes, no server listens. */
async function startTcpServer(bytes: string | undefined): Promise<{ origin: string } & AsyncDisposable> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(bytes ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (bytes === undefined) await close();
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => (bytes === undefined ? Promise.resolve() : close()),
  };
}
