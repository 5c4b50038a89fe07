/** Proxies between gateway and upstream that respond in its place or change its responses: HTML pages, interim responses, codings. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, constants, createBrotliCompress, createDeflate, createGzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultOrderInput } from '../../src/sandbox/faults/faults.ts';
import { openAttachment } from '../../src/upstream/endpoints/attachment.ts';
import { messageLookup } from '../../src/upstream/endpoints/message.ts';
import { getMe, userLookup } from '../../src/upstream/endpoints/user.ts';
import { build } from '../support/build.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { ada as adaToken } from '../support/endpoint-case.ts';
import { nextEvent, startEventHub } from '../support/event-hub.ts';
import { frame } from '../support/event-upstream.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { ownTime } from '../support/own-time.ts';
import { present } from '../support/present.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { basic, post, type Stack, startStack } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';
import { waitUntil } from '../support/wait.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));

let stack: Stack;
let control: SandboxControl;
let grace: DemoPerson;
let fileUrl: string;

const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { body attachments { url } } } }';
const upload = (body: string) =>
  postForm(
    stack.gateway.url,
    uploadForm(send, { input: { recipient: grace.id, body, attachment: null } }, new File([bytes], 'a.bin')),
  );
const download = (headers: Record<string, string> = {}) =>
  fetch(`${stack.gateway.url}${fileUrl}`, { headers: { authorization: basic('ada'), ...headers } });

beforeAll(async () => {
  stack = await startStack({ config: { upstreamRetries: 0, upstreamBreakerFailures: 10_000 } });
  control = controlOf(stack.sandbox);
  grace = await demoPerson(stack, 'grace');
  const { data } = await upload('first');
  fileUrl = present(data).sendMessage.message.attachments[0].url;
});
beforeEach(() => control.clearFaults());
afterAll(() => stack[Symbol.asyncDispose]());

/** The event stream meets the fault once, and then a message comes. */
async function liveAfter(fault: FaultOrderInput, text: string): Promise<void> {
  while (((await control.openStreams())['ada'] ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stack.sandbox.requests.reset();
  await control.fault({ ...fault, operationId: 'createEvents', count: 1 });
  await using live = overWebSocket<{ messageReceived: { message: { body: string } | null } }>(
    stack.gateway,
    'subscription { messageReceived { message { body } } }',
  );
  await waitUntil(() => stack.sandbox.requests.counts('ada')['createEvents'] !== undefined);
  await grace.ask(
    'mutation ($to: ID!, $b: String!) { sendMessage(input: { recipient: $to, body: $b }) { message { id } } }',
    {
      to: 'ada@example.org',
      b: text,
    },
  );
  for (;;) {
    const { data, errors } = await live.next();
    expect(errors).toBeUndefined();
    if (data?.messageReceived.message?.body === text) return;
  }
}

describe('a page of a proxy', () => {
  const pages: readonly (readonly [number, 'html' | 'text' | 'empty'])[] = [
    [401, 'html'],
    [401, 'empty'],
    [403, 'html'],
    [403, 'text'],
    [404, 'html'],
    [404, 'text'],
    [400, 'html'],
    [405, 'html'],
  ];

  it.each(pages)('with status %i as %s is an outage for a query, an upload and a download', async (status, form) => {
    const fault = { kind: 'status', status, form } as const;
    await control.fault({ ...fault, operationId: 'getMe', count: 1 });
    const query = await stack.query('{ me { id } }');
    expect(query.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    await control.fault({ ...fault, operationId: 'sendMessage', count: 1 });
    expect((await upload('x')).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    await control.fault({ ...fault, operationId: 'getMessageAttachment', count: 1 });
    const file = await download();
    expect(file.status).toBe(502);
    expect(await file.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });
  });

  it('does not make an existing user look absent', async () => {
    await control.fault({ kind: 'status', status: 404, form: 'text', operationId: 'getUser', count: 1 });
    const { data, errors } = await stack.query('query ($id: ID!) { user(id: $id) { displayName } }', { id: 'grace' });
    expect(data).toEqual({ user: null });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  it('does not disable the bulk read', async () => {
    const users = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName } }';
    const ids = [grace.id, (await demoPerson(stack, 'florence')).id];
    await control.fault({ kind: 'status', status: 404, form: 'html', operationId: 'lookupUsersBulk', count: 1 });
    await stack.query(users, { ids });
    stack.sandbox.requests.reset();
    expect((await stack.query(users, { ids })).errors).toBeUndefined();
    expect(stack.sandbox.requests.counts('ada')).toEqual({ lookupUsersBulk: 1 });
  });

  it.each(pages)('with status %i as %s ends no subscription', async (status, form) => {
    await liveAfter({ kind: 'status', status, form }, `after ${status} ${form}`);
  });

  it('as other JSON rejects no credential either', async () => {
    await using harness = await startEventHub();
    let pages = 0;
    harness.upstream.onOpen = (_request, response) => {
      pages += 1;
      if (pages > 1) return false;
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}');
      return true;
    };
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
  });

  it('that never ends is aborted like a missing response', async () => {
    await using harness = await startEventHub({ streamOpenTimeoutMs: 200 });
    harness.upstream.onOpen = (_request, response) => {
      if (harness.upstream.attempts.length > 1) return false;
      response.writeHead(401, { 'content-type': 'text/html' }).write('<html>');
      return true;
    };
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
  });

  it('with 200 in place of a reply breaks the contract', async () => {
    await control.fault({ kind: 'html', status: 200, operationId: 'getMe', count: 1 });
    expect((await stack.query('{ me { id } }')).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID' } }]);
    await liveAfter({ kind: 'html', status: 200 }, 'after a page');
  });
});

describe('interim responses', () => {
  it.each([100, 102, 103] as const)('with status %i are skipped by every kind of call', async (status) => {
    const fault = { kind: 'interim', status, count: 1 } as const;
    await control.fault({ ...fault, operationId: 'getMe' });
    expect((await stack.query('{ me { displayName } }')).data).toEqual({ me: { displayName: 'Ada Lovelace' } });
    await control.fault({ ...fault, operationId: 'sendMessage' });
    expect((await upload(`interim ${status}`)).data).toMatchObject({
      sendMessage: { message: { body: `interim ${status}` } },
    });
    await control.fault({ ...fault, operationId: 'getMessageAttachment' });
    expect(Buffer.from(await (await download()).arrayBuffer()).equals(bytes)).toBe(true);
    await liveAfter(fault, `after ${status}`);
    expect(stack.sandbox.requests.counts('ada')['createEvents']).toBe(1);
  });

  it('may be many and split anywhere, without effect on the response', async () => {
    const body = JSON.stringify({
      status: 'success',
      reply: { token: adaToken, display_name: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 000' },
    });
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\nx: 1\r\n\r\n';
    const answer = `${interim}\r\n${interim}HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    await using server = await startAnswering(async (socket, round) => {
      for (let at = 0; at < answer.length; at += round) {
        socket.write(answer.slice(at, at + round));
        if (round < 40) await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await using side = connectTo(server.origin);
    for (let round = 1; round < 60; round += 1) {
      server.round = round;
      expect((await getMe(side.upstream)).displayName).toBe('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 000');
    }
    expect(server.connections).toBe(1);
  });

  it.each([
    'HTTP/1.1 000 Nothing',
    'HTTP/1.1 099 X',
    'HTTP/1.1 101 Switching',
    'HTTP/1.1 20 X',
    'HTTP/2 200',
    'nonsense',
  ])('that are malformed, such as "%s", fail their call only', async (line) => {
    for (const operationId of ['getMe', 'sendMessage', 'getMessageAttachment']) {
      await control.fault({ kind: 'status-line', line, operationId, count: 1 });
    }
    const code = expect.stringMatching(/^UPSTREAM_(INVALID|UNAVAILABLE)$/);
    expect((await stack.query('{ me { id } }')).errors).toMatchObject([{ extensions: { code } }]);
    expect((await upload('x')).errors).toMatchObject([{ extensions: { code } }]);
    expect(await (await download()).json()).toMatchObject({ errors: [{ extensions: { code } }] });
    await liveAfter({ kind: 'status-line', line }, `after ${line}`);
    expect((await stack.query('{ me { displayName } }')).errors).toBeUndefined();
  });

  it('that are malformed do not stop the built program', async () => {
    await build();
    await using server = await startAnswering(async (socket) => {
      socket.end('HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n');
    });
    await using gateway = await startGatewayProcess(server.origin, { env: { UPSTREAM_RETRIES: '0' } });
    const now = () => ownTime(gateway.child.pid ?? 0);
    const before = now();
    const { errors } = await post(gateway.url, { query: '{ me { id } }' });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID' } }]);
    expect(now() - before).toBeLessThan(3_000); // it was 6 to 9 s, during which nothing else ran
  });
});

describe('an unrequested content coding', () => {
  it('is excluded by the headers of every call', async () => {
    const asked: unknown[] = [];
    await using server = await startWireServer((request, response) => {
      asked.push(request.headers['accept-encoding']);
      reply(response, { token: adaToken });
    });
    await using side = connectTo(server.origin);
    await getMe(side.upstream);
    (await openAttachment(side.upstream, 'm-1')).body.destroy();
    await using harness = await startEventHub();
    harness.subscribe();
    asked.push((await harness.upstream.stream()).headers['accept-encoding']);
    expect(asked).toEqual(['identity', 'identity', 'identity']);
  });

  it.each(['gzip', 'deflate', 'br'] as const)(
    '%s is decoded for replies, rejections, uploads and downloads',
    async (coding) => {
      const fault = { kind: 'coded', coding, count: 1 } as const;
      await control.fault({ ...fault, operationId: 'getMe' });
      expect((await stack.query('{ me { displayName } }')).data).toEqual({ me: { displayName: 'Ada Lovelace' } });
      await control.fault({ ...fault, operationId: 'getUser' });
      const nobody = { id: '00000000-0000-4000-8000-000000000000' };
      const { data, errors } = await stack.query('query ($id: ID!) { user(id: $id) { displayName } }', nobody);
      expect({ data, errors }).toEqual({ data: { user: null }, errors: undefined });
      await control.fault({ ...fault, operationId: 'sendMessage' });
      expect((await upload(coding)).data).toMatchObject({ sendMessage: { message: { body: coding } } });
      await control.fault({ ...fault, operationId: 'getMessageAttachment' });
      const file = await download();
      expect(Object.fromEntries(file.headers)).not.toHaveProperty('content-encoding');
      expect(file.headers.get('content-length')).toBeNull();
      expect(file.headers.get('accept-ranges')).toBeNull();
      expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
    },
  );

  it('of a range of a file cannot be decoded, and breaks the contract', async () => {
    await control.fault({ kind: 'coded', operationId: 'getMessageAttachment', count: 1 });
    const file = await download({ range: 'bytes=0-9' });
    expect(file.status).toBe(502);
    expect(await file.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_INVALID' } }] });
  });

  it.each([
    ['one that is unknown', { 'content-encoding': 'zstd' }, Buffer.from('x')],
    ['several', { 'content-encoding': 'gzip, br' }, gzipSync('{}')],
    ['one that it has not', { 'content-encoding': 'gzip' }, Buffer.from('{"status":"success"}')],
    ['one that breaks off', { 'content-encoding': 'gzip' }, gzipSync('{"status":"success"}').subarray(0, 20)],
    [
      'a thousandfold one over the bound',
      { 'content-encoding': 'br' },
      brotliCompressSync(Buffer.alloc(3_000_000, ' ')),
    ],
  ])('%s is UPSTREAM_INVALID', async (_name, headers, body) => {
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
    });
    await using side = connectTo(server.origin, { upstreamMaxReplyBytes: 1_000_000 });
    await expect(side.upstream.find(userLookup(adaToken))).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
    await expect(side.upstream.find(messageLookup('m'))).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it('that is invalid in the middle of a file cuts it off', async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 500_000 }, () => Math.random() * 256)));
    await using server = await startWireServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.write(whole.subarray(0, 300_000));
      setTimeout(() => response.destroy(), 20);
    });
    await using side = connectTo(server.origin);
    const { body } = await openAttachment(side.upstream, 'm-1');
    const failed = new Promise<Error>((resolve) => void body.on('error', resolve));
    body.resume();
    expect(await failed).toBeInstanceOf(Error);
    expect(side.client.load).toEqual({ running: 0, waiting: 0 });
  });

  it.each([
    ['gzip', () => createGzip({ flush: constants.Z_SYNC_FLUSH })],
    ['deflate', () => createDeflate({ flush: constants.Z_SYNC_FLUSH })],
    ['br', () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
  ] as const)('%s of an event stream is decoded frame by frame', async (coding, compressing) => {
    await using harness = await startEventHub();
    let write = (_text: string) => {};
    harness.upstream.onOpen = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
      const compressor = compressing();
      compressor.pipe(response);
      write = (text) => void compressor.write(text);
      write(frame('a', 'tigertext:iq:update:tag', { token: 'a' }));
      return true;
    };
    const subscription = harness.subscribe();
    expect((await nextEvent(subscription)).id).toBe('a');
    write(frame('b', 'tigertext:iq:update:tag', { token: 'b' }));
    expect((await nextEvent(subscription)).id).toBe('b');
    expect(harness.upstream.attempts).toHaveLength(1);
  });
});

interface Answering extends AsyncDisposable {
  readonly origin: string;
  readonly connections: number;
  round: number;
}

/** A server of plain sockets that answers every request with what `answer` writes. */
async function startAnswering(answer: (socket: Socket, round: number) => Promise<void>): Promise<Answering> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}); // clients that leave
    socket.on('data', () => void answer(socket, answering.round));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answering = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    round: 1,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return answering;
}
