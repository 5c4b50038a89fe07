/** The package of the typed documents, installed from its packed file as a front end would, and used by graphql-codegen. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDocuments, root } from '../support/build.ts';

const run = promisify(execFile);
const name = 'tigerconnect-graphql-documents';

/** A project with operations of its own; `@ts-expect-error` marks the lines that the compiler must reject. */
const files = {
  'operations/own.graphql': `
    query Own($id: ID!, $metadata: Boolean!) {
      message(id: $id) { id createdAt data { payload } attachments { size } }
      user(id: $id) { avatarUrl emails { address } }
    }
    mutation Picture($avatar: File) { updateMe(input: { avatar: $avatar }) { me { id } } }`,
  'use.ts': `
    import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
    import {
      type DateTime, documentId, idOf, MarkConversationDocument, MeDocument, type MessageBubbleFragment, type MessageId,
      type NodeId, NodeDocument, SendMessageDocument, strict, type Url, UserDocument, type UserId,
    } from '${name}';
    import { persistedOperations as manifest } from '${name}/persisted-operations';
    import type { OwnQuery, PictureMutationVariables } from './generated/graphql.ts';

    export function scalars(own: OwnQuery) {
      const at: DateTime | null | undefined = own.message?.createdAt;
      const picture: Url | null | undefined = own.user?.avatarUrl;
      const size: number | null | undefined = own.message?.attachments[0]?.size;
      const file: PictureMutationVariables = { avatar: new Blob(['png']) };
      // @ts-expect-error: DateTime is a string
      const wrong: number | null | undefined = own.message?.createdAt;
      return { at, picture, size, file, wrong };
    }

    const strictMe = strict(MeDocument);
    export function withoutNull(own: ResultOf<typeof MeDocument>, data: ResultOf<typeof strictMe>) {
      // @ts-expect-error: a failed field is null
      const id = own.me.id;
      return [id, data.me.id, data.me.organizations.map(({ key }) => key)];
    }

    type User = VariablesOf<typeof UserDocument>;
    export function ids(user: UserId, message: MessageBubbleFragment, address: URLSearchParams) {
      const own: MessageId = message.id;
      const any: NodeId = own;
      // @ts-expect-error: a string is not an id
      const text: UserId = address.get('user') ?? '';
      const users: User[] = [{ id: user }, { id: 'grace@example.org' }, { id: address.get('user') ?? '' }];
      // @ts-expect-error: the id of a message
      const wrong: User = { id: message.id };
      // @ts-expect-error: the token of a message
      const wrongToken: User = { id: message.token };
      const nodes: VariablesOf<typeof NodeDocument>[] = [{ id: user }, { id: message.id }];
      const recipients: VariablesOf<typeof SendMessageDocument>[] = [
        { input: { recipient: user, body: 'x' } },
        // @ts-expect-error: a message is not a recipient
        { input: { recipient: message.id, body: 'x' } },
      ];
      const mark: VariablesOf<typeof MarkConversationDocument> = {
        // @ts-expect-error: a user is not a conversation
        input: { conversation: user, through: message.id, status: 'READ' },
      };
      return [own, any, text, users, wrong, wrongToken, nodes, recipients, mark];
    }

    const texts: Record<string, string> = manifest;
    console.log(idOf('User', 'User:1'), texts[documentId(MeDocument)]?.includes('query Me'));`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: false,
      module: 'preserve',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: [],
      resolveJsonModule: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
    include: ['use.ts', 'generated'],
  }),
  'package.json': '{"private":true,"type":"module"}',
};

describe('the package of the documents', () => {
  let folder: string;
  const installed = (path = '') => join(folder, 'node_modules', name, path);

  beforeAll(async () => {
    await buildDocuments();
    await mkdir(join(root, 'test/output'), { recursive: true });
    folder = await mkdtemp(join(root, 'test/output/documents-'));
    await mkdir(join(folder, 'operations'));
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    const page = await readFile(join(root, 'schema/operations/README.md'), 'utf8');
    const [, config = ''] = /^```ts\n\/\/ codegen\.ts\n([\s\S]*?)^```$/m.exec(page) ?? [];
    await writeFile(join(folder, 'codegen.ts'), config);
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, packed = ''] = /^npm i \.\.\/tigerconnect-graphql\/(dist\/\S+\.tgz) /m.exec(readme) ?? [];
    const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...options, join(root, packed)], { cwd: folder });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('has at most 150 KB and nothing but the interface of typed documents as a dependency', async () => {
    const names = await readdir(installed(), { recursive: true });
    const sizes = await Promise.all(names.map((path) => stat(installed(path))));
    const bytes = sizes.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeLessThanOrEqual(150 * 1024);
    const { dependencies } = JSON.parse(await readFile(installed('package.json'), 'utf8'));
    expect(Object.keys(dependencies)).toEqual(['@graphql-typed-document-node/core']);
    // npm installs graphql as the peer dependency of the interface.
    const others = (await readdir(join(folder, 'node_modules'))).filter((entry) => !entry.startsWith('.'));
    expect(others.sort()).toEqual(['@graphql-typed-document-node', 'graphql', name]);
  });

  it('has the manifest of the gateway', async () => {
    const program = `import { persistedOperations } from '${name}/persisted-operations'; console.log(JSON.stringify(persistedOperations));`;
    const { stdout } = await run('node', ['--input-type=module', '-e', program], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(await readFile(join(root, 'schema/persisted-operations.json'), 'utf8')),
    );
  });

  it('types scalars and ids, in its documents and in those of graphql-codegen', async () => {
    const cli = join(root, 'node_modules/@graphql-codegen/cli/cjs/bin.js');
    await run('node', [cli, '--config', 'codegen.ts'], { cwd: folder });
    const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
    const checked = run('node', [compiler, '-p', folder], { cwd: folder });
    await checked.catch(({ stdout }: { readonly stdout: string }) => expect(stdout).toBe(''));
    expect(await readFile(join(folder, 'generated/graphql.ts'), 'utf8')).not.toMatch(/\b(any|unknown)[;,]/);
  });

  it('can be imported when no other package is installed', async () => {
    await rm(join(folder, 'node_modules/graphql'), { recursive: true });
    const program = (files['use.ts'].match(/console\.log.+;/) ?? [''])[0];
    const imports = `import { documentId, idOf, MeDocument } from '${name}';
      import { persistedOperations as manifest } from '${name}/persisted-operations'; const texts = manifest;`;
    const { stdout } = await run(
      'node',
      ['--no-warnings', '--input-type=module', '-e', imports + program.replace('?.', '.')],
      {
        cwd: folder,
      },
    );
    expect(stdout).toBe('User:1 true\n');
  });
});
