import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics } from '../support/demo-tokens.ts';
import { type Stack, startStack } from '../support/stack.ts';

const setMetadata = 'mutation ($input: SetMetadataInput!) { setMetadata(input: $input) { metadata { key value } } }';
const clearMetadata =
  'mutation ($input: ClearMetadataInput!) { clearMetadata(input: $input) { metadata { key value } } }';
const readMetadata = `query ($id: ID!, $organization: String) { node(id: $id) {
  ... on User { metadata(organization: $organization) { key value } }
  ... on Group { groupMetadata: metadata(organization: $organization) { key value } } } }`;

const entries = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: `v${index}` }));

describe('metadata', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let groupId: string;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    const { createGroup } = await ada.ask(
      'mutation ($members: [ID!]!) { createGroup(input: { name: "Beds", members: $members }) { group { id } } }',
      { members: [grace.id] },
    );
    groupId = createGroup.group.id;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  const metadataOf = async (by: DemoPerson, id: string, organization?: string) => {
    const { node } = await by.ask<{ node: Record<'metadata' | 'groupMetadata', unknown> }>(readMetadata, {
      id,
      organization,
    });
    return node.metadata ?? node.groupMetadata;
  };

  it('of oneself is replaced as a whole and read by others', async () => {
    for (const metadata of [entries(11), [{ key: 'pager', value: 'ü 4711' }]]) {
      const set = await ada.ask(setMetadata, { input: { entity: ada.id, metadata } });
      expect(set).toEqual({ setMetadata: { metadata } });
      expect(await metadataOf(ada, ada.id)).toEqual(metadata);
      expect(await metadataOf(grace, ada.id)).toEqual(metadata);
    }
  });

  it('of a group is replaced as a whole, and its members get an event', async () => {
    await using events = await grace.listen();
    const metadata = [{ key: 'bed', value: '4' }];
    await ada.ask(setMetadata, { input: { entity: groupId, metadata } });
    expect(await metadataOf(grace, groupId)).toEqual(metadata);
    await events.until('EntityChanged', ({ entities }) => entities[0]?.name === 'Beds');
  });

  it('belongs to one organization', async () => {
    const metadata = [{ key: 'desk', value: '2' }];
    await ada.ask(setMetadata, { input: { entity: 'ada@example.org', metadata, organization: clinics } });
    expect(await metadataOf(grace, ada.id, clinics)).toEqual(metadata);
    expect(await metadataOf(grace, ada.id)).not.toEqual(metadata);
    expect(
      await ada.rejection(setMetadata, { input: { entity: ada.id, metadata, organization: 'elsewhere' } }),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each(['user', 'group'])('of a %s is cleared, twice without an error', async (kind) => {
    const entity = kind === 'user' ? ada.id : groupId;
    await ada.ask(setMetadata, { input: { entity, metadata: entries(2) } });
    for (let time = 0; time < 2; time++) {
      expect(await ada.ask(clearMetadata, { input: { entity } })).toEqual({ clearMetadata: { metadata: [] } });
      expect(await metadataOf(ada, entity)).toEqual([]);
    }
  });

  it('set and read in one operation has the new values', async () => {
    const { b } = await ada.ask<{ b: SchemaData['updateMe'] }>(
      `mutation ($id: ID!) { a: setMetadata(input: { entity: $id, metadata: [{ key: "a", value: "1" }] }) { metadata { key } }
        b: updateMe(input: { statusText: "x" }) { me { metadata { key value } } } }`,
      { id: ada.id },
    );
    expect(b.me.metadata).toEqual([{ key: 'a', value: '1' }]);
  });

  it.each([
    ['more than 11 entries', entries(12), 'input.metadata'],
    ['a blank key', [{ key: ' ', value: '' }], 'input.metadata.0.key'],
    ['a key that stands twice', [...entries(1), ...entries(1)], 'input.metadata.1.key'],
    ['a value that is no text', [{ key: 'a', value: { b: 1 } }], 'input.metadata.0.value'],
  ])('with %s is rejected', async (_what, metadata, field) => {
    expect(await ada.rejection(setMetadata, { input: { entity: ada.id, metadata } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });

  it.each([
    ['set', setMetadata, { metadata: [] }],
    ['cleared', clearMetadata, {}],
  ])('is not %s without permission', async (_what, mutation, more) => {
    expect(await grace.rejection(mutation, { input: { entity: ada.id, ...more } })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await ada.rejection(mutation, { input: { entity: absent, ...more } })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ada.rejection(mutation, { input: { entity: `Message:${absent}`, ...more } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.entity',
    });
  });

  it('under a key with a special meaning in programs is stored like any other', async () => {
    const metadata = [
      { key: '__proto__', value: '1' },
      { key: 'constructor', value: '2' },
    ];
    await ada.ask(setMetadata, { input: { entity: groupId, metadata } });
    expect(await metadataOf(ada, groupId)).toEqual(metadata);
  });
});
