/** Programs as a user starts them, with only PATH of this process's environment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from './build.ts';
import { nodeFlags, programFile } from './start-command.ts';

export interface Program extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Signals the program, and with `isGroup` all it started. */
  kill(signal: NodeJS.Signals): boolean;
  /** Resolves when a line of output matches. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  readonly exit: Promise<number | null>;
}

/** The built gateway, on free ports. */
export function run(env: Readonly<Record<string, string>>): Program {
  return runCommand(process.execPath, [...nodeFlags, programFile], { env: { PORT: '0', SANDBOX_PORT: '0', ...env } });
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** As the first of a process group of its own, which is ended with it: for commands that start others. */
  readonly isGroup?: boolean;
}

export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Program {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.isGroup === true,
  });
  const { pid } = child;
  const kill = (signal: NodeJS.Signals) => {
    if (options.isGroup !== true || pid === undefined) return child.kill(signal);
    try {
      return process.kill(-pid, signal);
    } catch {
      return false; // all of it has ended
    }
  };
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`;
      for (const check of waiting) check();
    });
  }
  const exit = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  return {
    child,
    kill,
    output: () => output,
    exit,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(output);
          if (match === null) return;
          waiting.delete(check);
          resolve(match);
        };
        waiting.add(check);
        check();
        void exit.then(() => reject(new Error(`it ended before it said ${pattern}:\n${output}`)));
      }),
    async [Symbol.asyncDispose]() {
      kill('SIGKILL');
      await exit;
    },
  };
}
