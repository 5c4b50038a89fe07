/**
 * Whether one client can stop the others: each attack of `attacker.ts` on the built program with a heap of 512 MiB, while good callers
 * repeat a few queries. Loopback only; ends by itself.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build, root } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { loopMilliseconds, residentBytes } from '../support/process-figures.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { post } from '../support/stack.ts';
import { type AttackName, type AttackOrder, attacks, failing } from './attacker.ts';
import { percentile, rounded } from './figures.ts';

export interface AttackOptions {
  readonly connections: number;
  readonly seconds: number;
}

export interface AttackReport {
  readonly attack: string;
  /** Requests of good callers. */
  readonly asked: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** 99th percentile of the time the gateway's event loop had the processor while a request waited: the same on a busy machine. */
  readonly loopP99Ms: number;
  /** Maximum growth of memory, compared with the time before, when only good callers sent requests. */
  readonly growthMiB: number;
  /** Upstream calls beyond those of good callers, which cause two for each query. */
  readonly upstreamCalls: number;
}

const people = ['ada', 'grace', 'alan', 'edward'] as const;
const question = { query: '{ me { displayName } mutes { mutedUntil } }' };
const everyMs = 25;
const slowMs = 5_000;

export const attackNames = Object.keys(attacks) as AttackName[]; // they are its keys

/** The gateway, its upstream and its good callers. */
export async function startAttacked() {
  await build();
  bundleAttacker();
  const sandbox = await startSandbox();
  const gateway = await startGatewayProcess(sandbox.url, {
    flags: ['--max-old-space-size=512'],
    env: { ENTITY_CACHE_MS: '0', SHARED_QUERY_MS: '0' },
  });
  const control = controlOf(sandbox);
  // Upstream calls of attackers are slow, so that their requests accumulate.
  await control.fault({ kind: 'delay', operationId: 'getUser', delayMs: slowMs });
  await control.fault({ kind: 'delay', operationId: 'lookupUser', delayMs: slowMs });
  await control.fault({ kind: 'status', operationId: 'listMutes', caller: failing, status: 500 });
  // The next one loads while the one before it is at work.
  let next = startAttacker();
  return {
    gateway,
    run(attack: AttackName, options: AttackOptions) {
      const attacker = next;
      next = startAttacker();
      return runAttack(gateway, attacker, () => sandbox.requests.count(), attack, options);
    },
    async [Symbol.asyncDispose]() {
      next.kill('SIGKILL');
      await gateway[Symbol.asyncDispose]();
      await sandbox.close();
    },
  };
}

const attackerFile = join(root, 'node_modules/.cache/attacker.mjs');

/** Once for all of them: a process that has to load a compiler first takes several times as long to start. */
function bundleAttacker(): void {
  buildSync({
    entryPoints: [fileURLToPath(new URL('./attacker.ts', import.meta.url))],
    outfile: attackerFile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
}

/** Starts a process that waits for an `AttackOrder`. */
function startAttacker(): ChildProcess {
  const attacker = fork(attackerFile, ['attack'], { execArgv: [] });
  // Real attackers have their own machines, so their computation must not delay the gateway and its good callers.
  if (attacker.pid !== undefined) setPriority(attacker.pid, constants.priority.PRIORITY_LOW);
  return attacker;
}

async function runAttack(
  { url, child }: GatewayProcess,
  attacker: ChildProcess,
  upstreamCalls: () => number,
  attack: AttackName,
  { connections, seconds }: AttackOptions,
): Promise<AttackReport> {
  const pid = child.pid ?? 0;
  await ask(url, 20, () => () => {});
  const before = residentBytes(pid);
  const gone = new Promise((resolve) => attacker.once('exit', resolve));
  const begun = new Promise((resolve) => attacker.once('message', resolve));
  attacker.send({ url, name: attack, connections, seconds: seconds + 30 } satisfies AttackOrder);
  await begun;
  const callsBefore = upstreamCalls();
  const durations: number[] = [];
  const loopDurations: number[] = [];
  let failed = 0;
  let most = before;
  const watch = setInterval(() => {
    if (child.exitCode === null) most = Math.max(most, residentBytes(pid));
  }, 20);
  const loopMs = () => (child.exitCode === null ? loopMilliseconds(pid) : 0);
  await ask(url, (seconds * 1000) / everyMs, () => {
    const startedAt = performance.now();
    const loopAt = loopMs();
    return (isGood) => {
      durations.push(performance.now() - startedAt);
      loopDurations.push(loopMs() - loopAt);
      if (!isGood) failed += 1;
    };
  });
  clearInterval(watch);
  attacker.kill('SIGKILL');
  await gone;
  await pause(200); // its connections are closed
  return {
    attack,
    asked: durations.length,
    failed,
    p50Ms: rounded(percentile(durations, 0.5)),
    p99Ms: rounded(percentile(durations, 0.99)),
    longestMs: rounded(Math.max(...durations)),
    loopP99Ms: rounded(percentile(loopDurations, 0.99)),
    growthMiB: rounded((most - before) / 1_048_576),
    upstreamCalls: upstreamCalls() - callsBefore - 2 * durations.length,
  };
}

/** Sends requests at a steady pace, without waiting for responses. @param onAsked Returns the listener of a response. */
async function ask(url: string, count: number, onAsked: () => (isGood: boolean) => void): Promise<void> {
  const asked: Promise<void>[] = [];
  for (let turn = 0; turn < count; turn++) {
    const onAnswer = onAsked();
    asked.push(
      post(url, question, people[turn % people.length]).then(
        ({ errors }) => onAnswer(errors === undefined),
        () => onAnswer(false),
      ),
    );
    await pause(everyMs);
  }
  await Promise.all(asked);
}

export async function runAttacks(
  names: readonly AttackName[],
  options: AttackOptions,
): Promise<{ readonly attacks: readonly AttackReport[] }> {
  const reports: AttackReport[] = [];
  for (const name of names) {
    // A gateway for each: an attack must not meet effects of the previous one.
    await using attacked = await startAttacked();
    const report = await attacked.run(name, options);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    reports.push(report);
  }
  return { attacks: reports };
}
