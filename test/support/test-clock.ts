/** A clock that only the test moves, for code that runs within the test's process and waits by timers. */
import { afterEach, beforeEach, vi } from 'vitest';

/** Tests of this block use the clock for timers and times. */
export function useTestClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Advances the clock, and runs the timers that become due. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Advances the clock until the condition holds. @throws when it does not within the bound. */
export async function passUntil(condition: () => boolean, boundMs = 15_000): Promise<void> {
  for (let passed = 0; !condition(); passed += 5) {
    if (passed > boundMs) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`);
    await pass(5);
  }
}
