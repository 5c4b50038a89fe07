import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { createSignal, type Signal } from '../support/signal.ts';
import { basic, post } from '../support/stack.ts';
import { waitUntil, within } from '../support/wait.ts';

/** One for each page size, because identical ones under way share one execution. */
const queryOf = (first: number) => `{ roster { entries(first: ${first}) { totalCount } } }`;
const query = queryOf(100);

/** Has the gateway write a line for each of so many calls that the upstream rejects; a long request id makes the lines long. */
async function writeLines(gateway: GatewayProcess, round: number, count: number): Promise<void> {
  const users = Array.from(
    { length: count },
    (_, index) => `u${index}: user(id: "${round}.${index}@example.org") { token }`,
  );
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: basic('ada'),
      'x-request-id': `${round}`.padEnd(128, '-'),
    },
    body: JSON.stringify({ query: `{ ${users.join(' ')} }` }),
  });
  expect(await response.json()).not.toHaveProperty('errors');
}

/** A line for each call, and no budget for new texts of a caller that reads nothing but what does not exist. */
const chatty = { LOG_LEVEL: 'debug', RATE_LIMIT: '0', UNPROVEN_WORK_PERCENT: '0' };

/** Nothing ends by a bound of its own within the 90 seconds that `within` waits. */
const patient = {
  SHUTDOWN_TIMEOUT_MS: '200000',
  OPERATION_TIMEOUT_MS: '200000',
  UPSTREAM_TIMEOUT_MS: '200000',
  HEADERS_TIMEOUT_MS: '200000',
  REQUEST_TIMEOUT_MS: '200000',
  KEEP_ALIVE_MS: '200000',
  WEBSOCKET_PING_MS: '200000',
};

/** Makes the program end itself, as an impatient supervisor would, in the very call that says that it listens. */
const stoppedAtOnce = `
  const { write } = process.stdout;
  process.stdout.write = function (text, ...rest) {
    const more = write.call(this, text, ...rest);
    if (String(text).includes('gateway is listening')) process.kill(process.pid, 'SIGTERM');
    return more;
  };
`;

