/** Adds the production packages of the lock file to a project before npm installs there. */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './build.ts';

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly dev?: true; readonly devOptional?: true; readonly optional?: true }>
  >;
}

/**
 * Makes hard links to the installed packages, in the versions of the lock file. npm then checks them against what it would
 * install, and writes only what is missing or differs: half the time of an installation of 10,000 files.
 * @param more Names of further packages.
 */
export async function linkLockedPackages(project: string, more: readonly string[]): Promise<void> {
  const { packages }: LockFile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const isTopLevel = (path: string) => path.lastIndexOf('node_modules/') === 0;
  const needed = Object.entries(packages).filter(
    ([path, { dev, devOptional, optional }]) => isTopLevel(path) && (dev ?? devOptional ?? optional) === undefined,
  );
  const paths = [...needed.map(([path]) => path), ...more.map((name) => `node_modules/${name}`)];
  await mkdir(project, { recursive: true });
  // On another file system there are no hard links, and npm does all of it.
  await promisify(execFile)('cp', ['-al', '--parents', ...paths, project], { cwd: root }).catch(() => undefined);
}
