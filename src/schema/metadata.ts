import type { Metadata } from '../domain/domain.ts';
import { badUserInput } from '../errors.ts';
import { clearMetadata, setMetadata } from '../upstream/endpoints/metadata.ts';
import { builder } from './builder.ts';
import { assertFitsEvent } from './event-size-limit.ts';
import { costs } from './field-cost.ts';
import { addressOf, organizationKeyIn } from './id.ts';

/** Maximum entries of one map; a rule of the official clients (contract, addMetadata). */
const maxEntries = 11;

interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

export const MetadataEntryRef = builder.objectRef<MetadataEntry>('MetadataEntry').implement({
  description: `One key and its value. A user or group has at most ${maxEntries} entries in an organization.`,
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Name of the entry.', nullable: false }),
    value: t.exposeString('value', { description: 'Text of the entry.', nullable: false }),
  }),
});

export const MetadataEntryInput = builder.inputType('MetadataEntryInput', {
  description: 'One key and its value.',
  fields: (t) => ({
    key: t.string({ required: true, description: 'Name of the entry.' }),
    value: t.string({ required: true, description: 'Text of the entry.' }),
  }),
});

/** Metadata as a list, which GraphQL can select from. */
export function metadataEntries(metadata: Metadata): MetadataEntry[] {
  return Object.entries(metadata).map(([key, value]) => ({ key, value }));
}

/**
 * @param field Path of the list, named in the error.
 * @throws GatewayError `BAD_USER_INPUT` for more than 11 entries, a blank key, or a repeated key.
 */
export function metadataOf(entries: readonly MetadataEntry[], field: string): Metadata {
  if (entries.length > maxEntries) throw badUserInput(field, `at most ${maxEntries} entries`);
  const map = new Map<string, string>();
  for (const [index, { key, value }] of entries.entries()) {
    if (key.trim() === '' || map.has(key))
      throw badUserInput(`${field}.${index}.key`, 'a key that is not blank and occurs only once');
    map.set(key, value);
  }
  return Object.fromEntries(map);
}

const targetField = {
  required: true,
  description: 'A user or group: global id, token, e-mail address, phone number or login name.',
} as const;
const organizationField = {
  description: 'Key of the organization the entries belong to; the caller’s default organization when left out.',
} as const;

const SetMetadataInput = builder.inputType('SetMetadataInput', {
  description: 'The complete new set of entries, which replaces the old one.',
  fields: (t) => ({
    entity: t.id(targetField),
    metadata: t.field({
      type: [MetadataEntryInput],
      required: true,
      description: `The entries; at most ${maxEntries}.`,
    }),
    organization: t.string(organizationField),
  }),
});

const ClearMetadataInput = builder.inputType('ClearMetadataInput', {
  description: 'The user or group to clear.',
  fields: (t) => ({ entity: t.id(targetField), organization: t.string(organizationField) }),
});

function metadataPayload(name: string, description: string) {
  return builder.objectRef<{ metadata: Metadata }>(name).implement({
    description,
    fields: (t) => ({
      metadata: t.field({
        type: [MetadataEntryRef],
        nullable: false,
        description: 'The entries after the change.',
        resolve: ({ metadata }) => metadataEntries(metadata),
      }),
    }),
  });
}

const SetMetadataPayload = metadataPayload('SetMetadataPayload', 'The entries that were set.');
const ClearMetadataPayload = metadataPayload('ClearMetadataPayload', 'The entries after the change: an empty list.');

builder.mutationFields((t) => ({
  setMetadata: t.field({
    type: SetMetadataPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Replaces the metadata of a user or group.',
    args: {
      input: t.arg({ type: SetMetadataInput, required: true, description: 'The user or group and its new entries.' }),
    },
    resolve: async (_root, { input }, context) => {
      const address = addressOf(['User', 'Group'], input.entity, 'input.entity');
      const metadata = metadataOf(input.metadata, 'input.metadata');
      assertFitsEvent(context, { 'input.metadata': metadata });
      const organization = organizationKeyIn(input.organization, 'input.organization');
      await setMetadata(context.upstream, address, metadata, { organization });
      context.loaders.clearMetadata(address);
      return { metadata };
    },
  }),
  clearMetadata: t.field({
    type: ClearMetadataPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Removes all metadata of a user or group. Clearing empty metadata causes no error.',
    args: { input: t.arg({ type: ClearMetadataInput, required: true, description: 'The user or group to clear.' }) },
    resolve: async (_root, { input }, context) => {
      const address = addressOf(['User', 'Group'], input.entity, 'input.entity');
      const organization = organizationKeyIn(input.organization, 'input.organization');
      await clearMetadata(context.upstream, address, { organization });
      context.loaders.clearMetadata(address);
      return { metadata: {} };
    },
  }),
}));
