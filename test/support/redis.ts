/** A real redis-server on a free port, without persistence, stopped at the end of the test's block. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisPath } from './chromium-setup.ts';
import { freePort } from './free-port.ts';

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, with all it holds. */
  kill(): Promise<void>;
  /** Starts it again on its port, empty. */
  restart(): Promise<void>;
  /** It answers nothing until `wake`. */
  sleep(): void;
  wake(): void;
  /** One command. @returns The reply as Redis writes it (RESP). */
  command(...words: readonly string[]): Promise<string>;
}

/** @param more Further arguments of `redis-server`, such as `--requirepass x`. @param atPort Default: a free one. */
export async function startRedis(more: readonly string[] = [], atPort?: number): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = atPort ?? (await freePort());
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(redisPath, [...fixed, ...more], { stdio: 'ignore' });
    for (;;) {
      const reply = await command(port, 'PING').catch(() => '');
      if (/PONG|NOAUTH/.test(reply)) return;
      if (child.exitCode !== null) throw new Error('redis-server did not start.');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    restart: start,
    sleep: () => child?.kill('SIGSTOP'),
    wake: () => child?.kill('SIGCONT'),
    command: (...words) => command(port, ...words),
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one command on a connection of its own, and reads until the server closes it after QUIT. */
function command(port: number, ...words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const encode = (parts: readonly string[]) =>
      `*${parts.length}\r\n${parts.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
    const socket = connect(port, '127.0.0.1', () => socket.write(encode(words) + encode(['QUIT'])));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(text.replace(/\+OK\r\n$/, '')));
  });
}
