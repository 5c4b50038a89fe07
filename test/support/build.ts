/** Builds `dist/` as a user would, once for each state of its sources; test files that run at the same time take turns. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export const root = new URL('../..', import.meta.url).pathname;
const lock = `${root}node_modules/.cache-build-lock`;
/** Older than this, the lock belongs to a run that was killed. */
const staleMs = 180_000;
/** The sources each script was last run on in this process; its test files share it. */
const built = new Map<string, string>();

/** The programs, as `npm start` builds them. */
export function build(): Promise<void> {
  return runOnce('build:programs');
}

/** The modules and declarations of the package as well. */
export async function buildPackage(): Promise<void> {
  await runOnce('build:modules');
  await build();
}

async function runOnce(script: string): Promise<void> {
  if (built.get(script) === inputs()) return;
  while (!taken()) await setTimeout(100);
  try {
    const sources = inputs();
    execFileSync('npm', ['run', '--silent', script], { cwd: root });
    built.set(script, sources);
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