describe('on SIGTERM', () => {
  beforeAll(build);

  it('stops cleanly as soon as it has logged that it listens', async () => {
    const flags = [`--import=data:text/javascript,${encodeURIComponent(stoppedAtOnce)}`];
    await using gateway = await startGatewayProcess('http://127.0.0.1:1', { flags });
    expect(await gateway.exit).toBe(0);
    await expect.poll(() => gateway.output()).toContain('"msg":"stopped"');
  });

  it('finishes work in flight over HTTP and WebSocket while clients continue to send requests, and ends', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'delay', operationId: 'getRoster', delayMs: 600 });
    await using gateway = await startGatewayProcess(sandbox.url, { env: patient });
    // The upstream has accepted the credential: forty first operations at once may exceed the budget of unknown ones.
    await post(gateway.url, { query: '{ me { displayName } }' });
    const signal = { at: Number.POSITIVE_INFINITY };
    const outcomes: { startedAt: number; ok: boolean; detail: unknown }[] = [];
    let hold: Signal | undefined;
    let asked = 0;
    const askAlways = async (client: number): Promise<void> => {
      for (let isUp = true; isUp; ) {
        await hold?.fired;
        const startedAt = performance.now();
        asked += 1;
        try {
          const { data, text } = await post(gateway.url, { query: queryOf(client) });
          outcomes.push({ startedAt, ok: data !== null && data !== undefined, detail: text });
        } catch (error) {
          outcomes.push({ startedAt, ok: false, detail: error });
          isUp = performance.now() < signal.at;
        }
      }
    };
    const load = Array.from({ length: 40 }, (_, client) => askAlways(client));
    const socket = await openAcknowledged(gateway.url);
    await waitUntil(() => sandbox.requests.count('getRoster') >= 80);
    const held = createSignal();
    hold = held;
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    // The gateway has accepted every request that was sent before the signal.
    await waitUntil(() => sandbox.requests.count('getRoster') === asked + 1);
    signal.at = performance.now();
    gateway.child.kill('SIGTERM');
    held.fire();

    expect(await within(gateway.exit)).toBe(0);
    await Promise.all(load);
    const inFlight = outcomes.filter(({ startedAt }) => startedAt < signal.at);
    expect(inFlight.length).toBeGreaterThan(80);
    expect(inFlight.filter(({ ok }) => !ok)).toEqual([]);
    expect((await socket.closed)[0]).toBe(1001);
    expect(socket.messages.slice(1).map(({ type }) => type)).toEqual(['next', 'complete']);
  });

  it('ends with an output that is no longer read', async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url);
    gateway.child.stdout?.destroy();
    expect((await post(gateway.url, { query: '{ me { displayName } }' })).errors).toBeUndefined();
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
  });

  it('writes the end of the log also when its output is read late', async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url, { env: chatty });
    const { child } = gateway;
    child.stdout?.pause();
    // Together they are more than the system holds.
    for (let round = 0; round < 50; round++) await writeLines(gateway, round, 25);
    child.kill('SIGTERM');
    setTimeout(() => child.stdout?.resume(), 300);
    expect(await gateway.exit).toBe(0);
    expect(gateway.output()).toContain('"msg":"stopped"');
    expect(gateway.output().length).toBeGreaterThan(300_000);
  });

  it('drops lines that its reader does not take, above a bound, and reports their number', async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url, { env: chatty });
    gateway.child.stdout?.pause();
    const ask = (round: number) => writeLines(gateway, round, 25);
    // Five thousand long lines are half as much again as waits in the gateway and in the system.
    for (let round = 0; round < 200; round += 4) await Promise.all([0, 1, 2, 3].map((more) => ask(round + more)));
    gateway.child.stdout?.resume();
    const written = () => [...gateway.output().matchAll(/"msg":"upstream call rejected"/g)].length;
    const lost = () =>
      [...gateway.output().matchAll(/"count":(\d+),"msg":"log lines were lost"/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    // The next line reports the lost ones, so there must be one after the reader has caught up.
    let rounds = 200;
    const isAccountedFor = () => written() + lost() === 25 * rounds;
    const end = performance.now() + 90_000;
    while (!isAccountedFor() && performance.now() < end) {
      await ask(rounds);
      rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(isAccountedFor()).toBe(true);
    expect(lost()).toBeGreaterThan(0);
  });

  it('ends subscriptions with SHUTTING_DOWN and sockets with 1001, at once', async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url, { env: patient });
    const idle = await openAcknowledged(gateway.url);
    const subscribed = await openAcknowledged(gateway.url, 'grace');
    subscribed.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { connectionStatus { state } }' } });
    await subscribed.message('next', '1');
    gateway.child.kill('SIGTERM');
    expect((await within(idle.closed))[0]).toBe(1001);
    expect((await within(subscribed.closed))[0]).toBe(1001);
    expect(JSON.stringify(subscribed.messages)).toContain('SHUTTING_DOWN');
    expect(await gateway.exit).toBe(0);
  });

  it('ends in time with clients that read nothing, send nothing, or wait for a silent upstream', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'stall' });
    const env = { ...patient, SHUTDOWN_TIMEOUT_MS: '2000' };
    await using gateway = await startGatewayProcess(sandbox.url, { env });
    const { hostname, port } = new URL(gateway.url);
    const half = connect(Number(port), hostname);
    half.on('error', () => {});
    half.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const socket = await openAcknowledged(gateway.url);
    socket.socket.pause();
    const waiting = post(gateway.url, { query });
    await waitUntil(() => sandbox.requests.count('getRoster') === 1);
    gateway.child.kill('SIGTERM');
    // It gets an error and is not cut off.
    expect((await waiting).errors?.[0]?.extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
    expect(await within(gateway.exit)).toBe(0);
    half.destroy();
    socket.socket.terminate();
  });

  it('ends in time with an operation that would not end by itself', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'stall', operationId: 'ackEvents' });
    const env = { ...patient, SHUTDOWN_TIMEOUT_MS: '1000' };
    await using gateway = await startGatewayProcess(sandbox.url, { env });
    const acknowledge = 'mutation { acknowledgeEvents(input: { eventIds: ["x"] }) { acknowledgedEventIds } }';
    const waiting = post(gateway.url, { query: acknowledge });
    await waitUntil(() => sandbox.requests.count('ackEvents') === 1);
    gateway.child.kill('SIGTERM');
    const expected = { code: 'SHUTTING_DOWN', outcome: 'UNKNOWN', retryable: true };
    expect((await waiting).errors?.[0]?.extensions).toMatchObject(expected);
    expect(await within(gateway.exit)).toBe(0);
  });
});
