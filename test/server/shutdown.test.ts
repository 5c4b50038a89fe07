import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { createSignal, type Signal } from '../support/signal.ts';
import { basic, post } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

/** One for each page size, because identical ones under way share one execution. */
const queryOf = (first: number) => `{ roster { entries(first: ${first}) { totalCount } } }`;
const query = queryOf(100);

/** Has the gateway write a line for each of so many calls that the upstream refuses; a long request id makes the lines long. */
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
  beforeAll(build, 180_000);

  it('stops cleanly as soon as it has said that it listens', async () => {
    const flags = [`--import=data:text/javascript,${encodeURIComponent(stoppedAtOnce)}`];
    await using gateway = await startGatewayProcess('http://127.0.0.1:1', { flags });
    expect(await gateway.exit).toBe(0);
    await expect.poll(() => gateway.output()).toContain('"msg":"stopped"');
  });

  it('finishes what is in flight over HTTP and WebSocket while clients keep on asking, and ends', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'delay', operationId: 'getRoster', delayMs: 600 });
    await using gateway = await startGatewayProcess(sandbox.url);
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
    // All that was asked before the signal has passed the gateway's door.
    await waitUntil(() => sandbox.requests.count('getRoster') === asked + 1);
    signal.at = performance.now();
    gateway.child.kill('SIGTERM');
    held.fire();

    expect(await gateway.exit).toBe(0);
    expect(performance.now() - signal.at).toBeLessThan(10_000);
    await Promise.all(load);
    const inFlight = outcomes.filter(({ startedAt }) => startedAt < signal.at);
    expect(inFlight.length).toBeGreaterThan(80);
    expect(inFlight.filter(({ ok }) => !ok)).toEqual([]);
    expect((await socket.closed)[0]).toBe(1001);
    expect(socket.messages.slice(1).map(({ type }) => type)).toEqual(['next', 'complete']);
  }, 60_000);

  it('ends although its output is no longer read', async () => {
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

  it('drops what its reader does not take, above a bound, and says how much it was', async () => {
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
    const end = performance.now() + 60_000;
    while (!isAccountedFor() && performance.now() < end) {
      await ask(rounds);
      rounds += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(isAccountedFor()).toBe(true);
    expect(lost()).toBeGreaterThan(0);
  }, 120_000);

  it('ends subscriptions with SHUTTING_DOWN and sockets with 1001, within a second', async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url);
    const idle = await openAcknowledged(gateway.url);
    const subscribed = await openAcknowledged(gateway.url, 'grace');
    subscribed.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { connectionStatus { state } }' } });
    await subscribed.message('next', '1');
    const startedAt = performance.now();
    gateway.child.kill('SIGTERM');
    expect((await idle.closed)[0]).toBe(1001);
    expect((await subscribed.closed)[0]).toBe(1001);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(JSON.stringify(subscribed.messages)).toContain('SHUTTING_DOWN');
    expect(await gateway.exit).toBe(0);
  }, 60_000);

  it('ends in time with clients that read nothing, send nothing, or wait for an upstream that is silent', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'stall' });
    await using gateway = await startGatewayProcess(sandbox.url, { env: { SHUTDOWN_TIMEOUT_MS: '2000' } });
    const { hostname, port } = new URL(gateway.url);
    const half = connect(Number(port), hostname);
    half.on('error', () => {});
    half.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{');
    const socket = await openAcknowledged(gateway.url);
    socket.socket.pause();
    const waiting = post(gateway.url, { query });
    await waitUntil(() => sandbox.requests.count('getRoster') === 1);
    const startedAt = performance.now();
    gateway.child.kill('SIGTERM');
    // It gets an error and is not cut off.
    expect((await waiting).errors?.[0]?.extensions).toMatchObject({ code: 'SHUTTING_DOWN', retryable: true });
    expect(await gateway.exit).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
    half.destroy();
    socket.socket.terminate();
  }, 60_000);

  it('ends in time with an operation that would not end by itself', async () => {
    await using sandbox = await startSandbox();
    await controlOf(sandbox).fault({ kind: 'stall', operationId: 'ackEvents' });
    const env = { SHUTDOWN_TIMEOUT_MS: '1000', OPERATION_TIMEOUT_MS: '60000', UPSTREAM_TIMEOUT_MS: '60000' };
    await using gateway = await startGatewayProcess(sandbox.url, { env });
    const acknowledge = 'mutation { acknowledgeEvents(input: { eventIds: ["x"] }) { acknowledgedEventIds } }';
    const waiting = post(gateway.url, { query: acknowledge });
    await waitUntil(() => sandbox.requests.count('ackEvents') === 1);
    const startedAt = performance.now();
    gateway.child.kill('SIGTERM');
    const expected = { code: 'SHUTTING_DOWN', outcome: 'UNKNOWN', retryable: true };
    expect((await waiting).errors?.[0]?.extensions).toMatchObject(expected);
    expect(await gateway.exit).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  }, 60_000);
});
