/** The circuit breaker: by its own rules with an injected clock, and in front of a real upstream. */
import { describe, expect, it } from 'vitest';
import { createCredential } from '../../src/upstream/credential.ts';
import { getRoster } from '../../src/upstream/endpoints/roster.ts';
import { getMe } from '../../src/upstream/endpoints/user.ts';
import { CircuitBreaker } from '../../src/upstream/transport/breaker/circuit-breaker.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { ada } from '../support/endpoint-case.ts';
import { connectTo, rejectWith, reply, startWireServer } from '../support/wire-server.ts';

function opened(): CircuitBreaker {
  const breaker = new CircuitBreaker({ failures: 3, pauseMs: 100, trialMs: 1_000 });
  for (let call = 0; call < 3; call++) breaker.failed(admitted(breaker, 0), 0);
  return breaker;
}

function admitted(breaker: CircuitBreaker, now: number): number {
  const pass = breaker.admit(now);
  if (pass === undefined) throw new Error('rejected');
  return pass;
}

describe('a circuit', () => {
  it('opens after the set number of consecutive failures', () => {
    const breaker = new CircuitBreaker({ failures: 3, pauseMs: 100, trialMs: 1_000 });
    breaker.failed(admitted(breaker, 0), 0);
    breaker.failed(admitted(breaker, 0), 0);
    breaker.succeeded(admitted(breaker, 0), 0);
    breaker.failed(admitted(breaker, 0), 0);
    expect(breaker.isOpen).toBe(true); // three of four failed
    const alternating = new CircuitBreaker({ failures: 3, pauseMs: 100, trialMs: 1_000 });
    for (let call = 0; call < 50; call++) {
      alternating.succeeded(admitted(alternating, call), call);
      alternating.failed(admitted(alternating, call), call);
    }
    expect(alternating.isOpen).toBe(false);
    alternating.failed(admitted(alternating, 50), 50);
    expect(alternating.isOpen).toBe(true);
  });

  it('drops old failures', () => {
    const breaker = new CircuitBreaker({ failures: 4, pauseMs: 100, trialMs: 1_000 });
    for (let call = 0; call < 3; call++) breaker.failed(admitted(breaker, 0), 0);
    breaker.succeeded(admitted(breaker, 60_000), 60_000);
    for (let call = 0; call < 2; call++) breaker.failed(admitted(breaker, 60_000), 60_000);
    expect(breaker.isOpen).toBe(false);
  });

  it('admits one trial after the pause, whose success closes it', () => {
    const breaker = opened();
    expect(breaker.admit(99)).toBeUndefined();
    expect(breaker.remainingMs(40)).toBe(60);
    const trial = admitted(breaker, 100);
    expect(breaker.admit(100)).toBeUndefined();
    breaker.succeeded(trial, 110);
    expect(breaker.isOpen).toBe(false);
    expect(breaker.admit(110)).toBeDefined();
  });

  it('admits another trial when one takes longer than a call may', () => {
    const breaker = opened();
    const slow = admitted(breaker, 100);
    expect(breaker.admit(1_099)).toBeUndefined();
    const next = admitted(breaker, 1_100);
    breaker.failed(slow, 1_150); // says nothing any more
    breaker.succeeded(next, 1_200);
    expect(breaker.isOpen).toBe(false);
  });

  it('doubles the pause after each failed trial, up to 30 s', () => {
    const breaker = opened();
    let now = 100;
    let expected = 200;
    for (let trial = 0; trial < 12; trial++) {
      breaker.failed(admitted(breaker, now), now);
      expect(breaker.remainingMs(now)).toBe(Math.min(expected, 30_000));
      now += breaker.remainingMs(now);
      expected *= 2;
    }
    breaker.succeeded(admitted(breaker, now), now);
    while (!breaker.isOpen) breaker.failed(admitted(breaker, now), now);
    expect(breaker.remainingMs(now)).toBe(100);
  });

  it('admits the next call when a trial ended without an outcome', () => {
    const breaker = opened();
    breaker.ignored(admitted(breaker, 100));
    expect(breaker.isOpen).toBe(true);
    expect(breaker.admit(100)).toBeDefined();
  });

  it('ignores outcomes of calls that began before it opened', () => {
    const breaker = new CircuitBreaker({ failures: 3, pauseMs: 100, trialMs: 1_000 });
    const early = admitted(breaker, 0);
    for (let call = 0; call < 3; call++) breaker.failed(admitted(breaker, 0), 0);
    breaker.succeeded(early, 10);
    breaker.failed(early, 10);
    expect(breaker.isOpen).toBe(true);
    const trial = admitted(breaker, 100);
    breaker.ignored(early);
    expect(breaker.admit(100)).toBeUndefined();
    breaker.succeeded(trial, 100);
    expect(breaker.isOpen).toBe(false);
  });
});

