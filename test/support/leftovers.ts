/**
 * Runs before each test file. The files of a worker share its process, so an open server or timer of one disturbs the next: a moved
 * test clock would fire such a timer at once. Files that leave any are reported on standard error.
 */
import { afterAll, expect } from 'vitest';

/** Servers that listen, and timers that keep the process alive. */
const kinds = ['TCPServerWrap', 'Timeout'];
const patienceMs = 200;
/** Node's own, also while a test moves the clock. */
const { setTimeout } = globalThis;

function left(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind));
}

const before = left().length;

// The first hook of a file is the last to run.
afterAll(async () => {
  const end = performance.now() + patienceMs;
  // Its own timer does not keep the process alive, and so is not counted.
  while (left().length > before && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
  const names = left();
  if (names.length <= before) return;
  process.stderr.write(`left behind by ${expect.getState().testPath}: ${names.length - before} servers and timers\n`);
});
