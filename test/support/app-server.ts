/** A page on its own address, with the gateway behind it, like a front end and its service behind one host. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { preview } from 'vite';
import { buildSampleApp, root, sampleAppConfig, sampleAppFolder } from './build.ts';

export interface AppServer extends AsyncDisposable {
  /** Address of the page. */
  readonly url: string;
  /** Bytes of everything the page loads first, compressed. */
  readonly firstLoadBytes: number;
}

export interface BuiltApp {
  readonly configFile: string;
  readonly folder: string;
}

/** The sample app, which is built once for all test files. */
export async function builtSampleApp(): Promise<BuiltApp> {
  await buildSampleApp();
  return { configFile: sampleAppConfig, folder: sampleAppFolder };
}

/** Builds what a configuration names, into a temporary folder. */
export async function buildApp(configFile: string): Promise<BuiltApp & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'app-'));
  // In a process of its own: this one is called a test, for which React would be built another way.
  const command = ['build', '--config', configFile, '--outDir', folder, '--logLevel', 'error'];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(join(root, 'node_modules/.bin/vite'), command, { cwd: root, env });
  return { configFile, folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Serves a built app, with `/graphql` and `/attachments` passed on to the gateway. */
export async function startAppServer(gatewayUrl: string, { configFile, folder }: BuiltApp): Promise<AppServer> {
  const server = await preview({
    configFile,
    // It prints the ends of sockets as errors.
    logLevel: 'silent',
    build: { outDir: folder },
    preview: {
      host: '127.0.0.1',
      port: 0,
      proxy: { '/graphql': { target: gatewayUrl, ws: true }, '/attachments': { target: gatewayUrl } },
    },
  });
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    firstLoadBytes: await compressedSize(folder),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function compressedSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => readFile(join(parentPath, name))),
  );
  return files.reduce((sum, content) => sum + gzipSync(content).length, 0);
}
