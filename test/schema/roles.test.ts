import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, hospital } from '../support/demo-tokens.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const card =
  'id token name description isStaffed tag { tagId name color } onDuty { token displayName } organizationKey';
const mutation = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { role { ${card} } } }`;
const optIn = mutation('optIntoRole', 'OptIntoRoleInput');
const optOut = mutation('optOutOfRole', 'OptOutOfRoleInput');
const save = mutation('saveRole', 'SaveRoleInput');
const unsave = mutation('unsaveRole', 'UnsaveRoleInput');

describe('roles', () => {
  let stack: Stack;
  let control: SandboxControl;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let tim: DemoPerson;
  let frances: DemoPerson;
  /** Name → global id. */
  let roles: Readonly<Record<string, string>>;
  beforeAll(async () => {
    stack = await startStack();
    control = controlOf(stack.sandbox);
    [ada, grace, tim, frances] = (await Promise.all(
      ['ada', 'grace', 'tim', 'frances'].map((name) => demoPerson(stack, name)),
    )) as [DemoPerson, DemoPerson, DemoPerson, DemoPerson];
    const { nodes } = (await ada.ask('{ roles { nodes { id name } } }')).roles;
    roles = Object.fromEntries(nodes.map(({ id, name }: { id: string; name: string }) => [name, id]));
  });
  beforeEach(() => control.reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  const cardiologist = () => roles['Cardiologist on call'] ?? '';
  const consultant = () => roles['Stroke consultant'] ?? '';
  const tokenOf = (id: string) => id.slice('Role:'.length);

  describe('of an organization', () => {
    it('are listed by name with the users on duty, at one call for the list and one for the users', async () => {
      stack.sandbox.requests.reset();
      const query = `{ roles(organization: "${hospital}") { totalCount nodes { ${card} } } }`;
      const { totalCount, nodes } = (await ada.ask(query)).roles;
      expect([totalCount, nodes.map(({ name }: { name: string }) => name)]).toEqual([
        4,
        ['Cardiologist on call', 'Charge nurse', 'Rapid response', 'Stroke consultant'],
      ]);
      expect(nodes[0]).toMatchObject({
        description: 'Heart questions of all wards',
        isStaffed: true,
        tag: { name: 'Cardiology', color: '#B3261E' },
        onDuty: [{ token: grace.token, displayName: 'Grace Hopper' }],
        organizationKey: hospital,
      });
      expect(nodes[3]).toMatchObject({ isStaffed: false, onDuty: [] });
      expect(stack.sandbox.requests.list.map(({ operationId }) => operationId)).toEqual(['search', 'lookupUsersBulk']);
    });

    it('are selected by duty and by tag, page by page', async () => {
      const names = async (args: string) =>
        (await ada.ask(`{ roles(${args}) { nodes { name } } }`)).roles.nodes.map(({ name }: { name: string }) => name);
      expect(await names('onDuty: false')).toEqual(['Stroke consultant']);
      expect(await names('onDuty: true')).toHaveLength(3);
      const { roleTags } = await ada.ask('{ roleTags { tagId name } }');
      const tag = roleTags.find(({ name }) => name === 'Nursing')?.tagId;
      expect(await names(`tag: "${tag}"`)).toEqual(['Charge nurse']);
      expect(await names(`organization: "${clinics}"`)).toEqual([]);
      const page = '{ pageInfo { hasNextPage endCursor } edges { cursor node { name } } }';
      const first = (await ada.ask(`{ roles(first: 3) ${page} }`)).roles;
      expect([first.edges.length, first.pageInfo.hasNextPage]).toEqual([3, true]);
      const rest = (await ada.ask(`{ roles(first: 3, after: "${first.pageInfo.endCursor}") ${page} }`)).roles;
      expect(rest).toMatchObject({
        edges: [{ node: { name: 'Stroke consultant' } }],
        pageInfo: { hasNextPage: false },
      });
    });

    it.each([
      ['last: 1', 'last'],
      ['first: 0', 'first'],
      ['first: 101', 'first'],
      ['organization: "a b"', 'organization'],
      ['after: "x"', 'after'],
    ])('are not listed with %s', async (args, field) => {
      const { errors } = await ada.answer(`{ roles(${args}) { nodes { id } } }`);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    });

    it('that break the contract do not affect the others', async () => {
      const hit = (entity: object) => ({ type: 'tigertext:entity:account', organization_id: hospital, entity });
      const results = [
        hit({
          token: tokenOf(cardiologist()),
          display_name: 'A',
          metadata: {
            feature_service: 'role',
            owners: [{ token: grace.token, display_name: 'Grace' }],
            escalation_policy: { target_duration: 5 },
          },
        }),
        hit({ token: tokenOf(consultant()), display_name: 'B', metadata: { feature_service: 'role', owners: 7 } }),
        hit({ token: 5 }),
      ];
      const body = { status: 'success', reply: { results, metadata: { continuation: null, total_hits: 3 } } };
      await control.fault({ kind: 'body', operationId: 'search', body });
      const { data, errors } = await ada.answer(
        '{ roles { nodes { name onDutyNames escalationPolicy { targetMinutes } } } }',
      );
      expect(data).toMatchObject({
        roles: {
          nodes: [
            { name: 'A', onDutyNames: ['Grace'], escalationPolicy: { targetMinutes: 5 } },
            { name: 'B', onDutyNames: [null] },
            null,
          ],
        },
      });
      const paths = errors?.map(({ path, extensions }) => [path?.join('.'), extensions['code']]);
      expect(paths?.toSorted()).toEqual([
        ['roles.nodes.1.onDutyNames.0', 'UPSTREAM_INVALID'],
        ['roles.nodes.2', 'UPSTREAM_INVALID'],
      ]);
      const about = '{ roles(onDuty: false) { nodes { name } } me { roles { name } } }';
      const { data: lists, errors: hidden } = await grace.answer(about);
      expect(lists).toEqual({ roles: { nodes: [null, null] }, me: { roles: [{ name: 'A' }, null, null] } });
      expect(hidden?.map(({ path }) => path?.join('.')).toSorted()).toEqual([
        'me.roles.1',
        'me.roles.2',
        'roles.nodes.0',
        'roles.nodes.1',
      ]);
      const { data: one, errors: known } = await ada.answer(
        '{ roles { nodes { name tag { tagId } description isStaffed } } }',
      );
      expect(one).toMatchObject({ roles: { nodes: [{ name: 'A', isStaffed: true, tag: null }, null, null] } });
      expect(new Set(known?.map(({ extensions }) => extensions['code']))).toEqual(new Set(['UPSTREAM_INVALID']));
    });
  });

  describe('whose users the upstream names by token alone', () => {
    it('have a name or an error in the place of each', async () => {
      const owners = `${grace.token},${frances.token}`;
      const named = [{ token: tim.token, display_name: 'Tim' }, { token: grace.token }];
      const results = [owners, named].map((value, index) => ({
        type: 'tigertext:entity:account',
        organization_id: hospital,
        entity: {
          token: tokenOf(consultant()),
          display_name: `${index}`,
          metadata: { feature_service: 'role', owners: value },
        },
      }));
      const body = { status: 'success', reply: { results, metadata: { continuation: null, total_hits: 2 } } };
      const query = '{ roles { nodes { name onDutyNames } } }';
      await control.fault({ kind: 'body', operationId: 'search', body });
      expect((await ada.ask(query)).roles.nodes).toEqual([
        { name: '0', onDutyNames: ['Grace Hopper', 'Frances Allen'] },
        { name: '1', onDutyNames: ['Tim', 'Grace Hopper'] },
      ]);
      await control.fault({ kind: 'status', operationId: 'lookupUsersBulk', status: 403 });
      const { data, errors } = await ada.answer(query);
      expect(data).toEqual({
        roles: {
          nodes: [
            { name: '0', onDutyNames: [null, null] },
            { name: '1', onDutyNames: ['Tim', null] },
          ],
        },
      });
      const paths = errors?.map(({ path, extensions }) => [path?.slice(-3).join('.'), extensions['code']]);
      expect(paths?.toSorted()).toEqual([
        ['0.onDutyNames.0', 'FORBIDDEN'],
        ['0.onDutyNames.1', 'FORBIDDEN'],
        ['1.onDutyNames.1', 'FORBIDDEN'],
      ]);
    });
  });

  describe('one by one', () => {
    it('are read with their rules, and null when there are none', async () => {
      const query = `query ($id: ID!) { role(id: $id) { ${card} isOpen isOwnerRequired noOwnersMessage account { token displayName }
        escalationPolicy { isAutomatic targetMinutes keptMinutes steps { durationMinutes targets { token user { displayName } } } } } }`;
      expect((await ada.ask(query, { id: cardiologist() })).role).toMatchObject({
        isOpen: true,
        isOwnerRequired: false,
        noOwnersMessage: 'No cardiologist is on duty. Call the ward on 4100.',
        account: { token: tokenOf(cardiologist()), displayName: 'Cardiologist on call' },
        escalationPolicy: {
          isAutomatic: false,
          targetMinutes: 5,
          keptMinutes: 60,
          steps: [
            { durationMinutes: 5, targets: [{ token: frances.token, user: { displayName: 'Frances Allen' } }] },
            { targets: [{ user: { displayName: 'Helen Taussig' } }, {}] },
          ],
        },
      });
      for (const id of [absent, grace.token]) expect(await ada.ask(query, { id })).toEqual({ role: null });
      expect(await ada.rejection(query, { id: 'User:x' })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'id' });
      const { node } = await ada.ask('query ($id: ID!) { node(id: $id) { id ... on Role { name } } }', {
        id: cardiologist(),
      });
      expect(node).toEqual({ id: cardiologist(), name: 'Cardiologist on call' });
    });

    it('are read with every counterpart without a call of their own', async () => {
      const { search } = await ada.ask(
        '{ search(query: "on call", kinds: [USER]) { nodes { ... on User { kind displayName role { id name onDutyNames } } } } }',
      );
      expect(search.nodes).toMatchObject([
        { displayName: 'Cardiologist on call', role: { id: cardiologist(), onDutyNames: ['Grace Hopper'] } },
      ]);
      const { user } = await ada.ask('{ user(id: "grace@example.org") { kind role { id } } }');
      expect(user).toEqual({ kind: 'PERSON', role: null });
    });

    it('of a roster of 50 cost no call each', async () => {
      const entry = (index: number) => ({
        type: 'tigertext:entity:account',
        token: `00000000-0000-4000-8000-0000000000${String(10 + index)}`,
        display_name: `Role ${index}`,
        organization_key: hospital,
        metadata: { feature_service: 'role', owners: index % 2 === 0 ? grace.token : frances.token },
      });
      const body = { status: 'success', reply: Array.from({ length: 50 }, (_none, index) => entry(index)) };
      await control.fault({ kind: 'body', operationId: 'getRoster', body });
      stack.sandbox.requests.reset();
      const { roster } = await ada.ask(
        '{ roster { entries { nodes { counterpart { ... on User { kind role { name isStaffed onDuty { displayName } } } } } } } }',
      );
      expect(roster.entries.nodes).toHaveLength(50);
      expect(roster.entries.nodes[1]?.counterpart).toEqual({
        kind: 'ROLE',
        role: { name: 'Role 1', isStaffed: true, onDuty: [{ displayName: 'Frances Allen' }] },
      });
      expect(stack.sandbox.requests.list.map(({ operationId }) => operationId)).toEqual([
        'getRoster',
        'lookupUsersBulk',
      ]);
    });
  });

  describe('on duty', () => {
    it('are taken and left, and all affected users receive it', async () => {
      await using former = await grace.listen();
      await using member = await tim.listen();
      const { role } = (await frances.ask(optIn, { input: { role: cardiologist() } })).optIntoRole;
      expect(role.onDuty).toEqual([{ token: frances.token, displayName: 'Frances Allen' }]);
      expect(await former.until('RosterChanged', ({ change }) => change === 'REMOVED')).toMatchObject({
        counterpart: { __typename: 'Group' },
      });
      await member.until('EntityChanged', ({ entities }) => entities[0].token === tokenOf(cardiologist()));
      const { me } = await frances.ask('{ me { roles { id } } }');
      expect(me.roles).toEqual([{ id: cardiologist() }]);
      const left = (await frances.ask(optOut, { input: { role: cardiologist() } })).optOutOfRole;
      expect(left.role).toMatchObject({ isStaffed: false, onDuty: [] });
      expect((await frances.ask('{ me { roles { id } } }')).me.roles).toEqual([]);
    });

    it('are assigned by administrators, to a user by any address', async () => {
      const input = { role: `User:${tokenOf(cardiologist())}`, user: 'tim@example.org', organization: hospital };
      const { role } = (await ada.ask(optIn, { input })).optIntoRole;
      expect(role.onDuty).toMatchObject([{ token: tim.token }]);
    });

    it.each([
      ['a role that is not open', () => ({ role: roles['Rapid response'] }), 'FORBIDDEN', undefined],
      ['another user', () => ({ role: cardiologist(), user: 'alan@example.org' }), 'FORBIDDEN', undefined],
      ['an unknown role', () => ({ role: absent }), 'NOT_FOUND', 'input.role'],
      ['a person for a role', () => ({ role: grace.token }), 'NOT_FOUND', 'input.role'],
      ['no id', () => ({ role: 'x' }), 'BAD_USER_INPUT', 'input.role'],
      ['an unknown user', () => ({ role: cardiologist(), user: absent }), 'NOT_FOUND', 'input.user'],
      ['an organization of others', () => ({ role: cardiologist(), organization: 'x' }), 'FORBIDDEN', undefined],
    ])('are not taken with %s', async (_what, input, code, field) => {
      expect(await tim.rejection(optIn, { input: input() })).toMatchObject({
        code,
        ...(field === undefined ? {} : { field }),
      });
    });

    it('cannot be left by the last user when one is required', async () => {
      const input = { role: roles['Charge nurse'], user: 'florence@example.org' };
      expect(await ada.rejection(optOut, { input })).toMatchObject({ code: 'FORBIDDEN' });
    });
  });

  it('are saved', async () => {
    const savedOf = async (person: DemoPerson) => (await person.ask('{ me { savedRoles { id } } }')).me.savedRoles;
    const input = { role: cardiologist() };
    expect(await savedOf(tim)).toEqual([]);
    for (let time = 0; time < 2; time += 1) await tim.ask(save, { input });
    expect(await savedOf(tim)).toEqual([{ id: cardiologist() }]);
    for (let time = 0; time < 2; time += 1) await tim.ask(unsave, { input });
    expect(await savedOf(tim)).toEqual([]);
    expect(await tim.rejection(save, { input: { role: absent } })).toMatchObject({ code: 'NOT_FOUND' });
    const query = '{ user(id: "grace@example.org") { savedRoles { id } } }';
    const { data, errors } = await tim.answer(query);
    expect([data, errors?.[0]?.extensions]).toMatchObject([{ user: { savedRoles: null } }, { code: 'FORBIDDEN' }]);
  });

  it('reply automatically while their away reply is on', async () => {
    const away = 'mutation ($input: SetRoleAwayInput!) { setRoleAway(input: $input) { text role { name } } }';
    const back = 'mutation ($input: ClearRoleAwayInput!) { clearRoleAway(input: $input) { role { name } } }';
    const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
    const input = { role: cardiologist(), text: 'In theatre until four' };
    expect((await grace.ask(away, { input })).setRoleAway).toMatchObject({ text: 'In theatre until four' });
    await using events = await tim.listen();
    await tim.ask(send, { input: { recipient: cardiologist(), body: 'A question' } });
    const { message } = await events.until('MessageReceived', (event) => event.message.body === input.text);
    expect(message.sender.token).toBe(tokenOf(cardiologist()));
    await grace.ask(back, { input: { role: cardiologist() } });
    expect(await tim.rejection(away, { input })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await grace.rejection(away, { input: { ...input, text: ' ' } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.text',
    });
  });

  it.each([405, 501])('are NOT_SUPPORTED to change where the upstream answers %i', async (status) => {
    await control.fault({ kind: 'status', status, operationId: 'optIntoRole' });
    expect(await frances.rejection(optIn, { input: { role: cardiologist() } })).toMatchObject({
      code: 'NOT_SUPPORTED',
    });
  });
});
