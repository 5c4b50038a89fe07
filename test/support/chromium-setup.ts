import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package puts the browser. */
export const chromiumPath = '/usr/bin/chromium';

/** And its proxy. */
export const nginxPath = '/usr/sbin/nginx';

/** And what replicas of the gateway share. */
export const redisPath = '/usr/bin/redis-server';

/** Debian packages by a file of theirs: the browser, a proxy, Redis, and what Alpine's images have in place of most other commands. */
const needed: Readonly<Record<string, string>> = {
  chromium: chromiumPath,
  nginx: nginxPath,
  'redis-server': redisPath,
  busybox: '/bin/busybox',
};

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
