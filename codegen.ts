/** Typed documents for front ends, and the manifest of persisted operations. `npm run generate` writes both. */
import { readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform, preset as clientPreset } from '@graphql-codegen/client-preset';
import { buildSchema, type GraphQLSchema, isAbstractType } from 'graphql';
import { compact, sameDocuments } from './schema/codegen/compact.ts';
import { withIdKinds, withIdVariables } from './schema/codegen/id-kinds.ts';
import { scalarTypes } from './schema/codegen/scalars.ts';
import { strictSchema } from './schema/codegen/semantic-non-null.ts';

type Section = Awaited<ReturnType<typeof clientPreset.buildGeneratesSection>>[number];
type CodegenPlugin = Section['pluginMap'][string];

const folder = 'src/generated/';
const notice = '// Generated from schema/ by `npm run generate`; do not edit.';

/** Apollo Client asks for the members of unions and interfaces, which it cannot tell from documents. */
const possibleTypes = {
  plugin(schema: GraphQLSchema) {
    const abstract = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type));
    const members = abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]);
    const doc = '/** The object types of each union and interface: an option of the cache of Apollo Client. */';
    return `\n${doc}\nexport const possibleTypes = ${JSON.stringify(Object.fromEntries(members), null, 2)};\n`;
  },
};

const sdl = readFileSync('schema/schema.graphql', 'utf8');
const typed = withIdKinds(buildSchema(sdl));
const strict = withIdKinds(strictSchema(sdl));

/** Types of a schema in which the ids of users, groups and messages differ. */
function withTypesOf(plugin: CodegenPlugin, { schema }: typeof typed): CodegenPlugin {
  return {
    ...plugin,
    plugin: (_schema, documents, options, info) => {
      const own = documents.map((file) => ({
        ...file,
        ...(file.document === undefined ? {} : { document: withIdVariables(file.document, schema) }),
      }));
      return plugin.plugin(schema, own, options, info);
    },
  };
}

/** The documents as another text, such as one of a tenth of the size. */
function rewritten(plugin: CodegenPlugin, rewrite: (text: string) => string): CodegenPlugin {
  return {
    ...plugin,
    plugin: async (...args) => {
      const output = await plugin.plugin(...args);
      return typeof output === 'string' ? rewrite(output) : { ...output, content: rewrite(output.content) };
    },
  };
}

/** The plugins of a file with one of them changed. */
function changed(
  plugins: Section['pluginMap'],
  name: string,
  change: (plugin: CodegenPlugin) => CodegenPlugin,
): Section['pluginMap'] {
  const plugin = plugins[name];
  if (plugin === undefined) throw new Error(`graphql-codegen has no plugin ${name} any more.`);
  return { ...plugins, [name]: change(plugin) };
}

/** The client preset without the files that only serve its `graphql()` function, which would pull in every document. */
const preset: typeof clientPreset = {
  ...clientPreset,
  async buildGeneratesSection(options) {
    const written: Section[] = [];
    for (const file of await clientPreset.buildGeneratesSection(options)) {
      if (file.filename === `${folder}graphql.ts`) {
        const [, ...plugins] = file.plugins; // the first only adds a line for another linter
        const withTypes = (schema: typeof typed) =>
          changed(file.pluginMap, 'typescript-operations', (plugin) => withTypesOf(plugin, schema));
        const documentsAs = (schema: typeof typed, rewrite: (text: string) => string) =>
          changed(withTypes(schema), 'typed-document-node', (plugin) => rewritten(plugin, rewrite));
        const own = { ...file, plugins: [{ add: { content: notice } }, ...plugins] };
        written.push(
          {
            ...own,
            filename: `${folder}documents.ts`,
            pluginMap: { ...documentsAs(typed, compact), possibleTypes },
            plugins: [...own.plugins, { possibleTypes: {} }],
          },
          { ...own, filename: `${folder}strict-documents.ts`, pluginMap: documentsAs(strict, sameDocuments) },
        );
      } else if (file.filename.endsWith('.json')) {
        written.push({ ...file, filename: 'schema/persisted-operations.json' });
      }
    }
    return written;
  },
};

const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  documents: 'schema/operations/*.graphql',
  silent: true,
  generates: {
    [folder]: {
      preset,
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: {
        // One type for each fragment, used as it is: no unmasking, whatever the client.
        fragmentMasking: false,
        // GraphQL over HTTP, "Persisted Documents": sha256 of the text in the manifest.
        persistedDocuments: { mode: 'embedHashInDocument', hashPropertyName: 'hash', hashAlgorithm: 'sha256' },
      },
      config: {
        strictScalars: true,
        useTypeImports: true,
        enumType: 'string-literal',
        immutableTypes: true,
        // Fragments by name: written out where they are spread, the types are three times as long.
        inlineFragmentTypes: 'combine',
        scalars: { ...scalarTypes('../documents/document-scalars.ts'), ...typed.scalars },
      },
    },
  },
};

export default config;
