/** How long `npm start` takes: in a fresh checkout after `npm ci`, and when it is built. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/build.ts';
import { runCommand } from '../support/program.ts';
import { percentile, rounded } from './figures.ts';

export interface StartTimes {
  /** Seconds until the address of GraphiQL is written. */
  readonly cold: number;
  /** Median of several. */
  readonly built: number;
}

const parts = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'bundle.ts', 'src', 'schema'];

export async function runStartTimes({ starts }: { readonly starts: number }): Promise<StartTimes> {
  const checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  try {
    for (const part of parts) cpSync(join(root, part), join(checkout, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    const cold = await secondsToStart(checkout);
    const built: number[] = [];
    for (let count = 0; count < starts; count += 1) built.push(await secondsToStart(checkout));
    return { cold: rounded(cold), built: rounded(percentile(built, 0.5)) };
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

async function secondsToStart(cwd: string): Promise<number> {
  const startedAt = performance.now();
  await using start = runCommand('npm', ['start'], { cwd, env: { PORT: '0', SANDBOX_PORT: '0' }, isGroup: true });
  await start.line(/GraphiQL\s+\S+\/graphql/);
  const seconds = (performance.now() - startedAt) / 1_000;
  start.kill('SIGINT');
  await start.exit;
  return seconds;
}
