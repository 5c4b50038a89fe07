import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Where Debian's package puts the browser. */
export const chromiumPath = '/usr/bin/chromium';

/** Gets Chromium from Debian when it is missing and this may be done; says what to install when it may not. */
export default function setup(): void {
  if (existsSync(chromiumPath)) return;
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayInstall)
    throw new Error(
      'The browser tests need Chromium: install the Debian package "chromium" (as root: apt-get install chromium).',
    );
  process.stdout.write('Installing chromium from Debian, once.\n');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    if (status !== 0) throw new Error(`Installing chromium failed:\n${stderr}`);
  }
}
