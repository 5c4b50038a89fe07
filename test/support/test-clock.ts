/** A clock that only the test moves, for code that runs within the test's process and waits by timers. */
import { afterEach, beforeEach, vi } from 'vitest';

/** Timers and times of the tests of this block are those of the clock. */
export function useTestClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** Lets so much time pass, and everything happen that falls due in it. */
export async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Lets time pass until the condition holds. @throws when it does not within the bound. */
export async function passUntil(condition: () => boolean, boundMs = 15_000): Promise<void> {
  for (let passed = 0; !condition(); passed += 5) {
    if (passed > boundMs) throw new Error(`not within ${boundMs} ms: ${condition.toString()}`);
    await pass(5);
  }
}
