import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { absent } from '../support/demo-tokens.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const join = 'mutation ($group: ID!) { joinForum(input: { group: $group }) { group { kind memberCount } } }';
const leave = 'mutation ($group: ID!) { leaveForum(input: { group: $group }) { group { kind memberCount } } }';

describe('forums', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let daniel: DemoPerson;
  let joan: DemoPerson;
  let forum: string;
  let closed: string;
  beforeAll(async () => {
    stack = await startStack();
    [ada, daniel, joan] = (await Promise.all(['ada', 'daniel', 'joan'].map((name) => demoPerson(stack, name)))) as [
      DemoPerson,
      DemoPerson,
      DemoPerson,
    ];
    const { open, others } = await ada.ask<Readonly<Record<'open' | 'others', SchemaData['search']>>>(
      '{ open: search(query: "announcements", kinds: [FORUM]) { nodes { ... on Group { id } } } others: search(query: "Stroke", kinds: [GROUP]) { nodes { ... on Group { id } } } }',
    );
    [forum, closed] = [open.nodes[0].id, others.nodes[0].id];
  });
  beforeEach(() => controlOf(stack.sandbox).reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  it('are joined and left, and their members receive it', async () => {
    await using events = await ada.listen();
    const joined = (await daniel.ask(join, { group: forum })).joinForum;
    expect(joined.group).toEqual({ kind: 'FORUM', memberCount: 31 });
    expect(await events.until('ConversationNotice')).toMatchObject({
      notice: 'added',
      subject: { token: daniel.token },
    });
    expect((await daniel.ask(join, { group: forum })).joinForum.group.memberCount).toBe(31);
    expect((await daniel.ask(leave, { group: forum })).leaveForum.group.memberCount).toBe(30);
    expect(await daniel.rejection(leave, { group: forum })).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each([
    ['a group by invitation', () => closed, 'NOT_FOUND'],
    ['what is absent', () => absent, 'NOT_FOUND'],
    ['no id', () => 'x', 'BAD_USER_INPUT'],
  ])('are not %s', async (_what, group, code) => {
    for (const query of [join, leave]) {
      expect(await daniel.rejection(query, { group: group() })).toMatchObject({ code, field: 'input.group' });
    }
  });

  it('of another organization are not there', async () => {
    expect(await joan.rejection(join, { group: forum })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
