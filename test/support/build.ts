/** Builds `dist/` as a user would, once for each state of what it is made of; test files that run at the same time take turns. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export const root = new URL('../..', import.meta.url).pathname;
const lock = `${root}node_modules/.cache-build-lock`;
/** Older than this, the lock belongs to a run that was killed. */
const staleMs = 180_000;
/** What this process built last; its test files share it. */
let built: string | undefined;

export async function build(): Promise<void> {
  if (built === inputs()) return;
  while (!taken()) await setTimeout(100);
  try {
    built = inputs();
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: root });
  } catch (error) {
    built = undefined;
    throw error;
  } finally {
    rmdirSync(lock);
  }
}

/** All files a build reads, with the time of their last change. */
function inputs(): string {
  const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).map((file) => `src/${file}`);
  return ['bundle.ts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', ...sources]
    .map((file) => `${file} ${statSync(root + file).mtimeMs}`)
    .join('\n');
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
