/** Which failures reject which calls: by the breakers' rules with an injected clock, at random, and with a real upstream. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { getMe, lookupUser } from '../../src/upstream/endpoints/user.ts';
import { CircuitBreakers } from '../../src/upstream/transport/breaker/circuit-breakers.ts';
import { OutcomeWindow } from '../../src/upstream/transport/breaker/outcome-window.ts';
import { ada } from '../support/endpoint-case.ts';
import { connectTo, rejectWith, reply, startWireServer } from '../support/wire-server.ts';

const options = { failures: 20, pauseMs: 1_000, trialMs: 10_000 };

/** @returns Whether the call was let through. */
function call(breakers: CircuitBreakers, caller: string, operation: string, now: number, isWell: boolean): boolean {
  const ticket = breakers.admit(caller, operation, now);
  if (ticket === undefined) return false;
  if (isWell) breakers.succeeded(ticket, now);
  else breakers.failed(ticket, now);
  return true;
}

const callers = ['a', 'b', 'c', 'd', 'e'];
const operations = ['getMe', 'getUser', 'getRoster', 'listMutes'];

describe('failures', () => {
  it.each([1, 2])('of %i credentials reject no calls of others, however often they call', (sick) => {
    const breakers = new CircuitBreakers(options);
    let sent = 0;
    for (let now = 0; now < 60_000; now += 50) {
      for (let at = 0; at < sick; at += 1) {
        for (const operation of operations) if (call(breakers, `sick ${at}`, operation, now, false)) sent += 1;
      }
      if (now % 200 === 0)
        for (const caller of callers) expect(call(breakers, caller, 'listMutes', now, true)).toBe(true);
    }
    expect(breakers.upstreamRemainingMs(60_000)).toBe(0);
    expect(sent).toBeLessThan(sick * operations.length * 60); // and those of their own are held back
  });

  it('of one operation reject that operation alone', () => {
    const breakers = new CircuitBreakers(options);
    for (let now = 0; now < 2_000; now += 50) {
      for (const caller of callers) {
        call(breakers, caller, 'listMutes', now, false);
        expect(call(breakers, caller, 'getMe', now, true)).toBe(true);
      }
    }
    expect(breakers.admit('never seen', 'listMutes', 2_000)).toBeUndefined();
    expect(breakers.remainingMs('never seen', 'listMutes', 2_000)).toBeGreaterThan(0);
  });

  it('of an upstream that is down reject all calls, within 20 failures', () => {
    const breakers = new CircuitBreakers(options);
    let sent = 0;
    for (let at = 0; at < 500; at += 1) {
      const caller = callers[at % callers.length] ?? '';
      if (call(breakers, caller, operations[at % operations.length] ?? '', at, false)) sent += 1;
    }
    expect(sent).toBe(20);
    expect(breakers.upstreamRemainingMs(500)).toBeGreaterThan(0);
    expect(breakers.admit('never seen', 'search', 500)).toBeUndefined();
  });
});

describe('a trial', () => {
  it('rotates: callers that keep failing and call first do not exclude the others', () => {
    const breakers = new CircuitBreakers(options);
    let now = 0;
    for (; breakers.upstreamRemainingMs(now) === 0; now += 1) {
      for (const caller of callers) call(breakers, caller, operations[now % operations.length] ?? '', now, false);
    }
    // The upstream works again, except for two callers, which call at once whenever their circuit lets them.
    const end = now + 10_000;
    let well: number | undefined;
    for (; now < end && well === undefined; now += 10) {
      for (const sick of ['a', 'b']) for (const operation of operations) call(breakers, sick, operation, now, false);
      if (call(breakers, 'healthy', 'search', now, true)) well = now;
    }
    expect(well).toBeDefined();
    expect(breakers.upstreamRemainingMs(now)).toBe(0);
  });
});

describe('at random', () => {
  it('fewer than three failing callers reject no others, and all callers are admitted again in the end', () => {
    for (let round = 0; round < 60; round += 1) {
      const breakers = new CircuitBreakers({ failures: 3 + (round % 10), pauseMs: 500, trialMs: 2_000 });
      let now = 0;
      for (let step = 0; step < 1_500; step += 1) {
        now += Math.random() * 100;
        const operation = operations[Math.floor(Math.random() * operations.length)] ?? '';
        const sick = Math.random() < 0.5;
        const caller = sick ? `sick ${Math.floor(Math.random() * 2)}` : (callers[Math.floor(Math.random() * 5)] ?? '');
        const ticket = breakers.admit(caller, operation, now);
        if (!sick) expect(ticket).toBeDefined();
        if (ticket === undefined) continue;
        if (Math.random() < 0.1) breakers.ignored(ticket);
        else if (sick) breakers.failed(ticket, now);
        else breakers.succeeded(ticket, now);
      }
      for (let step = 0; step < 200; step += 1) {
        now += Math.random() * 20;
        const caller = `${step % 2 === 0 ? 'sick' : 'x'} ${step % 3}`;
        call(breakers, caller, operations[step % 4] ?? '', now, false); // all is down
      }
      for (let step = 0; step < 3; step += 1) {
        now += 61_000;
        for (const caller of [...callers, 'sick 0', 'sick 1']) {
          for (const operation of operations) call(breakers, caller, operation, now, true);
        }
      }
      for (const caller of [...callers, 'sick 0', 'sick 1']) {
        for (const operation of operations) expect(call(breakers, caller, operation, now, true)).toBe(true);
      }
    }
  });

  it('the outcome window agrees with a list of all calls', () => {
    for (let round = 0; round < 50; round += 1) {
      const votes = new OutcomeWindow();
      const latest = new Map<string, boolean>();
      let failures = 0;
      for (let step = 0; step < 200; step += 1) {
        const member = callers[Math.floor(Math.random() * 5)] ?? '';
        const isFailed = Math.random() < 0.5;
        votes.count(member, isFailed, 5_000 + step * 40); // within two windows
        latest.set(member, isFailed);
        if (isFailed) failures += 1;
        expect(votes.members).toBe(latest.size);
        expect(votes.failing).toBe([...latest.values()].filter(Boolean).length);
        expect(votes.failures).toBe(failures);
      }
      votes.count('x', false, 60_000);
      expect([votes.members, votes.failing, votes.failures]).toEqual([1, 0, 0]);
    }
  });
});

describe('in front of a real upstream', () => {
  it('only the calls of one failing account are rejected', async () => {
    const sickHeader = `Basic ${Buffer.from('sick:x').toString('base64')}`;
    await using server = await startWireServer((request, response) => {
      if (request.headers.authorization === sickHeader) rejectWith(response, 500);
      else reply(response, { token: ada });
    });
    await using side = connectTo(server.origin, { upstreamRetries: 0, upstreamBreakerPauseMs: 60_000 });
    const sick = side.client.for({ credential: createCredential(sickHeader), requestId: 'sick' });
    for (let round = 0; round < 60; round += 1) {
      await getMe(sick).catch(() => {});
      await lookupUser(sick, ada).catch(() => {});
      expect((await getMe(side.upstream)).token).toBe(ada);
      expect(side.client.isAvailable).toBe(true);
    }
    const ofSick = server.requests.filter(({ headers }) => headers.authorization === sickHeader).length;
    expect(ofSick).toBe(40); // twenty of each operation
  });
});
