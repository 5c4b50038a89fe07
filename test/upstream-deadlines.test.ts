import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Deadlines, type Expiring } from '../src/upstream/deadlines.ts';

class Waiting implements Expiring {
  deadlinePlace = -1;
  endsAt: number;
  expiredAt: number | undefined;
  readonly #onExpiry: () => void;

  constructor(inMs: number, onExpiry: () => void = () => {}) {
    this.endsAt = performance.now() + inMs;
    this.#onExpiry = onExpiry;
  }

  expire(): void {
    expect(this.expiredAt).toBeUndefined();
    this.expiredAt = performance.now();
    this.#onExpiry();
  }
}

describe('deadlines', () => {
  it('end each call at its own time, in whatever order they began', async () => {
    const deadlines = new Deadlines();
    const calls = [80, 20, 50, 20, 110].map((ms) => new Waiting(ms));
    for (const call of calls) deadlines.add(call);
    await delay(180);
    for (const { expiredAt = 0, endsAt } of calls) {
      expect(expiredAt).toBeGreaterThanOrEqual(endsAt);
      expect(expiredAt - endsAt).toBeLessThan(60);
    }
  });

  it('end none that is over, and none that was put off, before its time', async () => {
    const deadlines = new Deadlines();
    const [over, later, plain] = [20, 20, 30].map((ms) => new Waiting(ms)) as [Waiting, Waiting, Waiting];
    for (const call of [over, later, plain]) deadlines.add(call);
    deadlines.remove(over);
    deadlines.remove(over);
    later.endsAt += 80;
    await delay(60);
    expect([over, later, plain].map(({ expiredAt }) => expiredAt !== undefined)).toEqual([false, false, true]);
    await delay(100);
    expect(later.expiredAt).toBeGreaterThanOrEqual(later.endsAt);
    expect(over.expiredAt).toBeUndefined();
  });

  it('leave alone what another call took along when it ended', async () => {
    const deadlines = new Deadlines();
    const other = new Waiting(10);
    const first = new Waiting(10, () => deadlines.remove(other));
    deadlines.add(first);
    deadlines.add(other);
    const last = new Waiting(10);
    deadlines.add(last);
    await delay(60);
    expect([first, other, last].map(({ expiredAt }) => expiredAt !== undefined)).toEqual([true, false, true]);
  });
});
