import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { Acknowledger, type AcknowledgerOptions } from '../../src/events/acknowledgement/acknowledger.ts';
import { pass, passUntil, useTestClock } from '../support/test-clock.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

function acknowledgerOf(overrides: Partial<AcknowledgerOptions> = {}) {
  const calls: { readonly at: number; readonly ids: readonly string[] }[] = [];
  const confirmed: string[] = [];
  const abandoned: string[] = [];
  const rejected: GatewayError[] = [];
  let idle = 0;
  const acknowledger = new Acknowledger({
    send: async (sent) => {
      calls.push({ at: performance.now(), ids: sent });
    },
    maxCallsInFlight: 2,
    maxIds: 1_000,
    onConfirmed: (sent) => confirmed.push(...sent),
    onAbandoned: (given) => abandoned.push(...given),
    onCredentialRejected: (error) => rejected.push(error),
    onIdle: () => {
      idle += 1;
    },
    ...overrides,
  });
  return { acknowledger, calls, confirmed, abandoned, rejected, idle: () => idle };
}

describe('acknowledgement calls', () => {
  useTestClock();

  it('carry at most 50 ids each and are a second apart', async () => {
    const { acknowledger, calls, confirmed, idle } = acknowledgerOf();
    for (const id of ids(120)) acknowledger.add(id);
    await passUntil(() => confirmed.length === 120);
    expect(calls.map((call) => call.ids.length)).toEqual([50, 50, 20]);
    const pauses = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(990);
    await passUntil(() => idle() === 1);
    expect(acknowledger.pending).toBe(0);
  });

  it('are at most two at a time', async () => {
    const answers: (() => void)[] = [];
    const { acknowledger, confirmed } = acknowledgerOf({
      send: () => new Promise((resolve) => answers.push(resolve)),
    });
    for (const id of ids(150)) acknowledger.add(id);
    await passUntil(() => answers.length === 2);
    await pass(1_300); // long enough for a third, were it allowed
    expect(answers.length).toBe(2);
    answers[0]?.();
    await passUntil(() => answers.length === 3);
    for (const answer of answers) answer();
    await passUntil(() => confirmed.length === 150);
  });

  it('contain an id once, however often it is added while it is queued or in flight', async () => {
    const answers: (() => void)[] = [];
    const { acknowledger, confirmed } = acknowledgerOf({ send: () => new Promise((resolve) => answers.push(resolve)) });
    acknowledger.add('a');
    acknowledger.add('a');
    await passUntil(() => answers.length === 1);
    acknowledger.add('a');
    answers[0]?.();
    await passUntil(() => confirmed.length === 1);
    expect(acknowledger.pending).toBe(0);
  });

  it('are abandoned after four attempts, and at once when the upstream rejects the credential', async () => {
    let tries = 0;
    const failing = acknowledgerOf({
      send: async () => {
        tries += 1;
        throw new GatewayError('UPSTREAM_UNAVAILABLE');
      },
    });
    failing.acknowledger.add('a');
    const rejecting = acknowledgerOf({
      send: async () => {
        throw new GatewayError('UNAUTHENTICATED');
      },
    });
    rejecting.acknowledger.add('b');
    await passUntil(() => rejecting.abandoned.length === 1);
    expect(rejecting.rejected.map(({ code }) => code)).toEqual(['UNAUTHENTICATED']);
    await passUntil(() => failing.abandoned.length === 1);
    expect(tries).toBe(4);
    expect(failing.rejected).toEqual([]);
  });

  it('send the ids of clients first and separately, so that an invalid one fails no others', async () => {
    const { acknowledger, calls, confirmed } = acknowledgerOf({
      send: async (sent) => {
        calls.push({ at: performance.now(), ids: sent });
        if (sent.includes('wrong')) throw new GatewayError('BAD_USER_INPUT');
      },
    });
    for (const id of ids(10)) acknowledger.add(id);
    const wrong = expect(acknowledger.acknowledgeNow(['wrong'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await passUntil(() => confirmed.length === 10);
    await wrong;
    expect(calls.map((call) => call.ids.length)).toEqual([1, 10]);
  });

  it('are bounded: further ids are abandoned, and further ids of clients rejected', async () => {
    const { acknowledger, abandoned } = acknowledgerOf({ maxIds: 3 });
    for (const id of ids(5)) acknowledger.add(id);
    expect(abandoned).toEqual(['e3', 'e4']);
    await expect(acknowledger.acknowledgeNow(['w', 'x', 'y', 'z'])).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await acknowledger.close();
  });

  it('send pending ids on closing, and reject ids of clients after that', async () => {
    const { acknowledger, confirmed } = acknowledgerOf();
    for (const id of ids(130)) acknowledger.add(id);
    await acknowledger.close();
    expect(confirmed.length).toBe(100);
    await expect(acknowledger.acknowledgeNow(['x'])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    acknowledger.add('late');
    expect(acknowledger.pending).toBe(0);
  });
});
