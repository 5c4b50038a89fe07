import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/observability/log.ts';
import { overMultipart, overSse, overWebSocket } from '../support/live-subscription.ts';
import { openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const run = promisify(execFile);

type Line = Readonly<Record<string, unknown>>;

const linesOf = ({ logLines }: Stack, message: string): Line[] =>
  logLines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);

/** Several callers and operations: failures of one credential, or of one operation, are not the upstream's. */
async function askAsMany(stack: Stack): Promise<void> {
  for (const name of ['ada', 'grace', 'alan', 'edward']) {
    await stack.query('{ me { id } roster { entries { totalCount } } }', {}, name);
  }
}

describe('the log', () => {
  it('reports when the circuit opens, half-opens and closes, and samples the calls rejected in between', async () => {
    await using stack = await startStack({ config: { upstreamBreakerFailures: 3, upstreamBreakerPauseMs: 200 } });
    const control = controlOf(stack.sandbox);
    await control.fault({ kind: 'status', status: 503 });
    const since = performance.now();
    await expect
      .poll(async () => {
        await askAsMany(stack);
        return linesOf(stack, 'upstream circuit open').length;
      })
      .toBeGreaterThan(0);
    for (let index = 0; index < 100; index++) await stack.query(`query Q${index} { me { id } }`);
    expect(linesOf(stack, 'upstream circuit open')[0]).toMatchObject({ level: 'warn', delayMs: 200 });
    // Five of each kind in ten seconds: the upstream's 503, and the rejections of the open circuit.
    const windows = Math.ceil((performance.now() - since) / 10_000);
    expect(linesOf(stack, 'upstream call failed').length).toBeLessThanOrEqual(15 * windows);
    await control.clearFaults();
    await expect
      .poll(
        async () => {
          await askAsMany(stack);
          return linesOf(stack, 'upstream circuit closed').length;
        },
        { interval: 200 },
      )
      .toBe(1);
    expect(linesOf(stack, 'upstream circuit half-open').length).toBeGreaterThan(0);
  });

  it('names the reason for which the upstream cannot be reached: for a network, a certificate or a proxy', async () => {
    await using stack = await startStack({ config: { upstreamRetries: 0 } });
    await stack.sandbox.close();
    await stack.query('{ me { id } }');
    expect(linesOf(stack, 'upstream call failed')).toMatchObject([
      { level: 'warn', code: 'UPSTREAM_UNAVAILABLE', errorCode: 'ECONNREFUSED', operationId: 'getMe' },
    ]);
    const live = overWebSocket(stack.gateway, 'subscription { connectionStatus { state } }');
    await waitUntil(() => linesOf(stack, 'event stream lost: failed').length > 0);
    expect(linesOf(stack, 'event stream lost: failed')[0]).toMatchObject({ level: 'info', errorCode: 'ECONNREFUSED' });
    await live.close();
    expect(stack.logLines.filter((line) => line.includes(new URL(stack.sandbox.url).host))).toEqual([]);
  });

  it('counts lost and recovered event streams', async () => {
    await using stack = await startStack();
    const people = ['ada', 'grace', 'alan'];
    const query = 'subscription { connectionStatus { state } }';
    const live = people.map((as) =>
      overWebSocket<{ connectionStatus: { state: string } }>(stack.gateway, query, { as }),
    );
    const streams = async () => Object.keys(await controlOf(stack.sandbox).openStreams()).length;
    await expect.poll(streams).toBe(people.length);
    for (const each of live) while ((await each.next()).data?.connectionStatus.state !== 'LIVE');
    await controlOf(stack.sandbox).restart(200);
    const counted = (message: string) => linesOf(stack, message).reduce((sum, { count }) => sum + Number(count), 0);
    await expect.poll(() => counted('event streams back')).toBe(people.length);
    expect(counted('event streams lost')).toBe(people.length);
    for (const each of live) await each.close();
  });

  it('samples lines that clients can cause without limit: malformed frames and similar ones', async () => {
    await using stack = await startStack();
    const url = new URL(stack.gateway.url);
    for (let index = 0; index < 60; index++) {
      const socket = await openSocket(stack.gateway.url);
      // Reserved bits, which no negotiated extension uses.
      const carrier = (socket.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket; // as `ws` names it
      carrier.write(Buffer.from([0xff, 0x80, 0, 0, 0, 0]));
      await socket.closed;
    }
    for (let index = 0; index < 60; index++) {
      await new Promise((resolve) => {
        const socket = connect(Number(url.port), url.hostname)
          .on('error', () => {})
          .once('close', resolve);
        socket.end(
          'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"query"!',
        );
        socket.resume();
      });
    }
    expect(linesOf(stack, 'websocket failed').length).toBe(5);
    expect(stack.logLines.filter((line) => !line.includes('"level":"debug"')).length).toBeLessThan(20);
  });

  it('reports the number of omitted lines, by kind', () => {
    const lines: Line[] = [];
    const log = createLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
    for (let index = 0; index < 1_000; index++) {
      log.warn('websocket failed', { errorCode: 'A', requestId: String(index) });
      if (index % 2 === 0) log.warn('websocket failed', { errorCode: 'B' });
    }
    log.flush();
    expect(lines.length).toBe(12);
    expect(lines.slice(-2)).toMatchObject([
      { level: 'warn', msg: 'websocket failed (more of the same)', errorCode: 'A', count: 995 },
      { level: 'warn', msg: 'websocket failed (more of the same)', errorCode: 'B', count: 495 },
    ]);
    expect(JSON.stringify(lines.slice(-2))).not.toContain('requestId');
    log.warn('websocket failed', { errorCode: 'A' });
    expect(lines.at(-1)).toMatchObject({ msg: 'websocket failed' });
  });
});

describe('the access log', () => {
  const query = 'query Canary($id: ID!) { me { displayName } user(id: $id) { token } }';

  it('has a line for each operation, over every transport, without content', async () => {
    await using stack = await startStack({ config: { accessLog: true } });
    const variables = { id: 'canary@example.org' };
    const answer = await stack.query(query, variables);
    await stack.query('{ nothing }');
    const subscription = 'subscription Canary { connectionStatus { state } }';
    for (const subscribe of [overWebSocket, overSse, overMultipart]) {
      const live = subscribe(stack.gateway, subscription);
      await live.next();
      await live.close();
    }
    await expect.poll(() => linesOf(stack, 'operation').length).toBe(5);
    const [first, rejected, ...live] = linesOf(stack, 'operation');
    expect(first).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'operation',
      requestId: expect.any(String),
      caller: expect.any(String),
      transport: 'http',
      type: 'query',
      operation: createHash('sha256').update(query).digest('hex').slice(0, 16),
      code: 'OK',
      durationMs: expect.any(Number),
      upstreamCalls: stack.sandbox.requests.count('getMe') + stack.sandbox.requests.count('getUser'),
      bytes: Buffer.byteLength(answer.text),
    });
    expect(rejected).toMatchObject({ type: 'unknown', code: 'GRAPHQL_VALIDATION_FAILED', upstreamCalls: 0 });
    expect(live.map(({ transport, type }) => `${transport} ${type}`)).toEqual([
      'websocket subscription',
      'sse subscription',
      'multipart subscription',
    ]);
    for (const { count, code } of live) expect([Number(count) > 0, code]).toEqual([true, 'OK']);
    expect(stack.logLines.join()).not.toMatch(/canary/i);
  });

  it('names registered operations', async () => {
    await using stack = await startStack({
      config: { accessLog: true, persistedOperations: 'allow', logLevel: 'silent' },
    });
    const manifest = readFileSync(new URL('../../schema/persisted-operations.json', import.meta.url), 'utf8');
    const texts = Object.values(JSON.parse(manifest) as Record<string, string>);
    const text = texts.find((each) => /query Me\b/.test(each));
    await stack.query(text ?? '');
    expect(linesOf(stack, 'operation')).toMatchObject([{ operation: 'Me', code: 'OK' }]);
  });

  it('is written several lines at a time, in order with other lines, and completely at a crash', async () => {
    const ended = await Promise.all(
      ['crash', 'end'].map((ending) =>
        run(process.execPath, ['--import', 'tsx', 'test/support/log-lines.ts', ending]).then(
          (output) => ({ code: 0, ...output }),
          (failure: { code: number; stdout: string; stderr: string }) => failure,
        ),
      ),
    );
    expect(ended.map(({ code }) => code)).toEqual([1, 0]);
    for (const { stdout, stderr } of ended) {
      const lines = stdout.split('\n').slice(0, -1);
      const numbers = lines.map((line) => Number(JSON.parse(line).requestId));
      expect(numbers).toEqual(Array.from({ length: 1_007 }, (_, index) => index));
      // For a thousand lines in a hundred turns of the event loop: about ten, and on a busy machine at most one a turn.
      const writes = Number.parseInt(stderr, 10); // the stack of the error comes after it
      expect(writes).toBeGreaterThan(0);
      expect(writes).toBeLessThanOrEqual(100);
    }
  });

  it('is off by default', async () => {
    await using stack = await startStack();
    await stack.query(query, { id: 'ada' });
    expect(linesOf(stack, 'operation')).toEqual([]);
  });
});
