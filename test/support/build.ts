/** Builds `dist/` as a user would; test files that run at the same time take turns. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export const root = new URL('../..', import.meta.url).pathname;
const lock = `${root}node_modules/.cache-build-lock`;
/** Older than this, the lock belongs to a run that was killed. */
const staleMs = 180_000;

export async function build(): Promise<void> {
  while (!taken()) await setTimeout(100);
  try {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root });
  } finally {
    rmdirSync(lock);
  }
}

function taken(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleMs) rmdirSync(lock);
    return false;
  }
}
