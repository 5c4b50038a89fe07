/**
 * Bundles the programs and all they load into a few files, `dist/program`. They start in less than half the time and with a
 * quarter less memory than from a thousand modules, and need no installed package. Applications that embed the gateway import
 * its modules from `dist`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const target = 'dist/program';

/** What the last build read and wrote. */
const stateFile = 'node_modules/.cache/programs';

/** Every file that a build reads or writes, with its size and the time of its last change. */
function currentState(): string {
  const folders = ['src', target].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return ['bundle.ts', 'package.json', 'package-lock.json', ...files.sort()]
    .filter((file) => existsSync(file))
    .map((file) => ({ file, stat: statSync(file) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ file, stat: { size, mtimeMs } }) => `${file} ${size} ${mtimeMs}`)
    .join('\n');
}

if (existsSync(target) && existsSync(stateFile) && readFileSync(stateFile, 'utf8') === currentState()) process.exit(0);
process.stderr.write('Building the programs (some seconds; once for each state of src).\n');

/**
 * graphql is there as modules and as CommonJS, and there may be only one of it. As CommonJS, each file that imports it would
 * hold an object of getters for all it exports.
 */
const graphqlAsModules: Plugin = {
  name: 'graphql as modules',
  setup({ onResolve }) {
    onResolve({ filter: /^graphql(?:\/|$)/ }, ({ path }) => {
      const file = fileURLToPath(import.meta.resolve(path));
      return { path: file.replace(/\.js$/, '.mjs') };
    });
  },
};

/**
 * Packages that load all they have, and what the programs use of them. What is alive all the time has to be looked through
 * with every collection of garbage, and this and the getters above were a fifth of it.
 */
const parts: Readonly<Record<string, string>> = {
  undici: `
    export { default as Client } from 'undici/lib/dispatcher/client.js';
    export { default as buildConnector } from 'undici/lib/core/connect.js';`,
  'rate-limiter-flexible': `
    export { default as RateLimiterMemory } from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
    export { default as RateLimiterRedis } from 'rate-limiter-flexible/lib/RateLimiterRedis.js';
    export { default as RateLimiterRes } from 'rate-limiter-flexible/lib/RateLimiterRes.js';`,
  // With DEBUG=ioredis:* it would print commands with their arguments, the password of Redis included.
  debug: `
    exports.default = () => Object.assign(() => {}, { enabled: false });`,
  // A page of 12 KB that the gateway does not serve (`landingPage: false`).
  '../landing-page-html.js': `
    export default '';`,
  // graphql-jit writes answers with it when configured so, which it is not: JSON.stringify is faster.
  'fast-json-stringify': '',
};

const partsOnly: Plugin = {
  name: 'parts of packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(?:${Object.keys(parts).join('|').replaceAll('.', '\\.')})$`) }, ({ path }) => ({
      path,
      namespace: 'part',
    }));
    onLoad({ filter: /./, namespace: 'part' }, ({ path }) => ({
      contents: parts[path] ?? '',
      resolveDir: import.meta.dirname,
    }));
  },
};

/**
 * A failed assertion without a message reads its own source to make one. That is one line of some hundred kilobytes here, and
 * took 6 to 9 s during which nothing else ran: so undici's assertions, which a malformed answer can fail, get a message.
 */
const assertionsWithMessages: Plugin = {
  name: 'assertions with messages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:assert$/ }, ({ path, importer }) =>
      importer.includes('/node_modules/undici/') ? { path, namespace: 'assertions' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'assertions' }, () => ({
      contents: `
        const assert = require('node:assert');
        const named = (value, message = 'an assertion of undici failed') => assert(value, message);
        module.exports = Object.assign(named, assert);`,
      loader: 'js',
    }));
  },
};

const programs = { main: 'src/main.ts', cli: 'src/cli.ts', sandbox: 'src/sandbox/main.ts' };

/**
 * What is put into files of its own, with what only it loads. Node reads a file in one piece of memory, and glibc, once it
 * has been given back a large piece, keeps twice as much of what each thread gives back afterwards (mallopt(3),
 * M_MMAP_THRESHOLD): out of one file, some eight megabytes never went back to the system.
 */
const ownFiles = ['graphql', 'graphql-jit', 'graphql-yoga', 'undici', './src/schema/index.ts'];

const { outputFiles, metafile } = await build({
  entryPoints: [
    ...Object.entries(programs).map(([out, file]) => ({ in: file, out })),
    ...ownFiles.map((file, index) => ({ in: file, out: `own/${index}` })),
  ],
  outdir: target,
  bundle: true,
  // What is loaded when it is needed, such as the GraphiQL page, stays a file of its own.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Names stay: they stand in errors, and the profiler shows them.
  minifyWhitespace: true,
  minifySyntax: true,
  // Older packages ask for Node's own modules with it.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  plugins: [graphqlAsModules, partsOnly, assertionsWithMessages],
  metafile: true,
  write: false,
});

/** The folder of the package a file belongs to; undefined for the project's own. */
function packageOf(file: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** What a package's licence asks to be passed on with it. */
function noticeOf(folder: string): string {
  const { name, version, license, author, repository } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
  // Some ship no text: then whose it is and where it comes from has to do.
  const origin = [author?.name ?? author, repository?.url ?? repository].filter(Boolean).join('\n');
  return [`${name} ${version}: ${license ?? 'see below'}`, ...(texts.length > 0 ? texts : [origin])].join('\n\n');
}

const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []));
const notices = [...packages]
  .sort()
  .map(noticeOf)
  .join(`\n\n${'-'.repeat(80)}\n\n`);

// These only pass on what is in the file the code itself went to, and no program loads them.
const passingOn = `${target}/own`;
for (const [file, { imports }] of Object.entries(metafile.outputs)) {
  const missed = imports.find(({ path }) => dirname(path) === passingOn);
  if (missed !== undefined) throw new Error(`${file} would load ${missed.path}, which is left out: see ownFiles.`);
}
const files = new Map<string, Uint8Array>(
  outputFiles
    .filter(({ path }) => dirname(relative('.', path)) !== passingOn)
    .map(({ path, contents }) => [basename(path), contents]),
);
files.set('LICENSES.txt', new TextEncoder().encode(`${notices}\n`));

mkdirSync(target, { recursive: true });
const before = readdirSync(target);
for (const [name, contents] of files) {
  const path = join(target, name);
  // Programs that run may still have to load some of them: what is the same is left alone.
  if (before.includes(name) && readFileSync(path).equals(contents)) continue;
  writeFileSync(path, contents);
}
for (const name of before) if (!files.has(name)) rmSync(join(target, name));

mkdirSync(dirname(stateFile), { recursive: true });
writeFileSync(stateFile, currentState());
