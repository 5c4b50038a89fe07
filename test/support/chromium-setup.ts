import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packages from './debian-packages.json' with { type: 'json' };

/**
 * Debian packages that the tests need, with a file of each: Chromium, nginx, Redis, and BusyBox, which has most commands of Alpine's
 * images. `.ci/run` installs them while it waits for npm.
 */
const needed: Readonly<Record<string, string>> = packages;

/** Chromium without its own user interface, which the package `chromium` renders even when it is headless. */
export const chromiumPath = packages['chromium-headless-shell'];
export const nginxPath = packages.nginx;
export const redisPath = packages['redis-server'];

/** Installs the missing packages. @throws with the command to run when this user must not install packages. */
export default function setup(): void {
  const missing = Object.keys(needed).filter((name) => !existsSync(needed[name] ?? ''));
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall) throw new Error(`The tests need Debian packages that are missing here (as root: ${command}).`);
  process.stdout.write(`Installing ${missing.join(' and ')} from Debian, once.\n`);
  // Runs that start at the same time take turns; after the first one, the files exist.
  const isThere = missing.map((name) => `test -e ${needed[name]}`).join(' && ');
  const install = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const script = `{ ${isThere}; } || { ${install}; }`;
  const { status, stderr } = spawnSync('flock', [join(tmpdir(), 'test-packages.lock'), 'sh', '-c', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} failed:\n${stderr}`);
}
