/** Builds `dist/` as a user would, once for each state of its sources; test files that run at the same time take turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export const root = new URL('../..', import.meta.url).pathname;
const cache = `${root}node_modules/.cache/test-build`;

export const sampleAppConfig = `${root}test/app/vite.config.ts`;
/** Not below `dist/`, which is published. */
export const sampleAppFolder = `${root}node_modules/.cache/sample-app`;

/** Files a build reads, and the folder it writes. */
interface Build {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Parts of the folder that another build writes. */
  readonly except: RegExp;
}

const npmRun = (script: string) => ['npm', 'run', '--silent', script] as const;

const programs: Build = {
  name: 'build-programs',
  command: npmRun('build:programs'),
  inputs: ['bundle.ts', 'package.json', 'package-lock.json', 'src'],
  output: 'dist/program',
  except: /^$/,
};
const modules: Build = {
  name: 'build-modules',
  // Several checkers repeat some of each other's work: one writes the same files in two thirds of the processor time.
  command: [...npmRun('build:modules'), '--', '--singleThreaded'],
  inputs: ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src'],
  output: 'dist',
  except: /^(?:program|documents-package)(?:$|\/)|\.tgz$/,
};
const documents: Build = {
  name: 'pack-documents',
  command: npmRun('pack:documents'),
  inputs: ['package.json', 'package-lock.json', 'tsconfig.json', 'src', 'schema'],
  output: 'dist/documents-package',
  except: /^$/,
};
const sampleApp: Build = {
  name: 'sample-app',
  command: [
    `${root}node_modules/.bin/vite`,
    'build',
    '--config',
    sampleAppConfig,
    '--outDir',
    sampleAppFolder,
    '--emptyOutDir',
  ],
  // The tests run with NODE_ENV=test, with which React's development build would be bundled.
  env: { NODE_ENV: 'production' },
  inputs: ['package-lock.json', 'src', 'test/app'],
  output: relative(root, sampleAppFolder),
  except: /^$/,
};

/** The programs, as `npm start` builds them. */
export function build(): Promise<void> {
  return buildOnce(programs);
}

/** The modules and declarations of the package as well. */
export async function buildPackage(): Promise<void> {
  await buildOnce(modules);
  await build();
}

/** The package of the typed documents. */
export function buildDocuments(): Promise<void> {
  return buildOnce(documents);
}

/** The sample app, in `sampleAppFolder`. */
export function buildSampleApp(): Promise<void> {
  return buildOnce(sampleApp);
}

async function buildOnce(what: Build): Promise<void> {
  if (isUpToDate(what)) return;
  await using _lock = await takeLock();
  if (isUpToDate(what)) return;
  const inputs = stateOf(what.inputs);
  await run(what);
  writeFileSync(stampOf(what), `${inputs}\n${outputsOf(what)}`);
}

function stampOf({ name }: Build): string {
  return `${cache}/${name}`;
}

/** Whether the last build read the same files and wrote those that are there. */
function isUpToDate(what: Build): boolean {
  try {
    return readFileSync(stampOf(what), 'utf8') === `${stateOf(what.inputs)}\n${outputsOf(what)}`;
  } catch {
    return false; // it was never built here
  }
}

function outputsOf({ output, except }: Build): string {
  return stateOf([output], except);
}

/** Every file of these files and folders with its size and the time of its last change. */
function stateOf(paths: readonly string[], except = /^$/): string {
  const lines = paths.flatMap((path) => {
    if (statSync(root + path).isFile()) return [path];
    const names = readdirSync(root + path, { recursive: true, encoding: 'utf8' }).toSorted();
    return names.filter((name) => !except.test(name)).map((name) => `${path}/${name}`);
  });
  return lines
    .map((file) => ({ file, stat: statSync(root + file) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat: { size, mtimeMs } }) => `${file} ${size} ${mtimeMs}`)
    .join('\n');
}

/** @throws with everything the command wrote when it fails. */
async function run({ name, command: [command, ...args], env }: Build): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${name} failed:\n${output}`);
}

/** The system frees the lock when the process that holds it ends, however it ends, so none is ever stale. */
async function takeLock(): Promise<AsyncDisposable> {
  mkdirSync(cache, { recursive: true });
  // `cat` ends with its input, which ends with this process.
  const holder = spawn('flock', [`${cache}/lock`, 'sh', '-c', 'echo locked && exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(holder, 'exit');
  const locked = once(holder.stdout, 'data');
  await Promise.race([locked, exit.then(([code]) => Promise.reject(new Error(`flock ended with ${code}`)))]);
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await exit;
    },
  };
}
