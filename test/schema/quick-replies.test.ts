import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const set =
  'mutation ($input: SetQuickRepliesInput!) { setQuickReplies(input: $input) { quickReplies organization { key } } }';
const all = '{ quickReplies me { organizations { key quickReplies } } }';

describe('quick replies', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
  });
  beforeEach(() => controlOf(stack.sandbox).reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  it('are those of the caller and of each organization, each read once', async () => {
    stack.sandbox.requests.reset();
    const { quickReplies, again, me } = await ada.ask<SchemaData & { again: unknown }>(
      all.replace('me', 'again: quickReplies me'),
    );
    expect(quickReplies).toEqual(['On my way', 'Call me please', 'Give me ten minutes']);
    expect(again).toEqual(quickReplies);
    expect(me.organizations).toMatchObject([
      { key: hospital, quickReplies: ['Please call the ward', 'Thank you, noted'] },
      { quickReplies: [] },
      { quickReplies: [] },
    ]);
    expect(stack.sandbox.requests.count('getUserPreferences')).toBe(1);
    expect(stack.sandbox.requests.count('getOrganizationPreferences')).toBe(3);
  });

  it('are replaced by the caller, and every device of the caller gets an event', async () => {
    const query = `subscription { events(types: [USER_PREFERENCES_CHANGED]) { ... on UserPreferencesChanged { quickReplies } } }`;
    await using live = overWebSocket(stack.gateway, query);
    const { setQuickReplies } = await ada.ask(set, { input: { quickReplies: ['Coming', 'Later'] } });
    expect(setQuickReplies).toEqual({ quickReplies: ['Coming', 'Later'], organization: null });
    expect((await live.next()).data).toEqual({ events: { quickReplies: ['Coming', 'Later'] } });
    expect((await ada.ask(all)).quickReplies).toEqual(['Coming', 'Later']);
    expect((await ada.ask(set, { input: { quickReplies: [] } })).setQuickReplies.quickReplies).toEqual([]);
  });

  it('of an organization are replaced by its administrators, and its members get an event', async () => {
    const query = `subscription { events(types: [ORGANIZATION_PREFERENCES_CHANGED]) { ... on OrganizationPreferencesChanged { quickReplies organizationKey } } }`;
    await using live = overWebSocket(stack.gateway, query, { as: 'grace' });
    const input = { quickReplies: ['Noted'], organization: hospital };
    expect((await ada.ask(set, { input })).setQuickReplies).toEqual({
      quickReplies: ['Noted'],
      organization: { key: hospital },
    });
    expect((await live.next()).data).toEqual({ events: { quickReplies: ['Noted'], organizationKey: hospital } });
    expect(await grace.rejection(set, { input })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([
    ['too many', { quickReplies: Array(101).fill('x') }, 'input.quickReplies'],
    ['a blank one', { quickReplies: ['x', ' '] }, 'input.quickReplies.1'],
    ['an organization that can be none', { quickReplies: [], organization: 'a b' }, 'input.organization'],
  ])('are not set with %s', async (_what, input, field) => {
    expect(await ada.rejection(set, { input })).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('of an upstream that responds without them are those that were sent', async () => {
    const body = { status: 'success', reply: {} };
    await controlOf(stack.sandbox).fault({ kind: 'body', operationId: 'updateUserPreferences', body, count: 1 });
    expect((await ada.ask(set, { input: { quickReplies: ['x'] } })).setQuickReplies.quickReplies).toEqual(['x']);
  });

  it('are read from `network.patient` too', async () => {
    const body = { status: 'success', reply: { network: { patient: { quick_replies: ['Noted'] } } } };
    await controlOf(stack.sandbox).fault({ kind: 'body', operationId: 'getOrganizationPreferences', body });
    const { me } = await ada.ask(all);
    expect(me.organizations[0].quickReplies).toEqual(['Noted']);
  });

  it('that break the contract are an error of their field alone', async () => {
    const body = { status: 'success', reply: { quick_replies: [1] } };
    await controlOf(stack.sandbox).fault({ kind: 'body', operationId: 'getUserPreferences', body });
    const { data, errors } = await ada.answer(all);
    expect(data).toMatchObject({ quickReplies: null, me: { organizations: [{ key: hospital }, {}, {}] } });
    expect(errors).toMatchObject([{ path: ['quickReplies'], extensions: { code: 'UPSTREAM_INVALID' } }]);
  });

  it.each([404, 405, 501])('are NOT_SUPPORTED where the upstream answers %i', async (status) => {
    const control = controlOf(stack.sandbox);
    for (const operationId of ['getUserPreferences', 'updateUserPreferences'] as const)
      await control.fault({ kind: 'status', status, operationId });
    expect(await ada.rejection('{ quickReplies }')).toMatchObject({ code: 'NOT_SUPPORTED' });
    const { errors } = await ada.answer(set, { input: { quickReplies: ['x'] } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_SUPPORTED', retryable: false });
    expect(errors?.[0]?.extensions).not.toHaveProperty('outcome');
  });
});