describe('an upstream that is down', () => {
  it('gets no calls after 20 failures, then one trial at a time, and all calls when it is back', async () => {
    let up = false;
    await using server = await startWireServer((_request, response) => {
      if (up) reply(response, { token: ada });
      else rejectWith(response, 503);
    });
    await using side = connectTo(server.origin, { upstreamBreakerPauseMs: 200, upstreamRetries: 0 });
    for (let call = 0; call < 30; call++) {
      await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
    const requestsWhileDown = server.requests.length;
    expect(requestsWhileDown).toBe(20);
    await expect(getMe(side.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(side.records.at(-1)).toMatchObject({ attempt: 0, outcome: 'UPSTREAM_UNAVAILABLE' });

    up = true;
    await expect
      .poll(() =>
        getMe(side.upstream).then(
          ({ token }) => token,
          () => undefined,
        ),
      )
      .toBe(ada);
    await Promise.all(Array.from({ length: 10 }, () => getMe(side.upstream)));
    expect(server.requests.length).toBe(requestsWhileDown + 11);
  });

  it.each([400, 403, 404, 409, 429])('is not inferred from %i', async (status) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin, { upstreamBreakerFailures: 5, upstreamRetries: 0 });
    await Promise.allSettled(Array.from({ length: 20 }, () => getMe(side.upstream)));
    expect(server.requests).toHaveLength(20);
  });

  // A credential that was rejected once is not sent again, so each call has its own.
  it.each([400, 401, 403, 404, 409, 429])('is not inferred from %i for many credentials', async (status) => {
    await using server = await startWireServer((_request, response) => rejectWith(response, status));
    await using side = connectTo(server.origin, { upstreamBreakerFailures: 5, upstreamRetries: 0 });
    for (let call = 0; call < 20; call++) {
      const credential = createCredential(`Basic ${Buffer.from(`caller${call}:x`).toString('base64')}`);
      const upstream = side.client.for({ ...side.upstream.caller, credential });
      await (call % 2 === 0 ? getMe(upstream) : getRoster(upstream)).catch(() => {});
    }
    expect(server.requests).toHaveLength(20);
  });

  it('is not inferred from a client that disconnects', async () => {
    await using server = await startWireServer(() => {});
    await using side = connectTo(server.origin, { upstreamBreakerFailures: 5 });
    for (let call = 0; call < 10; call++) {
      const client = new AbortController();
      const left = getMe(side.client.for({ ...side.upstream.caller, cancellation: cancellationOf(client.signal) }));
      await expect.poll(() => server.requests.length).toBe(call + 1);
      client.abort();
      await left.catch(() => {});
    }
  });

  it('is inferred from silence up to the deadline, but not up to an operation’s earlier end', async () => {
    await using server = await startWireServer(() => {});
    await using hurried = connectTo(server.origin, { upstreamBreakerFailures: 5, upstreamTimeoutMs: 60_000 });
    for (let call = 0; call < 10; call++) {
      const deadlineAt = performance.now() + 30;
      await getMe(hurried.client.for({ ...hurried.upstream.caller, deadlineAt })).catch(() => {});
    }
    expect(hurried.records.every(({ outcome }) => outcome === 'UPSTREAM_TIMEOUT')).toBe(true);

    // As many at a time as a credential has that was not taken yet.
    await using patient = connectTo(server.origin, { upstreamBreakerFailures: 4, upstreamTimeoutMs: 100 });
    await Promise.allSettled(Array.from({ length: 4 }, () => getMe(patient.upstream)));
    await expect(getMe(patient.upstream)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
