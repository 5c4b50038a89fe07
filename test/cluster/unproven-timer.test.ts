/** When a follower stands alone whose proof that it missed nothing is not renewed: while a new stream still lacks nothing. */
import { describe, expect, it } from 'vitest';
import { UnprovenTimer } from '../../src/cluster/source/unproven-timer.ts';

/** As `events/hub.ts` ticks. */
const tickMs = 250;

/**
 * The age of a proof, in milliseconds, at which its follower stands alone.
 * @param ages Age at each tick; the first one is the time since the tick before it.
 */
function aloneAt(leaseMs: number, ages: Iterable<number>): number | undefined {
  const timer = new UnprovenTimer(leaseMs);
  let last = 0;
  for (const age of ages) {
    if (timer.tick(age - last, age >= timer.tooOldMs)) return age;
    last = age;
  }
  return undefined;
}

function* every(ms: number, from: number, to: number): Generator<number> {
  for (let age = from; age < to; age += ms) yield age;
}

describe.each([1_000, 1_500, 1_925, 2_000, 4_000, 60_000])('a follower with a lease of %i ms', (leaseMs) => {
  it('stands alone within nine tenths of it, whenever the ticks are', () => {
    for (let first = 0; first < tickMs; first += 10) {
      const age = aloneAt(leaseMs, every(tickMs, first, 1.5 * leaseMs));
      expect(age).toBeGreaterThanOrEqual(0.625 * leaseMs);
      expect(age).toBeLessThanOrEqual(0.9 * leaseMs);
    }
  });

  it('stands alone although every tick is late', () => {
    expect(aloneAt(leaseMs, every(600, 0, 2 * leaseMs + 600))).toBeLessThanOrEqual(2 * leaseMs);
  });

  it('tries Redis first after it slept', () => {
    expect(aloneAt(leaseMs, [0, 2 * leaseMs])).toBeUndefined();
    expect(aloneAt(leaseMs, [0, 0.7 * leaseMs, 0.7 * leaseMs + 2_001])).toBeUndefined();
  });

  it('begins again with each new proof', () => {
    const timer = new UnprovenTimer(leaseMs);
    for (let tick = 0; tick < 100; tick++) {
      expect(timer.tick(tickMs, false)).toBe(false);
      expect(timer.tick(tickMs, true)).toBe(tickMs - 10 >= leaseMs / 8);
    }
  });
});
