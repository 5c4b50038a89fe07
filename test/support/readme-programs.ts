/** The programs of README.md, schema/operations/README.md and src/store/README.md: each code block whose first line is a comment with a file name. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDocuments, root } from './build.ts';

const block = /^```(?:tsx?|svelte)\n(?:\/\/|<!--) ([\w-]+\.(?:tsx?|svelte))(?: -->)?\n([\s\S]*?)^```$/gm;

export interface ReadmePrograms extends AsyncDisposable {
  /** Where they lie; the package itself resolves there by its name, the package of the documents as if it were installed. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** Writes the programs unchanged, except for the address of the gateway. */
export async function writeReadmePrograms(gatewayUrl: string): Promise<ReadmePrograms> {
  const names = ['README.md', 'schema/operations/README.md', 'src/store/README.md'];
  const pages = names.map((page) => readFileSync(join(root, page), 'utf8'));
  await mkdir(join(root, 'test/output'), { recursive: true });
  const folder = await mkdtemp(join(root, 'test/output/readme-'));
  await buildDocuments();
  await mkdir(join(folder, 'node_modules'));
  const installed = join(folder, 'node_modules/tigerconnect-graphql-documents');
  await symlink(join(root, 'dist/documents-package'), installed);
  const programs = pages
    .flatMap((page) => [...page.matchAll(block)])
    .map(([, name = '', code = '']) => [name, code] as const);
  const host = new URL(gatewayUrl).host;
  for (const [name, code] of programs) await writeFile(join(folder, name), code.replaceAll('127.0.0.1:4000', host));
  return {
    folder,
    names: programs.map(([name]) => name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
