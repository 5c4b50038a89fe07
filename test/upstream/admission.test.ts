/** Running and waiting calls: in total, per caller, and in their order. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { FairSemaphore, type Waiter, withoutCredential } from '../../src/upstream/transport/admission/admission.ts';
import { ada } from '../support/endpoint-case.ts';
import { connectTo, reply, startWireServer } from '../support/wire-server.ts';

const bounds = { permits: 2, permitsPerCaller: 2, queue: 100, queuePerCaller: 100 };

class Waiting implements Waiter {
  callerQueue: Waiter['callerQueue'];
  owner: object | undefined;
  prev: Waiter | undefined;
  next: Waiter | undefined;
  readonly address: string | undefined;
  readonly onAcquired: () => void;
  readonly onDisplaced: () => void;

  constructor(onAcquired: () => void, onDisplaced: () => void, address?: string) {
    this.onAcquired = onAcquired;
    this.onDisplaced = onDisplaced;
    this.address = address;
  }
}

/** Acquires a permit, and records the name once it is granted or rejected. */
function acquire(semaphore: FairSemaphore, key: string, name: string, granted: string[], address?: string): Waiter {
  const waiter = new Waiting(
    () => granted.push(name),
    () => granted.push(`${name} displaced`),
    address,
  );
  const admission = semaphore.acquire(key, waiter);
  if (admission === 'acquired') granted.push(name);
  else if (admission !== 'waiting') granted.push(`${name} rejected by ${admission}`);
  return waiter;
}

