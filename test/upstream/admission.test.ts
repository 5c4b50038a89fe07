/** How many calls run and wait: for all callers, for each, and in whose turn. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { FairSemaphore, type Waiter } from '../../src/upstream/transport/admission/admission.ts';
import { ada } from '../support/endpoint-case.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

const bounds = { permits: 2, permitsPerCaller: 2, queue: 100, queuePerCaller: 100 };

class Waiting implements Waiter {
  callerQueue: Waiter['callerQueue'];
  owner: object | undefined;
  prev: Waiter | undefined;
  next: Waiter | undefined;
  readonly onAcquired: () => void;

  constructor(onAcquired: () => void) {
    this.onAcquired = onAcquired;
  }
}

/** Enters and notes the name once a place is granted. */
function enter(semaphore: FairSemaphore, key: string, name: string, granted: string[]): Waiter {
  const entrant = new Waiting(() => granted.push(name));
  const admission = semaphore.acquire(key, entrant);
  if (admission === 'acquired') granted.push(name);
  else if (admission !== 'waiting') granted.push(`${name} refused by ${admission}`);
  return entrant;
}

/** Waits for the microtask that notifies waiters with a permit. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('places', () => {
  it('go to waiting callers in turn, not to the longest queue', async () => {
    const semaphore = new FairSemaphore(bounds);
    const granted: string[] = [];
    const busy = [1, 2, 3, 4, 5].map((call) => enter(semaphore, 'busy', `busy ${call}`, granted));
    const quiet = enter(semaphore, 'quiet', 'quiet 1', granted);
    enter(semaphore, 'other', 'other 1', granted);
    for (const call of busy.slice(0, 2)) semaphore.release(call);
    await settled();
    semaphore.release(quiet);
    await settled();
    expect(granted).toEqual(['busy 1', 'busy 2', 'quiet 1', 'other 1', 'busy 3']);
    expect([semaphore.running, semaphore.waiting]).toEqual([2, 2]);
  });

  it('beyond a caller’s own bound stay free for others', () => {
    const semaphore = new FairSemaphore({ ...bounds, permits: 3, permitsPerCaller: 1 });
    const granted: string[] = [];
    enter(semaphore, 'a', 'a 1', granted);
    enter(semaphore, 'a', 'a 2', granted);
    enter(semaphore, 'b', 'b 1', granted);
    expect(granted).toEqual(['a 1', 'b 1']);
  });

  it('are refused when a queue is full, naming whose', () => {
    const semaphore = new FairSemaphore({ permits: 1, permitsPerCaller: 1, queue: 3, queuePerCaller: 2 });
    const granted: string[] = [];
    for (let call = 1; call <= 4; call++) enter(semaphore, 'a', `a ${call}`, granted);
    enter(semaphore, 'b', 'b 1', granted);
    enter(semaphore, 'c', 'c 1', granted);
    expect(granted).toEqual(['a 1', 'a 4 refused by caller', 'c 1 refused by all']);
    expect(semaphore.callers).toBe(2);
  });

  it('are not lost by calls that leave the queue, and nothing is kept of idle callers', async () => {
    const semaphore = new FairSemaphore({ ...bounds, permits: 1 });
    const granted: string[] = [];
    const first = enter(semaphore, 'a', 'a 1', granted);
    const leaving = [0, 1].map((index) => enter(semaphore, `leaver ${index}`, `leaver ${index}`, granted));
    const last = enter(semaphore, 'b', 'b 1', granted);
    expect(leaving.map((waiter) => semaphore.cancelWait(waiter))).toEqual([true, true]);
    semaphore.release(first);
    await settled();
    expect(granted).toEqual(['a 1', 'b 1']);
    expect([first, ...leaving, last].map((waiter) => semaphore.cancelWait(waiter))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    semaphore.release(last);
    expect([semaphore.callers, semaphore.running, semaphore.waiting]).toEqual([0, 0, 0]);
  });

  it('are shared by callers that the upstream has not accepted, and by no call of the others', async () => {
    const unaccepted = {
      permits: 2,
      permitsPerCaller: 1,
      queue: 3,
      isAccepted: (key: string) => key.startsWith('good'),
    };
    const semaphore = new FairSemaphore({
      permits: 4,
      permitsPerCaller: 4,
      queue: 100,
      queuePerCaller: 100,
      unaccepted,
    });
    const granted: string[] = [];
    const [first] = Array.from({ length: 6 }, (_, index) => enter(semaphore, `${index}`, `unknown ${index}`, granted));
    const good = [0, 1, 2].map((call) => enter(semaphore, 'good', `good ${call}`, granted));
    expect(granted).toEqual(['unknown 0', 'unknown 1', 'unknown 5 refused by all', 'good 0', 'good 1']);
    // Turns are taken by the groups, however many callers one of them has.
    if (first !== undefined) semaphore.release(first);
    await settled();
    enter(semaphore, 'good too', 'good too', granted);
    for (const call of good.slice(0, 2)) semaphore.release(call);
    await settled();
    expect(granted.slice(5)).toEqual(['good 2', 'unknown 2', 'good too']);
    expect([semaphore.running, semaphore.waiting]).toEqual([4, 2]);
  });

  it('are no longer shared with those that are not accepted once the upstream accepts the credential', async () => {
    const unaccepted = { permits: 1, permitsPerCaller: 1, queue: 10, isAccepted: () => false };
    const semaphore = new FairSemaphore({
      permits: 8,
      permitsPerCaller: 3,
      queue: 100,
      queuePerCaller: 100,
      unaccepted,
    });
    const granted: string[] = [];
    const first = enter(semaphore, 'a', 'a 1', granted);
    for (const call of [2, 3, 4, 5]) enter(semaphore, 'a', `a ${call}`, granted);
    enter(semaphore, 'b', 'b 1', granted);
    expect(granted).toEqual(['a 1']);
    semaphore.setAccepted(first, true);
    semaphore.release(first);
    await settled();
    expect(granted.toSorted()).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'b 1']);
    expect([semaphore.running, semaphore.waiting]).toEqual([4, 1]);
  });

  it('hold their invariants whatever happens in whatever order', async () => {
    // One caller of three is accepted from the start.
    const unaccepted = {
      permits: 2,
      permitsPerCaller: 1,
      queue: 6,
      isAccepted: (key: string) => Number(key.at(-1)) % 3 === 0,
    };
    const limits = { permits: 3, permitsPerCaller: 2, queue: 12, queuePerCaller: 5, unaccepted };
    const semaphore = new FairSemaphore(limits);
    const running = new Map<Waiter, string>();
    const waiting = new Set<Waiter>();
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let step = 0; step < 20_000; step++) {
      const key = `caller ${random(6)}`;
      const dice = random(10);
      if (dice < 5) {
        const waiter: Waiter = new Waiting(() => {
          waiting.delete(waiter);
          running.set(waiter, key);
        });
        const admission = semaphore.acquire(key, waiter);
        if (admission === 'acquired') running.set(waiter, key);
        else if (admission === 'waiting') waiting.add(waiter);
      } else if (dice < 9) {
        const [held] = running.keys();
        if (held !== undefined) {
          running.delete(held);
          if (random(3) === 0) semaphore.setAccepted(held, random(2) === 0);
          semaphore.release(held);
        }
      } else {
        // In the middle of its row, at its end, or alone in it.
        const leaver = [...waiting][random(waiting.size)];
        if (leaver !== undefined && semaphore.cancelWait(leaver)) waiting.delete(leaver);
      }
      if (step % 5 === 0) await settled();
      const callers = [...running.values()];
      expect(semaphore.running).toBeLessThanOrEqual(limits.permits);
      for (const caller of callers) {
        expect(callers.filter((each) => each === caller).length).toBeLessThanOrEqual(limits.permitsPerCaller);
      }
      if (step % 5 === 0) {
        expect([semaphore.running, semaphore.waiting]).toEqual([running.size, waiting.size]);
        // A permit may stay free only when no waiter may take it.
        if (waiting.size > 0 && running.size === 0) expect(semaphore.running).toBe(limits.permits);
      }
      expect(semaphore.waiting).toBeLessThanOrEqual(limits.queue);
    }
  });
});

describe('calls', () => {
  it('of one credential never take more than its share, while others are served', async () => {
    let running = 0;
    let most = 0;
    const held: (() => void)[] = [];
    await using server = await startWireServer(({ headers }, response) => {
      if (headers.authorization === 'Basic other') return reply(response, { token: 'other' });
      running++;
      most = Math.max(most, running);
      held.push(() => {
        running--;
        reply(response, { token: ada });
      });
    });
    await using side = connectTo(server.origin, { upstreamConnections: 16, upstreamConcurrencyPerCaller: 3 });
    const calls = Promise.all(Array.from({ length: 12 }, () => getMe(side.upstream)));
    await expect.poll(() => held.length).toBe(3);
    const other = side.client.for({ credential: createCredential('Basic other'), requestId: 'r' });
    expect((await getMe(other)).token).toBe('other');
    let answered = 0;
    await expect
      .poll(() => {
        const answer = held.shift();
        if (answer !== undefined) answered++;
        answer?.();
        return answered;
      })
      .toBe(12);
    expect(await calls).toHaveLength(12);
    expect(most).toBe(3);
  });

  it('beyond the queue of a credential are RATE_LIMITED, beyond everyone’s UPSTREAM_UNAVAILABLE', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, {
      upstreamConnections: 1,
      upstreamQueuePerCaller: 2,
      // Credentials that the upstream has not accepted, as here, share a quarter.
      upstreamQueue: 12,
      upstreamTimeoutMs: 300,
    });
    const waiting = Promise.allSettled(Array.from({ length: 3 }, () => getMe(side.upstream)));
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    const caller = (name: string) => side.client.for({ credential: createCredential(name), requestId: 'r' });
    const third = getMe(caller('Basic b')).catch((error: unknown) => error);
    await expect(getMe(caller('Basic c'))).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterSeconds: 1,
    });
    expect(await third).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    await waiting;
  });
});
