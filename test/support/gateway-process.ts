/** The built gateway in a separate process, in front of the test's upstream; call `build()` first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './build.ts';
import { nodeFlags, programFile } from './start-command.ts';

export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcess;
  /** Exit code. */
  readonly exit: Promise<number | null>;
  /** Everything the process has written to standard output and standard error. */
  output(): string;
}

export interface ProcessOptions {
  /** Settings; of this process's environment it gets PATH only. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags for Node, after those it is always started with. */
  readonly flags?: readonly string[];
  /** Program of Node; default: the one of this process. */
  readonly node?: string;
}

export async function startGatewayProcess(upstreamUrl: string, options: ProcessOptions = {}): Promise<GatewayProcess> {
  const child = spawn(options.node ?? process.execPath, [...nodeFlags, ...(options.flags ?? []), programFile], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', UPSTREAM_URL: upstreamUrl, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  let output = '';
  let address: string | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        // Once only: the output may grow to many megabytes.
        address ??= /"url":"([^"]+)","msg":"gateway is listening"/.exec(output)?.[1];
        if (address !== undefined) resolve(address);
      });
    }
    // Not at its exit: what it wrote before may come after that.
    child.once('close', () => reject(new Error(`it ended before it listened:\n${output}`)));
  });
  return {
    url,
    child,
    exit,
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
