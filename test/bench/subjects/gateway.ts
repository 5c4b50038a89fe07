/** The project itself: the built program with its default settings, its log written to a file. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../support/build.ts';
import { nodeFlags, programFile } from '../../support/start-command.ts';
import { Child, cores, subjectNode } from '../processes.ts';
import { HttpSubject } from './http-subject.ts';

export interface GatewayStart {
  readonly upstreamUrl: string;
  /** Loads the probe that answers orders about the process from within. */
  readonly probed?: boolean;
  /** Another build to start instead of this tree’s. */
  readonly main?: string | undefined;
  /** Settings other than the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node after those of `npm start`. */
  readonly flags?: readonly string[];
}

export interface StartedGateway {
  readonly subject: HttpSubject;
  readonly child: Child;
  readonly origin: string;
  readonly log: () => Promise<string>;
}

const ownMain = `${root}${programFile}`;
const probe = new URL('../probe.mjs', import.meta.url).href;

export async function startGateway({
  upstreamUrl,
  probed = false,
  main = ownMain,
  env = {},
  flags = [],
}: GatewayStart): Promise<StartedGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-gateway-'));
  const outputFile = join(directory, 'log');
  const child = new Child({
    core: cores.subject,
    command: subjectNode(),
    arguments: [...nodeFlags, ...flags, ...(probed ? ['--import', probe] : []), main],
    env: { UPSTREAM_URL: upstreamUrl, PORT: '0', ...env },
    outputFile,
    channel: probed,
  });
  child.process.once('exit', () => void rm(directory, { recursive: true, force: true }));
  const log = () => readFile(outputFile, 'utf8');
  const origin = await listeningUrl(child, log);
  const subject = new HttpSubject({ name: 'gateway', label: '**this gateway**', child, url: origin });
  return { subject, child, origin, log };
}

async function listeningUrl(child: Child, log: () => Promise<string>): Promise<string> {
  for (let tries = 0; tries < 2_000 && !child.isEnded; tries++) {
    const url = /"url":"(http[^"]+)"/.exec(await log())?.[1];
    if (url !== undefined) return url;
    await delay(5);
  }
  throw new Error('the gateway did not start');
}
