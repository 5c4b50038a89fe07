/** What clients send is held in proportion to its bytes, and up to a bound for all together. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { BodyBuffer } from '../../src/server/http/body/body-buffer.ts';
import { estimateJsonBytes, MemoryBudget, uncountedBytes } from '../../src/server/memory-budget.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { postText } from '../support/http-post.ts';
import { postMcp, toolCall } from '../support/mcp-request.ts';
import { openAcknowledged, openSocket, type RawSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { sendFrom } from '../support/send-from.ts';
import { basic, post, startStack } from '../support/stack.ts';

async function dial(url: string, head: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // reset by the gateway, where it rejects the rest
  await once(socket, 'connect');
  socket.write(head);
  return socket;
}

const head = (headers: Readonly<Record<string, string>>) =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

/** What comes on the connection, up to these words. */
async function answerUntil(socket: Socket, words: string): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk;
    if (text.includes(words)) break;
  }
  return text;
}

describe('a body in chunks', () => {
  it('takes memory in proportion to its bytes, however small the chunks are', () => {
    const body = new BodyBuffer();
    for (let byte = 0; byte < 100_000; byte++) body.add(Buffer.of(byte % 251));
    expect(body.content).toHaveLength(100_000);
    expect(body.content.every((value, index) => value === index % 251)).toBe(true);
    expect(body.capacity).toBeLessThanOrEqual(200_000);
  });

  const operation = JSON.stringify({ query: '{ me { displayName } }', variables: { a: 'ä'.repeat(1_500) } });
  const boundary = 'b';
  const multipart = [
    ['operations', operation],
    ['map', '{}'],
  ]
    .map(([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');

  it.each([
    ['POST', operation, { 'content-type': 'application/json' }],
    ['SSE', operation, { 'content-type': 'application/json', accept: 'text/event-stream' }],
    ['multipart', `${multipart}--${boundary}--\r\n`, { 'content-type': `multipart/form-data; boundary=${boundary}` }],
  ])('is read whole in chunks of one byte, over %s', async (_name, body, headers) => {
    await using stack = await startStack();
    const all = { ...headers, authorization: basic('ada'), 'transfer-encoding': 'chunked', connection: 'close' };
    const socket = await dial(stack.gateway.url, head(all));
    const bytes = [...Buffer.from(body)].map((byte) => Buffer.from([49, 13, 10, byte, 13, 10])); // `1`, CR, LF, the byte
    socket.write(Buffer.concat([...bytes, Buffer.from('0\r\n\r\n')]));
    const answer = '{"data":{"me":{"displayName":"Ada Lovelace"}}}';
    expect(await answerUntil(socket, answer)).toContain(answer);
  });

  it.each([
    ['POST', { 'content-type': 'application/json' }],
    ['SSE', { 'content-type': 'application/json', accept: 'text/event-stream' }],
    ['multipart', { 'content-type': `multipart/form-data; boundary=${boundary}` }],
  ])(
    'is rejected, and its connection closed, when it has thousands of tiny chunks, over %s',
    async (_name, headers) => {
      await using stack = await startStack();
      const socket = await dial(stack.gateway.url, head({ ...headers, 'transfer-encoding': 'chunked' }));
      socket.write('1\r\nx\r\n'.repeat(6_000));
      const answer = await answerUntil(socket, 'never');
      expect(answer).toContain('body: expected chunks of 16 bytes or more.');
      expect(answer).toContain('"BAD_USER_INPUT"');
      expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    },
  );

  it('is read whole from a WebSocket message in many small fragments, up to a bound', async () => {
    await using stack = await startStack();
    const { socket, message, closed } = await openAcknowledged(stack.gateway.url);
    const send = (id: string, fragments: number) => {
      const text = JSON.stringify({ id, type: 'subscribe', payload: { query: '{ me { displayName } }' } });
      const padded = text.padEnd(fragments);
      for (let at = 0; at < fragments; at++) {
        const isLast = at === fragments - 1;
        socket.send(isLast ? padded.slice(at) : padded.charAt(at), { fin: isLast });
      }
    };
    send('few', 500);
    expect(await message('next', 'few')).toMatchObject({ payload: { data: { me: { displayName: 'Ada Lovelace' } } } });
    send('many', 5_000);
    expect((await closed)[0]).toBe(1008);
  });
});

describe('a body that has been read', () => {
  const undeclared = 'x'.repeat(1_000_000);

  it.each(['application/json', 'text/event-stream'])(
    'is counted while its operation waits for its turn, when %s is accepted and no credential is sent',
    { timeout: 300_000 },
    async (accept) => {
      await build();
      await using sandbox = await startSandbox();
      await using gateway = await startGatewayProcess(sandbox.url, {
        flags: ['--max-old-space-size=96'],
        // A busy machine takes its time with them.
        env: { HEADERS_TIMEOUT_MS: '60000' },
      });
      const body = Buffer.from(JSON.stringify({ query: '{ me { id } }', variables: { undeclared } }));
      const headers = { 'content-type': 'application/json', accept };
      const send = () => postText(`${gateway.url}/graphql`, headers, body);
      for (const { text } of await Promise.all(Array.from({ length: 150 }, send)))
        expect(text).toMatch(/"code":"(?:UNAUTHENTICATED|RATE_LIMITED)"/);
    },
  );
  const operation = (index: number) => ({
    query: `query Q${index} { user(id: "grace@example.org") { displayName } }`,
    variables: { undeclared },
  });
  const grace = 'Grace Hopper';

  async function sendOverSse(url: string, index: number): Promise<string> {
    const headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: basic('ada'),
    };
    return (await postText(`${url}/graphql`, headers, JSON.stringify(operation(index)))).text;
  }

  async function sendOverSocket({ send, answer }: RawSocket, index: number): Promise<string> {
    const id = String(index);
    send({ type: 'subscribe', id, payload: operation(index) });
    return JSON.stringify(await answer(id));
  }

  async function callTool(url: string, index: number): Promise<string> {
    const call = { ...toolCall('User', { id: 'grace@example.org' }), id: index, undeclared };
    return (await postMcp(url, call)).text;
  }

  it.each(['POST', 'SSE', 'WebSocket', 'MCP'])(
    'is not held while its operation waits for the upstream, over %s',
    { timeout: 300_000 },
    async (transport) => {
      await build();
      await using sandbox = await startSandbox();
      // A heap that holds less than the texts.
      const options = {
        flags: ['--max-old-space-size=88'],
        env: {
          MCP: 'true',
          UPSTREAM_CONNECTIONS: '200',
          UPSTREAM_CONCURRENCY_PER_CALLER: '200',
          UPSTREAM_TIMEOUT_MS: '30000',
          OPERATION_TIMEOUT_MS: '40000',
          // The calls of a tool are equal.
          SHARED_QUERY_MS: '0',
        },
      };
      await using gateway = await startGatewayProcess(sandbox.url, options);
      const { url } = gateway;
      const callsMade = () => sandbox.requests.underWay + sandbox.requests.count('getUser', 'ada');
      await controlOf(sandbox).fault({ kind: 'delay', operationId: 'getUser', delayMs: 3_000 });
      const sockets = await Promise.all([1, 2].map(() => openAcknowledged(url, 'ada')));
      const answers: Promise<string>[] = [];
      for (let index = 0; index < 80; index++) {
        const socket = sockets[index % 2];
        if (transport === 'SSE') answers.push(sendOverSse(url, index));
        else if (transport === 'WebSocket' && socket !== undefined) answers.push(sendOverSocket(socket, index));
        else if (transport === 'MCP') answers.push(callTool(url, index));
        else answers.push(post(url, operation(index), 'ada').then((answer) => JSON.stringify(answer)));
        // A few at a time: bodies are counted until they have been read, and there is a bound.
        if (index % 4 === 3) await expect.poll(callsMade).toBe(index + 1);
      }
      for (const answer of await Promise.all(answers)) expect(answer).toContain(grace);
    },
  );
});

describe('bytes in the memory budget', () => {
  it('are bounded in total and per principal, and those of small requests are not counted', () => {
    const bytes = new MemoryBudget({ total: 400_000, largest: 40_000 });
    const holds = Array.from({ length: 40 }, (_, index) => bytes.reserve(() => (index < 20 ? undefined : `h${index}`)));
    for (const hold of holds) hold.resize(uncountedBytes);
    expect(bytes.size).toBe(0);
    const [first, second, ...others] = holds;
    first?.resize(uncountedBytes + 60_000);
    second?.resize(uncountedBytes + 40_000);
    expect(() => others[0]?.resize(uncountedBytes + 1)).toThrow('holds the maximum bytes');
    first?.release();
    others[0]?.resize(uncountedBytes + 60_000);
    for (const hold of holds.slice(20, 23)) hold.resize(uncountedBytes + 100_000);
    expect(bytes.size).toBe(400_000);
    expect(() => holds[25]?.resize(uncountedBytes + 1)).toThrow('holds the maximum bytes');
    for (const hold of [...holds, ...holds]) hold.release();
    expect(bytes.size).toBe(0);
  });

  it('are bounded by address where no credential is accepted: half of what is free, and two of the largest requests in any case', () => {
    const bytes = new MemoryBudget({ total: 800_000, largest: 20_000 });
    const hold = (address: string) => bytes.reserve(() => undefined, address);
    const [first, second, third, fourth] = [hold('a'), hold('a'), hold('b'), hold('c')];
    first.resize(uncountedBytes + 60_000);
    second.resize(uncountedBytes + 40_000);
    expect(() => first.resize(uncountedBytes + 60_001)).toThrow('holds the maximum bytes');
    third.resize(uncountedBytes + 50_000);
    fourth.resize(uncountedBytes + 40_000);
    expect(() => third.resize(uncountedBytes + 50_001)).toThrow('holds the maximum bytes');
    // An accepted credential has a quarter of its own, whatever its address.
    bytes.reserve(() => 'accepted', 'a').resize(uncountedBytes + 200_000);
    expect(bytes.size).toBe(390_000);
    for (const each of [first, second, third, fourth]) each.release();
    expect(bytes.size).toBe(200_000);
    hold('a').resize(uncountedBytes + 100_000);
  });

  it('of a value are counted by its size in memory', () => {
    expect(estimateJsonBytes({ a: 'x'.repeat(1_000) })).toBeGreaterThan(2_000);
    expect(estimateJsonBytes(JSON.parse(`[${'{},'.repeat(999)}{}]`))).toBeGreaterThan(70_000);
  });

  // One holder may have 131072 bytes.
  const config = { maxBodyBytes: 65_536, maxHeldBytes: 262_144 } as const;
  const json = { 'content-type': 'application/json', 'content-length': '60000' };

  it('of bodies that never end are rejected with a code, delay no small request, and are released when the client disconnects', async () => {
    await using stack = await startStack({ config: { ...config, mcp: true } });
    const part = '{"query":"{ __typename }","variables":{"a":"'.padEnd(50_000, 'x');
    const sockets = await Promise.all(Array.from({ length: 5 }, () => dial(stack.gateway.url, head(json) + part)));
    const words = '"code":"RATE_LIMITED"';
    const rejected = await Promise.race(sockets.map((socket) => answerUntil(socket, words)));
    expect(rejected).toContain(words);
    expect(rejected).toMatch(/^HTTP\/1.1 429 /);
    expect(rejected).toMatch(/\r\nretry-after: 1\r\n/i);
    const large = JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(60_000) } });
    const overSse = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const [sse, mcp] = [
      await postText(`${stack.gateway.url}/graphql`, overSse, large),
      await postMcp(stack.gateway.url, toolCall('Me', { a: 'x'.repeat(60_000) })),
    ];
    for (const { status, headers, text } of [sse, mcp]) {
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(text).toContain(words);
    }
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(async () => (await stack.query('{ me { id } }', { a: 'x'.repeat(50_000) }, 'grace')).errors)
      .toBeUndefined();
  });

  it('of bodies of one address that never end leave as much for those of another, over every transport', async () => {
    await using stack = await startStack({ config: { maxBodyBytes: 65_536, maxHeldBytes: 2_097_152, mcp: true } });
    const { url } = stack.gateway;
    const words = '"code":"RATE_LIMITED"';
    const sockets = await Promise.all(
      Array.from({ length: 16 }, () => dial(url, head(json) + '{'.padEnd(50_000, 'x'))),
    );
    expect(await Promise.race(sockets.map((socket) => answerUntil(socket, words)))).toContain(words);
    const large = JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(60_000) } });
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { a: 'x'.repeat(60_000) } });
    const send = (path: string, body: string, accept: string) => {
      const headers = { 'content-type': 'application/json', accept, authorization: basic('ada') };
      return sendFrom('127.0.0.2', `${url}${path}`, { method: 'POST', headers, body });
    };
    expect(await send('/graphql', large, '*/*')).toBe('{"data":{"__typename":"Query"}}');
    expect(await send('/graphql', large, 'text/event-stream')).toContain('{"data":{"__typename":"Query"}}');
    expect(await send('/mcp', call, 'application/json')).toContain('"tools":');
    for (const socket of sockets) socket.destroy();
  });

  it('of undeclared variables are released before the operation runs; those of declared ones are counted', async () => {
    await using stack = await startStack({ config });
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'delay', delayMs: 700 });
    const ask = (query: string, people: readonly string[]) =>
      Promise.all(people.map((as, index) => stack.query(query, { a: `${index}`.padEnd(25_000, 'x') }, as)));
    const ten = Array.from({ length: 10 }, () => 'ada');
    for (const { errors } of await ask('{ me { displayName } }', ten)) expect(errors).toBeUndefined();
    const query = 'query ($a: ID!) { user(id: $a) { displayName } me { id } }';
    const answers = ten.map((as, index) => stack.query(query, { a: `${index}`.padEnd(25_000, 'x') }, as));
    // One that does not fit ends at once, when the others hold their memory.
    expect((await Promise.race(answers)).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect((await stack.query('{ me { displayName } }', {}, 'grace')).errors).toBeUndefined();
    const codes = (await Promise.all(answers)).map(({ errors }) => errors?.[0]?.extensions.code);
    expect(codes).toContain('RATE_LIMITED');
    expect(codes.filter((code) => code !== 'RATE_LIMITED').length).toBeGreaterThan(0);
    await control.clearFaults();
    expect((await post(stack.gateway.url, { query: '{ me { id } }' })).errors).toBeUndefined();
  });

  it('of a socket are few before it is acknowledged, and bounded afterwards', async () => {
    await using stack = await startStack({ config: { ...config, maxBodyBytes: 262_144 } });
    const unknown = await openSocket(stack.gateway.url);
    unknown.socket.send('{"type":"connection_init","payload":{"a":"'.padEnd(70_000, 'x'), { fin: false });
    expect((await unknown.closed)[0]).toBe(1009);
    const sockets = await Promise.all(Array.from({ length: 4 }, () => openAcknowledged(stack.gateway.url)));
    for (const { socket } of sockets) socket.send('x'.repeat(200_000), { fin: false });
    const [code] = await Promise.race(sockets.map(({ closed }) => closed));
    expect(code).toBe(1013);
    const other = await openAcknowledged(stack.gateway.url);
    other.send({ type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } });
    await other.message('next', '1');
    for (const { socket } of [...sockets, other]) socket.terminate();
  });

  it('of a socket do not include pings and pongs, however many a client that only listens sends', async () => {
    await using stack = await startStack({ config: { ...config, maxBodyBytes: 32_768 } });
    const client = await openAcknowledged(stack.gateway.url);
    const { socket } = client;
    // Three times what one credential may hold, also within a message in fragments.
    const frames = Math.ceil((3 * config.maxHeldBytes) / 4 / 131) + 1_000;
    const text = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } });
    socket.send(text.slice(0, 20), { fin: false });
    for (let frame = 0; frame < frames; frame += 1) {
      if (frame % 2 === 0) socket.ping('x'.repeat(125));
      else socket.pong('x'.repeat(125));
    }
    socket.send(text.slice(20));
    expect(await client.answer('1')).toMatchObject({ type: 'next' });
    socket.terminate();
  });
});
