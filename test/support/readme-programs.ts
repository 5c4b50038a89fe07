/** The programs of the README's front-end chapter: each code block that opens with the name of its file. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './build.ts';

const block = /^```tsx?\n\/\/ ([\w-]+\.tsx?)\n([\s\S]*?)^```$/gm;

export interface ReadmePrograms extends AsyncDisposable {
  /** Where they lie; the package itself resolves there by its name. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** Writes them as they stand, but for the address of the gateway. */
export async function writeReadmePrograms(gatewayUrl: string): Promise<ReadmePrograms> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  await mkdir(join(root, 'test/output'), { recursive: true });
  const folder = await mkdtemp(join(root, 'test/output/readme-'));
  const programs = [...readme.matchAll(block)].map(([, name = '', code = '']) => [name, code] as const);
  const host = new URL(gatewayUrl).host;
  for (const [name, code] of programs) await writeFile(join(folder, name), code.replaceAll('127.0.0.1:4000', host));
  return {
    folder,
    names: programs.map(([name]) => name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
