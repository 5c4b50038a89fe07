/** Writes all files derived from the contract and from the GraphQL schema. `npm run check` fails when they are out of date. */
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { lexicographicSortSchema, printSchema } from 'graphql';
import openapiTS, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';
import { schema } from '../src/schema/index.ts';
import { isRecord } from '../src/util/is-record.ts';
import { schemaDataModule } from './codegen/schema-data.ts';
import { strictFields, withSemanticNonNull } from './codegen/semantic-non-null.ts';
import { wireDataModule } from './codegen/wire-data.ts';
import { writeIfChanged } from './write-if-changed.ts';

const contractUrl = new URL('upstream.yaml', import.meta.url);
const checksUrl = new URL('../src/upstream/wire/generated/checks.ts', import.meta.url);
const noticeOf = (name: string) => `// Generated from schema/${name} by \`npm run generate\`; do not edit.\n`;

/** Schemas of data the gateway receives; each gets a compiled check. The other schemas of the contract are only sent. */
const receivedSchemas = [
  'User',
  'UserLookup',
  'Group',
  'DistributionList',
  'RosterEntry',
  'Message',
  'MessageStatusReply',
  'Metadata',
  'Organization',
  'Mute',
  'SearchResult',
  'LoginReply',
  'EventFrame',
] as const;

/** The same for what only v5 has. Its messages, users and groups pass the checks above, which both contracts share. */
const receivedSchemasV5 = [
  'UnreadCounts',
  'FirstExpiringMessage',
  'MuteState',
  'Notice',
  'Preferences',
  'RoleMetadata',
  'Role',
  'RoleTag',
  'RoleGroup',
  'Escalation',
  'Team',
  'CallLogEntry',
] as const;

/** The schema without descriptions, examples and `x-` marks, which the generated checks would contain but never use. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !key.startsWith('x-') && !(prose.has(key) && typeof entry !== 'object'))
      .filter(([key]) => key !== 'examples')
      .map(([key, entry]) => [key, withoutProse(entry)]),
  );
}
// `minLength` needs a module of Ajv at run time; where an empty text means something else, the decoders check for it.
const prose = new Set(['description', 'format', 'contentMediaType', 'minLength']);

/** What the sandbox reads of a contract: without descriptions, examples and marks other than `x-extends`. */
function forSandbox(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forSandbox);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !(key === 'description' && typeof entry === 'string'))
      .filter(([key]) => !['example', 'examples'].includes(key))
      .filter(([key]) => !key.startsWith('x-') || key === 'x-extends')
      .map(([key, entry]) => [key, forSandbox(entry)]),
  );
}

interface Contract {
  readonly paths: object;
  readonly components: { readonly schemas: Record<string, object> };
}
const contract: Contract = parse(readFileSync(contractUrl, 'utf8'));
const contractV5: Contract = parse(readFileSync(new URL('upstream-v5.yaml', import.meta.url), 'utf8'));
// Parsing YAML takes half a second of processor time, which each process of the sandbox would pay.
for (const [document, name] of [
  [contract, 'upstream.json'],
  [contractV5, 'upstream-v5.json'],
] as const) {
  writeIfChanged(new URL(name, import.meta.url), `${JSON.stringify(forSandbox(document))}\n`);
}

for (const [name, types] of [
  ['upstream.yaml', 'contract.ts'],
  ['upstream-v5.yaml', 'contract-v5.ts'],
] as const) {
  const tree = await openapiTS(new URL(name, import.meta.url), { alphabetize: true, immutable: true });
  writeIfChanged(new URL(`../src/generated/${types}`, import.meta.url), noticeOf(name) + astToString(tree));
}

// Types, enums and required names are enforced, formats are not: the contract calls some tokens opaque, and stricter
// validation than that of the official clients would refuse data they show.
const ajv = new Ajv2020.default({ strict: false, validateFormats: false, code: { source: true, esm: true } });
ajv.addSchema({ $id: 'contract', components: { schemas: withoutProse(contract.components.schemas) } });
ajv.addSchema({ $id: 'contract-v5', components: { schemas: withoutProse(contractV5.components.schemas) } });
const checks = [
  ...receivedSchemas.map((name) => ({ name, of: 'contract' })),
  ...receivedSchemasV5.map((name) => ({ name, of: 'contract-v5' })),
];
for (const { name, of } of checks) ajv.addSchema({ $id: `check${name}`, $ref: `${of}#/components/schemas/${name}` });
const code = standaloneCode.default(
  ajv,
  Object.fromEntries(checks.map(({ name }) => [`check${name}`, `check${name}`])),
);
const checksNotice = noticeOf('upstream.yaml and schema/upstream-v5.yaml');
writeIfChanged(
  checksUrl,
  `${checksNotice}// @ts-nocheck: compiled JavaScript; contract-check.ts gives it types.\n${code}\n`,
);

const notice = '# Generated from src/schema by `npm run generate`; do not edit.\n';
const sdl = `${notice}${printSchema(lexicographicSortSchema(schema))}\n`;
writeIfChanged(new URL('schema.graphql', import.meta.url), sdl);
writeIfChanged(new URL('schema.strict.graphql', import.meta.url), `${notice}${withSemanticNonNull(sdl)}`);
const fieldsNotice = '// Generated from schema/codegen/semantic-non-null.ts by `npm run generate`; do not edit.\n';
writeIfChanged(new URL('../src/generated/strict-fields.ts', import.meta.url), fieldsNotice + strictFields(sdl));

const dataNotice = '// Generated from src/schema by `npm run generate`; do not edit.\n';
writeIfChanged(new URL('../test/generated/schema-data.ts', import.meta.url), dataNotice + schemaDataModule(schema));
writeIfChanged(
  new URL('../test/generated/wire-data.ts', import.meta.url),
  noticeOf('upstream.yaml and schema/upstream-v5.yaml') + wireDataModule([contract, contractV5]),
);
