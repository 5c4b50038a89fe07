/** Typed documents for front ends, and the manifest of persisted operations. `npm run generate` writes both. */
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform, preset as clientPreset } from '@graphql-codegen/client-preset';
import { type GraphQLSchema, isAbstractType } from 'graphql';

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

type Section = Awaited<ReturnType<typeof clientPreset.buildGeneratesSection>>[number];

/** The client preset without the files that only serve its `graphql()` function, which would pull in every document. */
const preset: typeof clientPreset = {
  ...clientPreset,
  async buildGeneratesSection(options) {
    const written: Section[] = [];
    for (const file of await clientPreset.buildGeneratesSection(options)) {
      if (file.filename === `${folder}graphql.ts`) {
        const [, ...plugins] = file.plugins; // the first only adds a line for another linter
        written.push({
          ...file,
          filename: `${folder}documents.ts`,
          pluginMap: { ...file.pluginMap, possibleTypes },
          plugins: [{ add: { content: notice } }, ...plugins, { possibleTypes: {} }],
        });
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
        scalars: {
          ID: 'string',
          DateTime: '../document-scalars.ts#DateTime',
          URL: '../document-scalars.ts#Url',
          EmailAddress: '../document-scalars.ts#EmailAddress',
          PhoneNumber: '../document-scalars.ts#PhoneNumber',
          NonNegativeInt: '../document-scalars.ts#NonNegativeInt',
          JSON: '../document-scalars.ts#Json',
          // Only sent, never read.
          File: { input: '../document-scalars.ts#Upload', output: 'never' },
        },
      },
    },
  },
};

export default config;
