import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { pageFields, walkForward } from '../support/relay-connection.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const hit =
  '__typename ... on User { id displayName title } ... on Group { id name isPublic } ... on DistributionList { id name }';

describe('search', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let rosalind: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    rosalind = await demoPerson(stack, 'rosalind');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('finds people by part of their name, in letters of either case', async () => {
    const { search } = await ada.ask(
      `{ search(query: "hopp", kinds: [USER], organization: "${hospital}") { totalCount nodes { ${hit} } } }`,
    );
    expect(search).toMatchObject({ totalCount: 1, nodes: [{ displayName: 'Grace Hopper', title: 'MD' }] });
  });

  it('searches people and groups by default, and each kind alone', async () => {
    const kindsOf = async (argument: string) => {
      const { search } = await ada.ask(
        `{ search(query: "cardiology", first: 100${argument}) { nodes { __typename } } }`,
      );
      return [...new Set(search.nodes.map((node: { __typename: string }) => node.__typename))];
    };
    expect(await kindsOf('')).toEqual(['Group']);
    expect(await kindsOf(', kinds: [LIST]')).toEqual(['DistributionList']);
    expect(await kindsOf(', kinds: [GROUP, LIST]')).toEqual(expect.arrayContaining(['DistributionList', 'Group']));
    expect(await kindsOf(', kinds: []')).toEqual(['Group']);
  });

  it('finds public groups the caller is not in, and no others', async () => {
    const { createGroup } = await ada.ask(
      'mutation { createGroup(input: { name: "Zebra open", members: [], isPublic: true }) { group { id } } hidden: createGroup(input: { name: "Zebra closed", members: [] }) { group { id } } }',
    );
    const alan = await demoPerson(stack, 'alan');
    const { search } = await alan.ask(`{ search(query: "zebra", kinds: [GROUP]) { nodes { ${hit} } } }`);
    expect(search.nodes).toEqual([
      { __typename: 'Group', id: createGroup.group.id, name: 'Zebra open', isPublic: true },
    ]);
  });

  it('finds roles and forums by kinds of their own', async () => {
    const found = async (args: string) => {
      const nodes = `nodes { __typename ... on User { displayName kind } ... on Group { name kind } }`;
      return (await ada.ask(`{ search(query: "", organization: "${hospital}", first: 100, ${args}) { ${nodes} } }`))
        .search.nodes;
    };
    const roles = await found('kinds: [ROLE], sort: { by: NAME, descending: true }');
    expect(roles.map(({ displayName }: { displayName: string }) => displayName)).toEqual([
      'Stroke consultant',
      'Rapid response',
      'Charge nurse',
      'Cardiologist on call',
    ]);
    expect(await found('kinds: [FORUM]')).toContainEqual({
      __typename: 'Group',
      name: 'Hospital announcements',
      kind: 'FORUM',
    });
    expect((await found('kinds: [FORUM]')).every(({ kind }: { kind: string }) => kind === 'FORUM')).toBe(true);
    expect((await found('kinds: [ROLE, USER]')).length).toBeGreaterThan(40);
    const mixed = '{ search(query: "", kinds: [ROLE, GROUP]) { nodes { __typename } } }';
    expect(await ada.rejection(mixed)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'kinds' });
  });

  it('finds people by title and department, sorted', async () => {
    const names = async (args: string) => {
      const query = `{ search(kinds: [USER], organization: "${hospital}", ${args}) { nodes { ... on User { displayName } } } }`;
      return (await ada.ask(query)).search.nodes.map(({ displayName }: { displayName: string }) => displayName);
    };
    const pharmacists = 'query: "pharmd", fields: [TITLE]';
    expect(await names(`${pharmacists}, sort: { by: NAME }`)).toEqual(['Donald Knuth', 'Gertrude Elion', 'Tu Youyou']);
    expect(await names(`${pharmacists}, sort: { by: DEPARTMENT, descending: true }`)).toHaveLength(3);
    expect(await names('query: "pharmacy", fields: [NAME]')).toEqual([]);
    expect(await names('query: "neurology", fields: [NAME, DEPARTMENT]')).toContain('Alan Turing');
  });

  it('finds only those on the roster with onlyOnRoster', async () => {
    const query = (only: boolean) =>
      `{ search(query: "", kinds: [USER], organization: "${hospital}", first: 100, onlyOnRoster: ${only}) { totalCount nodes { ... on User { token } } } }`;
    const [all, some] = [(await ada.ask(query(false))).search, (await ada.ask(query(true))).search];
    expect(all.totalCount).toBe(all.nodes.length);
    expect(some.totalCount).toBeNull();
    expect(some.nodes.length).toBeGreaterThan(0);
    expect(some.nodes.length).toBeLessThan(all.nodes.length);
    const { roster } = await ada.ask(
      '{ roster { entries(first: 500) { nodes { counterpart { ... on User { token } } } } } }',
    );
    const known = new Set(
      roster.entries.nodes.map((node: { counterpart: { token?: string } }) => node.counterpart.token),
    );
    expect(some.nodes.every(({ token }: { token: string }) => known.has(token))).toBe(true);
  });

  it('searches all organizations of the caller unless one is given', async () => {
    const namesIn = async (argument: string) => {
      const { search } = await ada.ask(`{ search(query: "borg", kinds: [USER]${argument}) { nodes { ${hit} } } }`);
      return search.nodes.map(({ displayName }: { displayName: string }) => displayName);
    };
    expect(await namesIn(`, organization: "${clinics}"`)).toEqual(['Anita Borg']);
    expect(await namesIn(`, organization: "${hospital}"`)).toEqual([]);
    expect(new Set(await namesIn(''))).toEqual(new Set(['Anita Borg']));
  });

  it('finds no account of another organization', async () => {
    const { search } = await rosalind.ask('{ search(query: "Lovelace") { totalCount nodes { __typename } } }');
    expect(search).toEqual({ totalCount: 0, nodes: [] });
  });

  it('returns page after page without losing or repeating a hit', async () => {
    const read = async (page: string) =>
      (
        await ada.ask(
          `{ search(query: "", kinds: [USER], organization: "${hospital}", ${page}) { ${pageFields} edges { cursor node { ... on User { id } } } } }`,
        )
      ).search;
    const { totalCount } = await read('first: 1');
    const found = await walkForward(read, 7);
    expect(found).toHaveLength(totalCount);
    expect(new Set(found.map((node) => JSON.stringify(node))).size).toBe(totalCount);
  });

  it('returns 25 hits by default, which cost no further read', async () => {
    await ada.ask('{ search(query: "") { totalCount } }');
    await countFromHere(stack);
    const { search } = await ada.ask(`{ search(query: "", organization: "${hospital}") { nodes { ${hit} } } }`);
    expect(search.nodes).toHaveLength(25);
    expect(stack.sandbox.requests.counts('ada')).toEqual({ search: 1 });
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['last: 5', 'last'],
    ['before: "x"', 'before'],
  ])('rejects the page %s by the name of its argument', async (page, field) => {
    expect(await ada.rejection(`{ search(query: "a", ${page}) { totalCount } }`)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field,
    });
  });

  it('continues after its own cursors only, as do the lists of roles, teams and calls', async () => {
    const lists = { search: 'query: ""', roles: `organization: "${hospital}"`, teams: '', callLog: '' };
    const page = (name: string, args: string) =>
      `query ($after: String) { ${name}(first: 1, after: $after${args === '' ? '' : `, ${args}`}) { pageInfo { endCursor } } }`;
    const cursors = await Promise.all(
      Object.entries(lists).map(async ([name, args]) => {
        const data = await ada.ask<Readonly<Record<string, SchemaData['search']>>>(page(name, args));
        return [name, present(data[name]).pageInfo.endCursor] as const;
      }),
    );
    for (const [name, args] of Object.entries(lists))
      for (const [other, after] of [...cursors, ['none', ''], ['none', 'x'], ['none', `${name}:`]] as const) {
        const { data, errors } = await ada.answer(page(name, args), { after });
        if (other === name) expect(errors).toBeUndefined();
        else {
          expect(data).toEqual({ [name]: null });
          expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'after' } }]);
        }
      }
  });

  it('rejects a cursor that is not one of its own by the name of its argument', async () => {
    expect(await ada.rejection('{ search(query: "a", after: "nonsense") { totalCount } }')).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'after',
    });
  });

  it('returns its other hits when one of them is broken, and skips kinds without a type', async () => {
    const [grace, broken] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
    await controlOf(stack.sandbox).fault({
      kind: 'body',
      operationId: 'search',
      count: 1,
      body: {
        status: 'success',
        reply: {
          results: [
            { type: 'tigertext:entity:account', entity: { token: grace, display_name: 'Grace Hopper' } },
            { type: 'tigertext:entity:account', token: broken, entity: { token: broken, display_name: 7 } },
            { type: 'tigertext:entity:organization', entity: { token: 'x' } },
            { type: 'tigertext:entity:account', entity: { token: 7 } },
          ],
          metadata: { total_hits: 4 },
        },
      },
    });
    const { search } = await ada.ask(
      `{ search(query: "a", organization: "${hospital}") { totalCount pageInfo { hasNextPage } nodes { ... on User { token displayName } } } }`,
    );
    expect(search).toEqual({
      totalCount: 4,
      pageInfo: { hasNextPage: false },
      nodes: [
        { token: grace, displayName: 'Grace Hopper' },
        { token: broken, displayName: null },
      ],
    });
  });

  describe('for teams', () => {
    const found = (args: string) =>
      `{ search(query: "", organization: "${hospital}", ${args}) { totalCount nodes { __typename } edges { cursor organizationKey membership { id } team { teamId name memberCount organizationKey } node { __typename ... on Group { id name kind } } } } }`;

    it('finds them by name, beside other kinds and alone, in one upstream call', async () => {
      await ada.ask('{ search(query: "") { totalCount } }');
      await countFromHere(stack);
      const { search } = await ada.ask(found('kinds: [TEAM], sort: { by: NAME, descending: true }'));
      expect(stack.sandbox.requests.counts('ada')).toEqual({ search: 1 });
      expect(search.edges.map(({ team }) => team.name)).toEqual(['Trauma team', 'Transplant team', 'Sepsis team']);
      expect(search).toMatchObject({ totalCount: 3, nodes: [null, null, null] });
      expect(search.edges[0]).toMatchObject({
        organizationKey: hospital,
        membership: null,
        node: null,
        team: { memberCount: 2, organizationKey: hospital },
      });
      expect(new Set(search.edges.map(({ cursor }) => cursor)).size).toBe(3);
      const mixed = (await ada.ask(found('kinds: [TEAM, LIST], first: 100'))).search.edges;
      expect(new Set(mixed.map(({ node, team }) => node?.__typename ?? team.name))).toEqual(
        new Set(['DistributionList', 'Sepsis team', 'Transplant team', 'Trauma team']),
      );
      const onRoster = (await ada.ask(found('kinds: [TEAM], onlyOnRoster: true'))).search;
      expect(onRoster).toMatchObject({ totalCount: null, edges: [] });
    });

    it('rejects them beside roles, whose mark filters all hits', async () => {
      expect(await ada.rejection(found('kinds: [TEAM, ROLE]'))).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'kinds',
      });
    });

    it('has the group of a team with the values in the team, and an error in the place of a broken team', async () => {
      const token = '00000000-0000-4000-8000-00000000000c';
      const type = 'tigertext:entity:team';
      const results = [
        { type, organization_id: hospital, entity: { id: 't1', display_name: 'Sepsis', group_token: token } },
        { type, organization_id: hospital, entity: { id: 't2', display_name: 7 } },
      ];
      await controlOf(stack.sandbox).fault({
        kind: 'body',
        operationId: 'search',
        count: 1,
        body: { status: 'success', reply: { results, metadata: {} } },
      });
      const { data, errors } = await ada.answer(found('kinds: [TEAM]'));
      expect(present(data).search.edges).toMatchObject([
        { team: { teamId: 't1' }, node: { id: `Group:${token}`, name: 'Sepsis', kind: 'TEAM' } },
        { team: null, node: null },
      ]);
      expect(errors).toMatchObject([
        { path: ['search', 'edges', 1, 'team'], extensions: { code: 'UPSTREAM_INVALID' } },
      ]);
    });
  });
});
