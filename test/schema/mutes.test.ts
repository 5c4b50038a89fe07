import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent, hospital } from '../support/demo-tokens.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const mute = 'mutation ($input: MuteInput!) { mute(input: $input) { mutedUntil } }';
const unmute = 'mutation ($input: UnmuteInput!) { unmute(input: $input) { wasMuted } }';
const mutes = '{ mutes { kind token organizationKey mutedUntil } }';

describe('mutes', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let group: { id: string; token: string };
  let list: { id: string };
  beforeAll(async () => {
    stack = await startStack();
  });
  beforeEach(async () => {
    await controlOf(stack.sandbox).reset();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    const { groups, lists } = await ada.ask<Readonly<Record<'groups' | 'lists', SchemaData['search']>>>(
      '{ groups: search(query: "Stroke", kinds: [GROUP]) { nodes { ... on Group { id token } } } lists: search(query: "Cardiology", kinds: [LIST]) { nodes { ... on DistributionList { id } } } }',
    );
    [group] = groups.nodes;
    [list] = lists.nodes;
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('silence a person, a group or an organization for some minutes, and all are listed', async () => {
    for (const input of [{ counterpart: grace.id }, { counterpart: group.token }, { organization: hospital }]) {
      const { mutedUntil } = (await ada.ask(mute, { input: { ...input, minutes: 90 } })).mute;
      expect(Math.abs(Date.parse(mutedUntil) - Date.now() - 90 * 60_000)).toBeLessThan(60_000);
    }
    const listed = (await ada.ask(mutes)).mutes;
    expect(listed).toMatchObject([
      { kind: 'USER', token: grace.token, organizationKey: hospital },
      { kind: 'GROUP', token: group.token, organizationKey: hospital },
      { kind: 'ORGANIZATION', token: hospital },
    ]);
  });

  it('have their end on the roster, and the other devices get an event', async () => {
    await using events = await ada.listen();
    const { mutedUntil } = (await ada.ask(mute, { input: { counterpart: 'grace@example.org', minutes: 5 } })).mute;
    expect(await events.until('MuteChanged')).toMatchObject({
      muteChange: 'MUTED',
      mutedUntil,
      counterpart: { token: grace.token },
    });
    const { roster } = await ada.ask(
      '{ roster { entries { nodes { mutedUntil counterpart { ... on User { token } } } } } }',
    );
    const muted = roster.entries.nodes.filter((entry: { mutedUntil: string | null }) => entry.mutedUntil !== null);
    expect(muted).toEqual([{ mutedUntil, counterpart: { token: grace.token } }]);
  });

  it('are replaced by a longer one', async () => {
    await ada.ask(mute, { input: { counterpart: grace.id, minutes: 1 } });
    await ada.ask(mute, { input: { counterpart: grace.id, minutes: 600 } });
    const listed = (await ada.ask(mutes)).mutes;
    expect(listed).toHaveLength(1);
    expect(Date.parse(listed[0].mutedUntil)).toBeGreaterThan(Date.now() + 500 * 60_000);
  });

  it('are ended by unmute, without an error when there is none', async () => {
    await using events = await ada.listen();
    for (const input of [{ counterpart: grace.id }, { counterpart: group.id }, { organization: hospital }]) {
      await ada.ask(mute, { input: { ...input, minutes: 5 } });
      expect(await ada.ask(unmute, { input })).toEqual({ unmute: { wasMuted: true } });
      expect(await ada.ask(unmute, { input })).toEqual({ unmute: { wasMuted: false } });
    }
    expect(await ada.ask(mutes)).toEqual({ mutes: [] });
    await events.until('MuteChanged', ({ muteChange }) => muteChange === 'UNMUTED');
  });

  it('end by themselves', async () => {
    await ada.ask(mute, { input: { counterpart: grace.id, minutes: 1 } });
    await controlOf(stack.sandbox).shiftClock(61_000);
    expect(await ada.ask(mutes)).toEqual({ mutes: [] });
    await controlOf(stack.sandbox).shiftClock(-61_000);
  });

  it('end all at once, and the payload has their number', async () => {
    await ada.ask(mute, { input: { counterpart: grace.id, minutes: 5 } });
    await ada.ask(mute, { input: { counterpart: group.id, minutes: 5 } });
    expect(await ada.ask('mutation { unmuteAll { count } }')).toEqual({ unmuteAll: { count: 2 } });
    expect(await ada.ask('mutation { unmuteAll { count } }')).toEqual({ unmuteAll: { count: 0 } });
    expect(await ada.ask(mutes)).toEqual({ mutes: [] });
  });

  it.each([
    ['no time at all', () => ({ counterpart: grace.id, minutes: 0 }), 'BAD_USER_INPUT', 'input.minutes'],
    ['more than a year', () => ({ counterpart: grace.id, minutes: 525_601 }), 'BAD_USER_INPUT', 'input.minutes'],
    ['nothing', () => ({ minutes: 1 }), 'BAD_USER_INPUT', 'input'],
    ['a distribution list', () => ({ counterpart: list.id, minutes: 1 }), 'BAD_USER_INPUT', 'input.counterpart'],
    ['something absent', () => ({ counterpart: absent, minutes: 1 }), 'NOT_FOUND', 'input.counterpart'],
    ['no organization', () => ({ organization: ' ', minutes: 1 }), 'BAD_USER_INPUT', 'input.organization'],
    [
      'an organization that is no key',
      () => ({ target: { counterpart: { id: grace.id, organization: 'a\r\nb' } }, minutes: 1 }),
      'BAD_USER_INPUT',
      'input.target.counterpart.organization',
    ],
    [
      'an organization without a name',
      () => ({ target: { organization: '' }, minutes: 1 }),
      'BAD_USER_INPUT',
      'input.target.organization',
    ],
    ['another’s organization', () => ({ organization: 'elsewhere', minutes: 1 }), 'NOT_FOUND', undefined],
  ])('of %s are rejected', async (_what, input, code, field) => {
    expect(await ada.rejection(mute, { input: input() })).toMatchObject({
      code,
      ...(field === undefined ? {} : { field }),
    });
  });

  it('that are broken are omitted from the list, and the others remain', async () => {
    const control = controlOf(stack.sandbox);
    await ada.ask(mute, { input: { counterpart: grace.id, minutes: 5 } });
    const body = { status: 'success', reply: [{ sender_type: 7 }, ...(await muteRows())] };
    await control.fault({ kind: 'body', operationId: 'listMutes', body, count: 1 });
    expect((await ada.ask(mutes)).mutes).toMatchObject([{ kind: 'USER', token: grace.token }]);
  });

  async function muteRows(): Promise<unknown[]> {
    const response = await fetch(`${stack.sandbox.url}/v2/mute`, {
      headers: { authorization: `Basic ${Buffer.from('ada:demo').toString('base64')}` },
    });
    return (await response.json()).reply;
  }
});
