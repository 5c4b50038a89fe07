/**
 * Writes the package of the typed documents, `dist/documents-package`, and packs it: what a front end installs, without the
 * gateway. It prints the path of the packed file, which is in `dist`, or in the folder that is given as an argument.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scalarTypes } from '../codegen/scalars.ts';
import { compactDeclarations, compactModule, compactSdl } from './compact-files.ts';

const root = join(import.meta.dirname, '../..');
const target = join(root, 'dist/documents-package');
const destination = resolve(process.argv[2] ?? join(root, 'dist'));
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const interfacePackage = '@graphql-typed-document-node/core';

const manifest = {
  name: 'tigerconnect-graphql-documents',
  version: own.version,
  description: 'Typed documents, SDL and manifest of registered operations for front ends of tigerconnect-graphql.',
  license: own.license,
  type: 'module',
  sideEffects: false,
  exports: {
    '.': { types: './documents.d.ts', default: './documents.js' },
    './schema.graphql': './schema.graphql',
    './persisted-operations': {
      types: './documents/persisted-operations.d.ts',
      default: './documents/persisted-operations.js',
    },
    './scalars.json': './scalars.json',
    './package.json': './package.json',
  },
  dependencies: { [interfacePackage]: own.dependencies[interfacePackage] },
};

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
execFileSync(process.execPath, [compiler, '-p', import.meta.dirname], { cwd: root, stdio: 'inherit' });
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
writeFileSync(join(target, 'package.json'), json(manifest));
writeFileSync(join(target, 'scalars.json'), json(scalarTypes(manifest.name)));
// With `@semanticNonNull`: what reads the SDL for types either knows it or passes it over.
const sdl = readFileSync(join(root, 'schema/schema.strict.graphql'), 'utf8');
writeFileSync(join(target, 'schema.graphql'), compactSdl(sdl));
for (const [file, compact] of [
  ['generated/documents.d.ts', compactDeclarations],
  ['generated/documents.js', compactModule],
  ['generated/strict-fields.d.ts', compactDeclarations],
  ['documents/strict.d.ts', compactDeclarations],
] as const) {
  const path = join(target, file);
  writeFileSync(path, compact(readFileSync(path, 'utf8')));
}
copyFileSync(join(import.meta.dirname, 'README.md'), join(target, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));

const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], { cwd: target });
process.stdout.write(`${join(destination, packed.toString().trim())}\n`);
