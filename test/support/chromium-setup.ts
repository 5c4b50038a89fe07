import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packages from './debian-packages.json' with { type: 'json' };

/**
 * Files of Debian's packages, by the package: the browser, a proxy, what replicas of the gateway share, and what Alpine's images have in
 * place of most other commands. `.ci/run` gets them while it waits for npm.
 */
const needed: Readonly<Record<string, string>> = packages;

export const chromiumPath = packages.chromium;
export const nginxPath = packages.nginx;
export const redisPath = packages['redis-server'];

/** Gets from Debian what is missing when this may be done; says what to install when it may not. */
export default function setup(): void {
  const missing = Object.keys(needed).filter((name) => !existsSync(needed[name] ?? ''));
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) throw new Error(`The tests need Debian packages that are missing here (as root: ${command}).`);
  process.stdout.write(`Installing ${missing.join(' and ')} from Debian, once.\n`);
  // Runs that start at the same time take turns, and all but the first find the files.
  const isThere = missing.map((name) => `test -e ${needed[name]}`).join(' && ');
  const install = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const script = `{ ${isThere}; } || { ${install}; }`;
  const { status, stderr } = spawnSync('flock', [join(tmpdir(), 'test-packages.lock'), 'sh', '-c', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
}
