/** Memberships of users in organizations: their values, cost, and appearance in lists. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, contacts, hospital } from '../support/demo-tokens.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const fields = 'id organizationKey title department statusText isDoNotDisturb doNotDisturbText';

describe('Membership', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    await countFromHere(stack);
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  const calls = () => stack.sandbox.requests.counts('ada');
  const idIn = (organization: string, { token } = grace) => `Membership:${token}:${organization}`;

  it('has an id and values of its own in each organization, and node reads it again', async () => {
    const { user } = await ada.ask<{ user: Record<'hospital' | 'contacts', SchemaData['user']['membership']> }>(
      `query ($id: ID!) { user(id: $id) { id
        hospital: membership(organization: "${hospital}") { ${fields} user { id displayName } }
        contacts: membership(organization: "${contacts}") { ${fields} user { id displayName } } } }`,
      { id: grace.id },
    );
    const person = { id: grace.id, displayName: 'Grace Hopper' };
    expect(user.hospital).toMatchObject({
      id: idIn(hospital),
      organizationKey: hospital,
      title: 'MD',
      department: 'Cardiology',
      user: person,
    });
    expect(user.contacts).toMatchObject({
      id: idIn(contacts),
      organizationKey: contacts,
      title: null,
      department: null,
      user: person,
    });
    const { nodes } = await ada.ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Membership { ${fields} user { id displayName } } } }`,
      { ids: [idIn(contacts), idIn(hospital), idIn(hospital, { ...grace, token: absent })] },
    );
    expect(nodes).toEqual([user.contacts, user.hospital, null]);
  });

  it('is that of the caller’s default organization by default, wherever the user was read', async () => {
    const query = `query ($id: ID!, $in: String) { user(id: $id, organization: $in) { membership { ${fields} } } }`;
    for (const organization of [undefined, contacts, hospital]) {
      const { user } = await ada.ask(query, { id: grace.id, in: organization });
      expect(user.membership).toMatchObject({ id: idIn(hospital), organizationKey: hospital, title: 'MD' });
    }
  });

  it('follows a change made in one organization alone, and its payload shows it', async () => {
    const { updateMyOrganization } = await grace.ask(
      `mutation ($input: UpdateMyOrganizationInput!) { updateMyOrganization(input: $input) { membership { id isDoNotDisturb autoForwardTo { id } } } }`,
      { input: { organization: clinics, isDoNotDisturb: true, autoForwardTo: ada.id } },
    );
    const changed = { id: idIn(clinics), isDoNotDisturb: true, autoForwardTo: { id: ada.id } };
    expect(updateMyOrganization.membership).toEqual(changed);
    const { user } = await ada.ask(
      `query ($id: ID!) { user(id: $id) {
        there: membership(organization: "${clinics}") { id isDoNotDisturb autoForwardTo { id } }
        here: membership { id isDoNotDisturb autoForwardTo { id } } } }`,
      { id: grace.id },
    );
    expect(user).toEqual({ there: changed, here: { id: idIn(hospital), isDoNotDisturb: false, autoForwardTo: null } });
  });

  it('is null in an organization the user is not in, and rejects an invalid key', async () => {
    const query = `query ($id: ID!, $in: String) { user(id: $id) { membership(organization: $in) { title } } }`;
    expect(await ada.ask(query, { id: grace.id, in: 'elsewhere' })).toEqual({ user: { membership: null } });
    for (const key of ['', 'a b', 'ü', 'x'.repeat(201)]) {
      expect(await ada.rejection(query, { id: grace.id, in: key })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'organization',
      });
    }
    for (const id of [`Membership:${grace.token}`, `Membership:${grace.token}:`, `Membership:x:${hospital}`]) {
      expect(await ada.rejection('query ($id: ID!) { node(id: $id) { id } }', { id })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'id',
      });
    }
    // It is the id of another type, not a login name.
    expect(await ada.rejection('query ($id: ID!) { user(id: $id) { id } }', { id: idIn(hospital) })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'id',
    });
  });

  it('costs no upstream call for its id, and none of its own when the user was already read there', async () => {
    const { search } = await ada.ask(
      `{ search(query: "Hopper", kinds: [USER], organization: "${hospital}") { edges { node { ... on User {
        id membership(organization: "${clinics}") { __typename id } } } } } }`,
    );
    expect(search.edges[0].node.membership).toEqual({ __typename: 'Membership', id: idIn(clinics) });
    expect(calls()).toEqual({ search: 1 });

    for (const id of [grace.id, 'grace@example.org']) {
      await countFromHere(stack);
      await ada.ask(
        `query ($id: ID!) {
          a: user(id: $id) { displayName membership { title metadata { key } } named: membership(organization: "${hospital}") { title } }
          b: user(id: $id, organization: "${clinics}") { displayName membership(organization: "${clinics}") { title } } }`,
        { id },
      );
      expect(calls()).toEqual({ getUser: 2 });
    }
    await countFromHere(stack);
    await ada.ask(
      `{ me { displayName membership { title } named: membership(organization: "${hospital}") { title } } }`,
    );
    expect(calls()).toEqual({ getMe: 1 });
  });

  it('is read in bulk, twenty users of one organization at a time', async () => {
    const { search } = await ada.ask(
      `{ search(query: "", kinds: [USER], organization: "${clinics}", first: 100) { nodes { ... on User { id } } } }`,
    );
    const ids: string[] = search.nodes.map(({ id }: { id: string }) => id);
    await countFromHere(stack);
    const { nodes } = await ada.ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Membership { organizationKey title } } }`,
      { ids: ids.map((id) => idIn(clinics, { ...grace, token: id.slice('User:'.length) })) },
    );
    expect(nodes.every((node: { organizationKey: string }) => node.organizationKey === clinics)).toBe(true);
    expect(ids.length).toBeGreaterThan(20);
    // The last one alone is read by the cheaper call.
    const rest = ids.length % 20;
    expect(calls()).toEqual(
      rest === 1
        ? { lookupUsersBulk: Math.floor(ids.length / 20), getUser: 1 }
        : { lookupUsersBulk: Math.ceil(ids.length / 20) },
    );
  });

  it('distinguishes the hits of one user in several organizations, which hold one set of values', async () => {
    const { search } = await ada.ask(
      `{ search(query: "Hopper", kinds: [USER], first: 100) { totalCount
        edges { cursor organizationKey membership { ${fields} } node { ... on User { id organizationKey title department } } }
        nodes { ... on User { id organizationKey title department } } } }`,
    );
    const edges = search.edges.filter(({ node }: { node: { id: string } }) => node.id === grace.id);
    expect(edges.map((edge: { organizationKey: string }) => edge.organizationKey).sort()).toEqual(
      [hospital, clinics, contacts].sort(),
    );
    for (const { organizationKey, membership } of edges) {
      expect(membership).toMatchObject({
        id: idIn(organizationKey),
        organizationKey,
        title: organizationKey === contacts ? null : 'MD',
      });
    }
    expect(new Set(edges.map(({ cursor }: { cursor: string }) => cursor)).size).toBe(edges.length);
    const values = [...edges.map(({ node }: { node: object }) => node), ...search.nodes];
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBe(1);
    expect(search.totalCount).toBe(edges.length);
    expect(calls()).toEqual({ getMe: 1, listUserOrganizations: 1, search: 1 });
  });

  it('distinguishes the conversations with one user in several organizations, without a read', async () => {
    await ada.ask(
      `mutation ($id: ID!) { a: addRosterEntry(input: { counterpart: $id, organization: "${contacts}" }) { counterpart { __typename } }
        b: addRosterEntry(input: { counterpart: $id, organization: "${hospital}" }) { counterpart { __typename } } }`,
      { id: grace.id },
    );
    await countFromHere(stack);
    const { roster } = await ada.ask(
      `{ roster { entries { nodes { organizationKey membership { ${fields} } counterpart { __typename ... on User { id title organizationKey } } } } } }`,
    );
    const entries = roster.entries.nodes.filter(
      ({ counterpart }: { counterpart: { id?: string } }) => counterpart.id === grace.id,
    );
    expect(entries.length).toBeGreaterThan(1);
    for (const { organizationKey, membership } of entries) {
      expect(membership).toMatchObject({
        id: idIn(organizationKey),
        organizationKey,
        title: organizationKey === contacts ? null : 'MD',
      });
    }
    const values = entries.map(({ counterpart }: { counterpart: object }) => JSON.stringify(counterpart));
    expect(new Set(values).size).toBe(1);
    const groups = roster.entries.nodes.filter(
      ({ counterpart }: { counterpart: { __typename: string } }) => counterpart.__typename !== 'User',
    );
    expect(groups.every(({ membership }: { membership: unknown }) => membership === null)).toBe(true);
    expect(calls()).toEqual({ getRoster: 1 });
  });

  it('of the default organization is not read from a roster that may be of another', async () => {
    await ada.ask(
      `mutation ($id: ID!) { addRosterEntry(input: { counterpart: $id, organization: "${contacts}" }) { counterpart { __typename } } }`,
      { id: grace.id },
    );
    const { roster } = await ada.ask(
      '{ roster { entries(kinds: [USER]) { nodes { counterpart { ... on User { id membership { id title } } } } } } }',
    );
    const found = roster.entries.nodes.filter(
      ({ counterpart }: { counterpart: { id?: string } }) => counterpart.id === grace.id,
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { counterpart } of found) expect(counterpart.membership).toEqual({ id: idIn(hospital), title: 'MD' });
  });
});
