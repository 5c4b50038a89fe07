/** When a follower stands alone whose proof that it missed nothing is not renewed: while a new stream still lacks nothing. */
import { describe, expect, it, vi } from 'vitest';
import { Fallback, type FallbackSource } from '../../src/cluster/source/fallback.ts';
import { pass, useTestClock } from '../support/test-clock.ts';

/** As `events/hub.ts` ticks. */
const tickMs = 250;

/** A follower whose last proof is of now. */
function startFollower(leaseMs: number) {
  const provenAt = performance.now();
  const membership = { isUp: true, isAway: false };
  const source: FallbackSource = {
    state: 'follower',
    hasClients: true,
    isSearching: false,
    isWaitingForLog: false,
    searchedSince: provenAt,
    term: undefined,
    follower: undefined,
    proof: { isOlderThan: (ms) => performance.now() - provenAt >= ms },
    options: { leaseMs, inboxProvenAt: () => performance.now(), membership },
  };
  let aloneAfterMs = Number.POSITIVE_INFINITY;
  const standAlone = () => {
    aloneAfterMs = Math.min(aloneAfterMs, performance.now() - provenAt);
  };
  const fallback = new Fallback({ source, roles: { standAlone }, placements: { check: () => undefined } });
  return {
    fallback,
    membership,
    get aloneAfterMs() {
      return aloneAfterMs;
    },
  };
}

describe.each([1_000, 1_500, 1_925, 2_000, 4_000, 60_000])('a follower with a lease of %i ms', (leaseMs) => {
  useTestClock();

  it('stands alone within nine tenths of it, whenever the ticks are', async () => {
    for (let untilTickMs = 0; untilTickMs < tickMs; untilTickMs += 10) {
      const follower = startFollower(leaseMs);
      await pass(untilTickMs);
      for (let passedMs = 0; passedMs < 1.5 * leaseMs; passedMs += tickMs) {
        follower.fallback.tick();
        await pass(tickMs);
      }
      expect(follower.aloneAfterMs).toBeGreaterThanOrEqual(0.625 * leaseMs);
      expect(follower.aloneAfterMs).toBeLessThanOrEqual(0.9 * leaseMs);
    }
  });

  it('stands alone within a sixteenth of it after Redis is away', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const follower = startFollower(leaseMs);
    follower.membership.isAway = true;
    follower.fallback.redisAway();
    await pass(leaseMs);
    random.mockRestore();
    expect(follower.aloneAfterMs).toBeLessThanOrEqual(leaseMs / 16);
  });

  it('stands alone although every tick is late', async () => {
    const follower = startFollower(leaseMs);
    for (let passedMs = 0; passedMs < 2 * leaseMs; passedMs += 600) {
      follower.fallback.tick();
      await pass(600);
    }
    follower.fallback.tick();
    expect(follower.aloneAfterMs).toBeLessThanOrEqual(2 * leaseMs);
  });

  it('tries Redis first after it slept', async () => {
    const follower = startFollower(leaseMs);
    follower.fallback.tick();
    await pass(2 * leaseMs);
    follower.fallback.tick();
    expect(follower.aloneAfterMs).toBe(Number.POSITIVE_INFINITY);
  });
});
