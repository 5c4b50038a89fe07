/** The content of the image as a directory, because no container engine is available to the tests. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from './build.ts';

const dockerfile = readFileSync(`${root}Dockerfile`, 'utf8').replaceAll('\\\n', ' ');
/** The lines of the last stage: the image. */
const lines = dockerfile.slice(dockerfile.lastIndexOf('\nFROM ')).split('\n');

/** The default of an argument of the build, which may name others. */
function argument(name: string): string {
  return substituted(new RegExp(`^ARG ${name}=(.*)$`, 'm').exec(dockerfile)?.[1] ?? '');
}

function substituted(text: string): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_all, variable: string) => argument(variable));
}

function argumentsOf(instruction: string): string[] {
  return lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));
}

/** The JSON list in an instruction, which runs it without a shell. */
function listOf(text: string | undefined): readonly string[] {
  return JSON.parse(/\[.*\]/.exec(text ?? '')?.[0] ?? '[]');
}

/** Files every image has from its base: Alpine's shell and its commands are all busybox. */
const busybox = '/bin/busybox';

export const image = {
  environment: Object.fromEntries(
    (argumentsOf('ENV')[0] ?? '').split(' ').map((pair) => pair.split('=', 2) as [string, string]),
  ),
  user: argumentsOf('USER')[0] ?? '',
  entrypoint: listOf(argumentsOf('ENTRYPOINT')[0]),
  command: listOf(argumentsOf('CMD')[0]),
  /** In the form that is run by the shell. */
  healthCheck: [busybox, 'sh', '-c', / CMD (.*)/.exec(argumentsOf('HEALTHCHECK')[0] ?? '')?.[1] ?? ''],
  /** Of all stages. */
  baseImages: [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, name = '']) => substituted(name)),
  labels: Object.fromEntries(
    [...(argumentsOf('LABEL')[0] ?? '').matchAll(/org\.opencontainers\.image\.(\w+)="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, substituted(value)],
    ),
  ),
};

export interface ImageTree {
  readonly path: string;
  /** Commands of the base image. */
  readonly commands: string;
  /** Of every file. */
  readonly bytes: number;
  readonly files: readonly string[];
  remove(): void;
}

/** `dist/` has to be built. */
export function unpackImage(): ImageTree {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  const [path, commands] = [join(folder, 'app'), join(folder, 'bin')];
  mkdirSync(path);
  mkdirSync(commands);
  symlinkSync(busybox, join(commands, 'wget'));
  for (const line of argumentsOf('COPY')) {
    const words = line.split(' ').filter((word) => !word.startsWith('--from='));
    const to = words.pop() ?? '';
    for (const from of words) {
      const file = join(root, from.replace('/app/', ''));
      const target = to.endsWith('/') ? join(to, basename(from)) : to;
      cpSync(file, join(path, target), { recursive: true });
    }
  }
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  spawnSync('chmod', ['-R', 'a+rX,a-w', folder]);
  return {
    path,
    commands,
    files,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    remove() {
      spawnSync('chmod', ['-R', 'u+w', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs a program of the image as its user; where the machine allows it, with every file system read-only. */
export function runInImage(
  tree: ImageTree,
  [command = '', ...rest]: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const program = command === 'node' ? process.execPath : command;
  const env = { PATH: `${tree.commands}:${dirname(process.execPath)}`, ...image.environment, ...environment };
  const [user = '', group = ''] = image.user.split(':');
  const options = { cwd: tree.path, env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  if (process.getuid?.() !== 0) return spawn(program, rest, options);
  if (!canMakeReadOnly()) return spawn(program, rest, { ...options, uid: Number(user), gid: Number(group) });
  const drop = `/usr/bin/setpriv --reuid ${user} --regid ${group} --clear-groups --no-new-privs --inh-caps=-all`;
  const readOnly = `/bin/mount -o remount,ro,bind / && exec ${drop} "$0" "$@"`;
  return spawn('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', readOnly, program, ...rest], options);
}

function canMakeReadOnly(): boolean {
  const test = '/bin/mount -o remount,ro,bind / && exec /usr/bin/setpriv --no-new-privs true';
  return spawnSync('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', test]).status === 0;
}