/** Waits for the microtask that notifies waiters with a permit. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('permits', () => {
  it('go to waiting callers round robin, not to the longest queue', async () => {
    const semaphore = new FairSemaphore(bounds);
    const granted: string[] = [];
    const busy = [1, 2, 3, 4, 5].map((call) => acquire(semaphore, 'busy', `busy ${call}`, granted));
    const quiet = acquire(semaphore, 'quiet', 'quiet 1', granted);
    acquire(semaphore, 'other', 'other 1', granted);
    for (const call of busy.slice(0, 2)) semaphore.release(call);
    await settled();
    semaphore.release(quiet);
    await settled();
    expect(granted).toEqual(['busy 1', 'busy 2', 'quiet 1', 'other 1', 'busy 3']);
    expect([semaphore.running, semaphore.waiting]).toEqual([2, 2]);
  });

  it('beyond a caller’s own limit stay free for others', () => {
    const semaphore = new FairSemaphore({ ...bounds, permits: 3, permitsPerCaller: 1 });
    const granted: string[] = [];
    acquire(semaphore, 'a', 'a 1', granted);
    acquire(semaphore, 'a', 'a 2', granted);
    acquire(semaphore, 'b', 'b 1', granted);
    expect(granted).toEqual(['a 1', 'b 1']);
  });

  it('are rejected when a queue is full, with the queue in the error', () => {
    const semaphore = new FairSemaphore({ permits: 1, permitsPerCaller: 1, queue: 3, queuePerCaller: 2 });
    const granted: string[] = [];
    for (let call = 1; call <= 4; call++) acquire(semaphore, 'a', `a ${call}`, granted);
    acquire(semaphore, 'b', 'b 1', granted);
    acquire(semaphore, 'c', 'c 1', granted);
    expect(granted).toEqual(['a 1', 'a 4 rejected by caller', 'c 1 rejected by all']);
    expect(semaphore.callers).toBe(2);
  });

  it('are not lost by cancelled waits, and no state of idle callers is kept', async () => {
    const semaphore = new FairSemaphore({ ...bounds, permits: 1 });
    const granted: string[] = [];
    const first = acquire(semaphore, 'a', 'a 1', granted);
    const cancelled = [0, 1].map((index) => acquire(semaphore, `cancelled ${index}`, `cancelled ${index}`, granted));
    const last = acquire(semaphore, 'b', 'b 1', granted);
    expect(cancelled.map((waiter) => semaphore.cancelWait(waiter))).toEqual([true, true]);
    semaphore.release(first);
    await settled();
    expect(granted).toEqual(['a 1', 'b 1']);
    expect([first, ...cancelled, last].map((waiter) => semaphore.cancelWait(waiter))).toEqual([
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
    const [first] = Array.from({ length: 6 }, (_, index) =>
      acquire(semaphore, `${index}`, `unknown ${index}`, granted),
    );
    const good = [0, 1, 2].map((call) => acquire(semaphore, 'good', `good ${call}`, granted));
    expect(granted).toEqual(['unknown 0', 'unknown 1', 'unknown 5 rejected by all', 'good 0', 'good 1']);
    // The two groups take turns, whatever number of callers each has.
    if (first !== undefined) semaphore.release(first);
    await settled();
    acquire(semaphore, 'good too', 'good too', granted);
    for (const call of good.slice(0, 2)) semaphore.release(call);
    await settled();
    expect(granted.slice(5)).toEqual(['good 2', 'unknown 2', 'good too']);
    expect([semaphore.running, semaphore.waiting]).toEqual([4, 2]);
  });

  it('of callers that are not accepted go to addresses in turn, and to the callers of an address in turn', async () => {
    const unaccepted = { permits: 1, permitsPerCaller: 1, queue: 100, isAccepted: () => false };
    const semaphore = new FairSemaphore({ ...bounds, unaccepted });
    const granted: string[] = [];
    // Address, caller and call: `a1 x` is a call of caller 1 at address a.
    const sent = (name: string) => acquire(semaphore, name.slice(0, 2), name, granted, name[0]);
    const names = ['a1 x', 'a1 y', 'a2 x', 'a3 x', 'b1 x', 'b1 y', 'c1 x', 'a4 x'];
    const held = new Map(names.map((name) => [name, sent(name)]));
    expect(granted).toEqual(['a1 x']);
    for (let index = 0; index < names.length; index++) {
      const running = held.get(granted[index] ?? '');
      if (running !== undefined) semaphore.release(running);
      await settled();
    }
    expect(granted).toEqual(['a1 x', 'a2 x', 'b1 x', 'c1 x', 'a3 x', 'b1 y', 'a4 x', 'a1 y']);
    expect([semaphore.callers, semaphore.running, semaphore.waiting]).toEqual([0, 0, 0]);
  });

  it('of callers that are not accepted: the address with the most waiting calls loses them when the queue is full', async () => {
    const unaccepted = { permits: 1, permitsPerCaller: 1, queue: 4, isAccepted: () => false };
    const semaphore = new FairSemaphore({ ...bounds, unaccepted });
    const granted: string[] = [];
    const sent = (name: string) => acquire(semaphore, name.slice(0, 2), name, granted, name[0]);
    const held = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2', 'b3', 'c1'].map(sent);
    await settled();
    const rejected = ['a6', 'b3'].map((name) => `${name} rejected by all`);
    expect(granted.splice(0)).toEqual(['a1', ...rejected, 'a5 displaced', 'a4 displaced', 'a3 displaced']);
    expect(semaphore.waiting).toBe(4);
    for (const waiter of [0, 1, 6, 9, 7].map((index) => held[index])) {
      if (waiter !== undefined) semaphore.release(waiter);
      await settled();
    }
    expect(granted).toEqual(['a2', 'b1', 'c1', 'b2']);
    expect([semaphore.callers, semaphore.running, semaphore.waiting]).toEqual([0, 0, 0]);
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
    const first = acquire(semaphore, 'a', 'a 1', granted);
    for (const call of [2, 3, 4, 5]) acquire(semaphore, 'a', `a ${call}`, granted);
    acquire(semaphore, 'b', 'b 1', granted);
    expect(granted).toEqual(['a 1']);
    semaphore.setAccepted(first, true);
    semaphore.release(first);
    await settled();
    expect(granted.toSorted()).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'b 1']);
    expect([semaphore.running, semaphore.waiting]).toEqual([4, 1]);
  });

  it('of calls without a credential are those of one caller, for which addresses take turns', async () => {
    const semaphore = new FairSemaphore({ ...bounds, permitsPerCaller: 1 });
    const granted: string[] = [];
    const sent = (name: string) => acquire(semaphore, withoutCredential, name, granted, name[0]);
    const crowd = ['a 1', 'a 2', 'a 3', 'a 4'].map(sent);
    const other = sent('b 1');
    acquire(semaphore, 'key', 'key 1', granted);
    expect(granted.splice(0)).toEqual(['a 1', 'key 1']);
    for (const held of [...crowd.slice(0, 2), other]) {
      semaphore.release(held);
      await settled();
    }
    expect(granted).toEqual(['a 2', 'b 1', 'a 3']);
    expect([semaphore.running, semaphore.waiting]).toEqual([2, 1]);
  });

  it('of calls without a credential go to addresses that hold fewer than are free, so that others have one at once', async () => {
    const semaphore = new FairSemaphore({ ...bounds, permits: 8, permitsPerCaller: 8 });
    const granted: string[] = [];
    const sent = (name: string) => acquire(semaphore, withoutCredential, name, granted, name[0]);
    const crowd = Array.from({ length: 10 }, (_, index) => sent(`a ${index}`));
    expect(granted.splice(0)).toEqual(['a 0', 'a 1', 'a 2', 'a 3']);
    const others = ['b 0', 'b 1', 'b 2', 'c 0', 'c 1', 'd 0', 'e 0'].map(sent);
    expect(granted.splice(0)).toEqual(['b 0', 'b 1', 'c 0', 'd 0']);
    // It is the turn of a, b and c, which hold more than the one that is free.
    for (const held of crowd.slice(0, 2)) semaphore.release(held);
    await settled();
    expect(granted.splice(0)).toEqual(['e 0']);
    for (const held of others) semaphore.cancelWait(held);
    for (const held of others) semaphore.release(held);
    await settled();
    // Alone again, with two: half of all.
    expect(granted).toEqual(['a 4', 'a 5']);
    expect([semaphore.running, semaphore.waiting]).toEqual([4, 4]);
    for (const held of crowd) if (!semaphore.cancelWait(held)) semaphore.release(held);
    expect([semaphore.callers, semaphore.running, semaphore.waiting]).toEqual([0, 0, 0]);
  });

  it.each([
    ['its own', 'caller', { queue: 100, queuePerCaller: 4 }],
    ['that of all callers', 'all', { queue: 4, queuePerCaller: 100 }],
  ] as const)(
    'of addresses with the most waiting calls are lost to others when %s queue is full',
    async (_, full, own) => {
      const semaphore = new FairSemaphore({ permits: 1, permitsPerCaller: 1, ...own });
      const granted: string[] = [];
      const sent = (name: string) => acquire(semaphore, withoutCredential, name, granted, name[0]);
      const held = ['a 1', 'a 2', 'a 3', 'a 4', 'a 5', 'a 6', 'b 1', 'b 2', 'b 3', 'c 1'].map(sent);
      expect(semaphore.waiting).toBe(4);
      await settled();
      const rejected = ['a 6', 'b 3'].map((name) => `${name} rejected by ${full}`);
      expect(granted.splice(0)).toEqual(['a 1', ...rejected, 'a 5 displaced', 'a 4 displaced', 'a 3 displaced']);
      for (const waiter of [0, 1, 6, 9, 7].map((index) => held[index])) {
        if (waiter !== undefined) semaphore.release(waiter);
        await settled();
      }
      expect(granted).toEqual(['a 2', 'b 1', 'c 1', 'b 2']);
      expect([semaphore.callers, semaphore.running, semaphore.waiting]).toEqual([0, 0, 0]);
    },
  );

  it.each([
    ['with credentials that are not accepted', (index: number) => `caller ${index}`],
    ['without a credential', () => withoutCredential],
  ])('of many addresses take no more time to reject than those of a few, %s', (_, keyOf) => {
    /** Processor time of calls that a full queue rejects, with as many addresses that have one place each. */
    const rejectBeside = (addresses: number) => {
      const unaccepted = { permits: 1, permitsPerCaller: 1, queue: addresses, isAccepted: () => false };
      const semaphore = new FairSemaphore({
        permits: 1,
        permitsPerCaller: 1,
        queue: 8_192,
        queuePerCaller: 8_192,
        unaccepted,
      });
      for (let index = 0; index <= addresses; index++) acquire(semaphore, keyOf(index), 'held', [], `address ${index}`);
      expect(semaphore.waiting).toBe(addresses);
      const before = process.cpuUsage();
      for (let index = 0; index < 20_000; index++) acquire(semaphore, keyOf(-1), 'rejected', [], 'address 1');
      return process.cpuUsage(before).user;
    };
    // Not the first of the two, for which the functions are compiled.
    rejectBeside(4_000);
    expect(rejectBeside(4_000)).toBeLessThan(20 * rejectBeside(4));
  });

  it('hold their invariants in random sequences of acquiring, releasing and cancelling', async () => {
    // One caller of three is accepted from the start, and so are calls without a credential.
    const unaccepted = {
      permits: 2,
      permitsPerCaller: 1,
      queue: 6,
      isAccepted: (key: string) => key === withoutCredential || Number(key.at(-1)) % 3 === 0,
    };
    const limits = { permits: 4, permitsPerCaller: 3, queue: 12, queuePerCaller: 5, unaccepted };
    const semaphore = new FairSemaphore(limits);
    const addressLimit = Math.ceil(limits.permitsPerCaller / 2);
    const running = new Map<Waiter, string>();
    const waiting = new Set<Waiter>();
    let displaced = 0;
    let rejected = 0;
    /** Calls without a credential, by address. */
    const byAddress = (calls: Iterable<Waiter> = waiting): ReadonlyMap<string, number> => {
      const counts = new Map<string, number>();
      for (const { address } of calls) {
        if (address?.startsWith('address') === true) counts.set(address, (counts.get(address) ?? 0) + 1);
      }
      return counts;
    };
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let step = 0; step < 20_000; step++) {
      const client = random(9);
      const key = client < 6 ? `caller ${client}` : withoutCredential;
      // Callers with a credential are at two other addresses.
      const address = client < 6 ? `place ${client % 2}` : `address ${client}`;
      const dice = random(10);
      if (dice < 5) {
        const waiter: Waiter = new Waiting(
          () => {
            waiting.delete(waiter);
            running.set(waiter, key);
          },
          () => {
            displaced++;
            waiting.delete(waiter);
          },
          address,
        );
        const admission = semaphore.acquire(key, waiter);
        if (admission === 'acquired') running.set(waiter, key);
        else if (admission === 'waiting') waiting.add(waiter);
        else if (key === withoutCredential) {
          rejected++;
          await settled();
          const counts = byAddress();
          // No other address has two waiting calls more: each would be displaced.
          expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual((counts.get(address) ?? 0) + 1);
        }
      } else if (dice < 9) {
        const [held] = running.keys();
        if (held !== undefined) {
          const isNamed = running.get(held) !== withoutCredential;
          running.delete(held);
          if (isNamed && random(3) === 0) semaphore.setAccepted(held, random(2) === 0);
          semaphore.release(held);
        }
      } else {
        // In the middle of its queue, at its end, or alone in it.
        const cancelled = [...waiting][random(waiting.size)];
        if (cancelled !== undefined && semaphore.cancelWait(cancelled)) waiting.delete(cancelled);
      }
      if (step % 5 === 0) await settled();
      const callers = [...running.values()];
      expect(semaphore.running).toBeLessThanOrEqual(limits.permits);
      for (const caller of callers) {
        expect(callers.filter((each) => each === caller).length).toBeLessThanOrEqual(limits.permitsPerCaller);
      }
      if (step % 5 === 0) {
        expect([semaphore.running, semaphore.waiting]).toEqual([running.size, waiting.size]);
        // A permit stays free only when no waiter may take it.
        if (waiting.size > 0 && running.size === 0) expect(semaphore.running).toBe(limits.permits);
        const held = byAddress(running.keys());
        expect(Math.max(0, ...held.values())).toBeLessThanOrEqual(addressLimit);
        const free = limits.permitsPerCaller - [...held.values()].reduce((sum, count) => sum + count, 0);
        if (running.size < limits.permits) {
          for (const address of byAddress().keys()) expect(held.get(address) ?? 0).toBeGreaterThanOrEqual(free);
        }
        const withoutCredentials = [...byAddress().values()].reduce((sum, count) => sum + count, 0);
        expect(withoutCredentials).toBeLessThanOrEqual(limits.queuePerCaller);
      }
      expect(semaphore.waiting).toBeLessThanOrEqual(limits.queue);
    }
    expect(Math.min(displaced, rejected)).toBeGreaterThan(100);
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

  it('beyond the queue of a credential are RATE_LIMITED, beyond that of all UPSTREAM_UNAVAILABLE', async () => {
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
