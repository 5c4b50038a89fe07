import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { clinics } from '../support/demo-tokens.ts';
import { type Stack, startStack } from '../support/stack.ts';

const mutations = {
  startTyping: 'mutation ($input: TypingInput!) { startTyping(input: $input) { isTyping } }',
  stopTyping: 'mutation ($input: TypingInput!) { stopTyping(input: $input) { isTyping } }',
} as const;

describe('typing', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  let rosalind: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    ada = await demoPerson(stack, 'ada');
    grace = await demoPerson(stack, 'grace');
    rosalind = await demoPerson(stack, 'rosalind');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('is reported to the other person, start and end', async () => {
    await using events = await grace.listen();
    for (const recipient of [grace.id, 'GRACE@example.org']) {
      for (const [name, isTyping] of [
        ['startTyping', true],
        ['stopTyping', false],
      ] as const) {
        expect(await ada.ask(mutations[name], { input: { recipient } })).toEqual({ [name]: { isTyping } });
        expect(await events.until('TypingChanged')).toMatchObject({
          isTyping,
          user: { token: ada.token },
          group: null,
        });
      }
    }
  });

  it('is reported to the members of a group', async () => {
    const { createGroup } = await ada.ask(
      'mutation ($members: [ID!]!) { createGroup(input: { name: "Round", members: $members }) { group { id token } } }',
      { members: [grace.id] },
    );
    await using events = await grace.listen();
    await ada.ask(mutations.startTyping, { input: { recipient: createGroup.group.id } });
    expect(await events.until('TypingChanged')).toMatchObject({
      isTyping: true,
      group: { token: createGroup.group.token },
    });
  });

  it('is that of a role when the caller speaks as one', async () => {
    const { search } = await ada.ask('{ search(query: "Rapid response") { nodes { ... on User { id token } } } }');
    const [role] = search.nodes;
    await using events = await grace.listen();
    for (const [name, isTyping] of [
      ['startTyping', true],
      ['stopTyping', false],
    ] as const) {
      const input = { recipient: grace.id, speakAs: role.id };
      expect(await ada.ask(mutations[name], { input })).toEqual({ [name]: { isTyping } });
      expect(await events.until('TypingChanged')).toMatchObject({ isTyping, speaksAs: { token: role.token } });
      const error = await ada.rejection(mutations[name], { input: { ...input, speakAs: 'a b' } });
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.speakAs' });
    }
  });

  it('belongs to the organization named', async () => {
    await using events = await grace.listen();
    await ada.ask(mutations.startTyping, { input: { recipient: grace.id, organization: clinics } });
    await events.until('TypingChanged');
    expect(
      await ada.rejection(mutations.startTyping, { input: { recipient: grace.id, organization: 'elsewhere' } }),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(Object.entries(mutations))(
    'is not reported by %s to a user that the caller may not write to',
    async (_name, mutation) => {
      expect(await ada.rejection(mutation, { input: { recipient: rosalind.id } })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await ada.rejection(mutation, { input: { recipient: 'a b' } })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.recipient',
      });
    },
  );
});
