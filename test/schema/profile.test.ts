import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, clinics, hospital } from '../support/demo-tokens.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const profile =
  'displayName firstName lastName statusText isDoNotDisturb doNotDisturbText autoForwardTo { token displayName } organizationKey title department';
const updateMe = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { me { ${profile} } } }`;
const updateMyOrganization = `mutation ($input: UpdateMyOrganizationInput!) { updateMyOrganization(input: $input) {
  me { ${profile} } organization { key name settings { name value source isLocked } } } }`;
const readUser = `query ($id: ID!, $organization: String) { user(id: $id, organization: $organization) { ${profile} } }`;
const organizations =
  '{ me { organizations { key name memberCount isPaid isPending roles settings { name value } } } }';

describe('the caller’s own account', () => {
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
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('is changed: the payload shows it, others read it and get an event', async () => {
    await using events = await ada.listen();
    const input = {
      displayName: 'Dr Hopper',
      firstName: 'Grace Brewster',
      lastName: 'Murray',
      statusText: 'In theatre',
      isDoNotDisturb: true,
      doNotDisturbText: 'Back at 5',
    };
    const { me } = (await grace.ask(updateMe, { input })).updateMe;
    expect(me).toMatchObject(input);
    expect((await ada.ask(readUser, { id: grace.id })).user).toMatchObject(input);
    await events.until('EntityChanged', ({ entities }) => entities[0]?.displayName === 'Dr Hopper');
  });

  it('keeps values that a change omits, and removes an emptied text', async () => {
    await ada.ask(updateMe, { input: { statusText: 'Here', doNotDisturbText: 'Gone' } });
    const { me } = (await ada.ask(updateMe, { input: { doNotDisturbText: '' } })).updateMe;
    expect(me).toMatchObject({ displayName: 'Ada Lovelace', statusText: 'Here' });
    expect(me.doNotDisturbText).toBeNull();
  });

  it('rejects an empty change', async () => {
    expect(await ada.rejection(updateMe, { input: {} })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input' });
    expect(await ada.rejection(updateMyOrganization, { input: { organization: hospital } })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input',
    });
  });

  it('is in organizations with their settings and the caller’s rights', async () => {
    const { me } = await ada.ask(organizations);
    expect(me.organizations).toMatchObject([
      { key: hospital, name: 'Mercy General Hospital', isPaid: true, isPending: false, roles: ['admin'] },
      { key: clinics, name: 'Riverside Clinic Group', roles: ['admin'] },
      { name: 'Contacts', roles: [] },
    ]);
    expect(me.organizations[0].memberCount).toBeGreaterThan(40);
    expect(me.organizations[0].settings).toContainEqual({ name: 'ttl', value: 43_200 });
    expect((await grace.ask(organizations)).me.organizations.flatMap(({ roles }) => roles)).toEqual([]);
  });

  it('reads the rights in all organizations with one call', async () => {
    await countFromHere(stack);
    await ada.ask(organizations);
    expect(stack.sandbox.requests.counts('ada')).toEqual({
      getMe: 1,
      listUserOrganizations: 1,
      listUserOrganizationRoles: 1,
    });
  });

  it('of others does not show their organizations', async () => {
    const { data, errors } = await ada.answer(
      'query ($id: ID!) { user(id: $id) { displayName organizations { key } } }',
      { id: grace.id },
    );
    expect(data).toEqual({ user: { displayName: 'Grace Hopper', organizations: null } });
    expect(errors).toMatchObject([{ path: ['user', 'organizations'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('has its other organizations when one of them is broken', async () => {
    await controlOf(stack.sandbox).fault({
      kind: 'body',
      operationId: 'listUserOrganizations',
      count: 1,
      body: { status: 'success', reply: [{ token: 7 }, { token: 'k', name: 'Whole' }] },
    });
    const { data, errors } = await ada.answer('{ me { organizations { key name memberCount settings { name } } } }');
    expect(data).toEqual({
      me: { organizations: [null, { key: 'k', name: 'Whole', memberCount: null, settings: [] }] },
    });
    expect(errors).toMatchObject([{ path: ['me', 'organizations', 0], extensions: { code: 'UPSTREAM_INVALID' } }]);
  });

  it('is changed in one organization: a deputy is set and removed, and the payload shows it', async () => {
    const changed = (
      await ada.ask(updateMyOrganization, {
        input: { organization: hospital, isDoNotDisturb: true, autoForwardTo: grace.id, acceptLicence: true },
      })
    ).updateMyOrganization;
    expect(changed.me).toMatchObject({
      isDoNotDisturb: true,
      organizationKey: hospital,
      autoForwardTo: { token: grace.token, displayName: 'Grace Hopper' },
    });
    expect(changed.organization.settings).toContainEqual({
      name: 'dnd_auto_forward_receiver',
      value: grace.token,
      source: 'user',
      isLocked: false,
    });
    expect((await ada.ask(`{ me(organization: "${clinics}") { ${profile} } }`)).me).toMatchObject({
      isDoNotDisturb: false,
      organizationKey: clinics,
      autoForwardTo: null,
    });
    for (let time = 0; time < 2; time++) {
      const { me } = (await ada.ask(updateMyOrganization, { input: { organization: hospital, autoForwardTo: null } }))
        .updateMyOrganization;
      expect(me).toMatchObject({ autoForwardTo: null, isDoNotDisturb: true });
    }
  });

  it.each([
    [
      'a malformed deputy',
      { organization: hospital, autoForwardTo: 'nonsense' },
      'BAD_USER_INPUT',
      'input.autoForwardTo',
    ],
    [
      'a deputy who is not in it',
      { organization: hospital, autoForwardTo: absent },
      'BAD_USER_INPUT',
      'input.autoForwardTo',
    ],
    [
      'an organization of others',
      { organization: 'elsewhere', isDoNotDisturb: true },
      'NOT_FOUND',
      'input.organization',
    ],
    [
      'a long organization',
      { organization: 'x'.repeat(20_000), isDoNotDisturb: true },
      'BAD_USER_INPUT',
      'input.organization',
    ],
    ['a setting of others', { organization: 'elsewhere', autoForwardTo: null }, 'NOT_FOUND', 'input.organization'],
  ])('is not changed with %s', async (_what, input, code, field) => {
    expect(await ada.rejection(updateMyOrganization, { input })).toMatchObject({ code, field });
  });

  it('leaves an organization with its groups, but not twice', async () => {
    const leave = `mutation { leaveOrganization(input: { organization: "${clinics}" }) { leftOrganizationKey } }`;
    expect(await grace.ask(leave)).toEqual({ leaveOrganization: { leftOrganizationKey: clinics } });
    const keys = (await grace.ask(organizations)).me.organizations.map(({ key }: { key: string }) => key);
    expect(keys).not.toContain(clinics);
    expect(await grace.rejection(leave)).toMatchObject({ code: 'NOT_FOUND', field: 'input.organization' });
    const { roster } = await grace.ask('{ roster { entries(kinds: [GROUP]) { nodes { organizationKey } } } }');
    expect(roster.entries.nodes).not.toContainEqual({ organizationKey: clinics });
  });

  it('is shown as online or away to its contacts', async () => {
    const setPresence = 'mutation ($status: PresenceStatus!) { setPresence(input: { status: $status }) { status } }';
    await using events = await ada.listen();
    await using _own = await grace.listen();
    for (const [status, presence] of [
      ['AWAY', 'AWAY'],
      ['ONLINE', 'AVAILABLE'],
    ]) {
      expect(await grace.ask(setPresence, { status })).toEqual({ setPresence: { status } });
      await events.until('PresenceChanged', (event) => event.presence === presence && event.user.token === grace.token);
    }
  });

  it('is seen with the title and department of the organization it is read in', async () => {
    expect((await ada.ask(readUser, { id: grace.id, organization: clinics })).user).toMatchObject({
      organizationKey: clinics,
      title: 'MD',
    });
    const { users } = await ada.ask(
      'query ($ids: [ID!]!, $organization: String) { users(ids: $ids, organization: $organization) { organizationKey } }',
      { ids: [grace.id, 'florence'], organization: clinics },
    );
    expect(users).toEqual([{ organizationKey: clinics }, { organizationKey: clinics }]);
  });
});
