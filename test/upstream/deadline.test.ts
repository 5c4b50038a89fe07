import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearDeadline, startDeadline, type Timed } from '../../src/upstream/transport/deadline.ts';

class Waiting implements Timed {
  deadlineTimer: NodeJS.Timeout | undefined;
  deadlineAt: number;
  expiredAt: number | undefined;
  readonly #onExpiry: () => void;

  constructor(inMs: number, onExpiry: () => void = () => {}) {
    this.deadlineAt = performance.now() + inMs;
    this.#onExpiry = onExpiry;
  }

  expire(): void {
    expect(this.expiredAt).toBeUndefined();
    this.expiredAt = performance.now();
    this.#onExpiry();
  }
}

describe('deadlines', () => {
  // On a clock of their own: calls that end together do so on a busy machine too. Immediates are the real ones: the clock would run one
  // that a timer sets a millisecond later.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('end each call at its own time, in whatever order they began', async () => {
    const calls = [80, 20, 50, 20, 110].map((ms) => new Waiting(ms));
    for (const call of calls) startDeadline(call);
    await vi.advanceTimersByTimeAsync(180);
    for (const { expiredAt, deadlineAt } of calls) expect(expiredAt).toBe(deadlineAt);
  });

  it('end no removed call, and no extended one before its time', async () => {
    const [over, later, plain] = [20, 20, 30].map((ms) => new Waiting(ms)) as [Waiting, Waiting, Waiting];
    for (const call of [over, later, plain]) startDeadline(call);
    clearDeadline(over);
    clearDeadline(over);
    later.deadlineAt += 80;
    await vi.advanceTimersByTimeAsync(60);
    expect([over, later, plain].map(({ expiredAt }) => expiredAt !== undefined)).toEqual([false, false, true]);
    await vi.advanceTimersByTimeAsync(100);
    expect(later.expiredAt).toBe(later.deadlineAt);
    expect(over.expiredAt).toBeUndefined();
  });

  it('skip calls that were removed by the expiry of another', async () => {
    const other = new Waiting(10);
    const first = new Waiting(10, () => clearDeadline(other));
    startDeadline(first);
    startDeadline(other);
    const last = new Waiting(10);
    startDeadline(last);
    await vi.advanceTimersByTimeAsync(60);
    expect([first, other, last].map(({ expiredAt }) => expiredAt !== undefined)).toEqual([true, false, true]);
  });
});
