/** On an upstream without v5, `UPSTREAM_API=auto` costs the calls of `UPSTREAM_API=v2`, once it has detected that. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { countFromHere } from '../support/wait.ts';

const conversations = '{ conversations(first: 50) { nodes { id unreadCount lastMessage { id } } } }';
const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } conversation { id } } }';

/** What an operation needs of earlier ones. */
interface Scene {
  readonly ada: DemoPerson;
  readonly grace: DemoPerson;
  /** Id of the conversation of Ada and Grace. */
  readonly conversation: string;
  /** Ids of a group and a message that Ada made. */
  readonly group: string;
  readonly message: string;
}

/** What applications do all day. */
const operations: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  me: ({ ada }) => ada.ask('{ me { id displayName organizations { key } } }'),
  roster: ({ ada }) =>
    ada.ask(`{ roster { entries(first: 20) { nodes { mutedUntil conversation { id unreadCount lastMessage { id } }
      counterpart { __typename ... on User { displayName } ... on Group { name memberCount } } } } } }`),
  conversations: ({ ada }) => ada.ask(conversations),
  conversation: ({ ada, conversation: id }) =>
    ada.ask(
      `query ($id: ID!) { conversation(id: $id) { isHistoryAvailable unreadCount timeline(last: 5) { nodes { __typename } }
        counterpart { __typename ... on User { displayName } } } }`,
      { id },
    ),
  'send to a person': ({ ada, grace }) => ada.ask(send, { input: { recipient: grace.id, body: 'x' } }),
  'send into a conversation': ({ ada, conversation }) => ada.ask(send, { input: { conversation, body: 'x' } }),
  'send to a group': ({ ada, group }) => ada.ask(send, { input: { recipient: group, body: 'x' } }),
  forward: ({ ada, message, conversation }) =>
    ada.ask('mutation ($input: ForwardMessageInput!) { forwardMessage(input: $input) { message { id } } }', {
      input: { message, conversation },
    }),
  message: ({ ada, message: id }) =>
    ada.ask('query ($id: ID!) { message(id: $id) { body recipientStatuses { status } conversation { id } } }', { id }),
  messages: ({ ada, message }) =>
    ada.ask('query ($ids: [ID!]!) { messages(ids: $ids) { id body sender { displayName } } }', { ids: [message] }),
  mark: ({ grace, message }) =>
    grace.ask('mutation ($input: UpdateMessageStatusInput!) { updateMessageStatus(input: $input) { read { id } } }', {
      input: { read: [message] },
    }),
  'mark a conversation': ({ ada, conversation }) =>
    ada.rejection(
      'mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { id } } }',
      {
        input: { conversation, status: 'READ', through: '1' },
      },
    ),
  mute: ({ ada, conversation }) =>
    ada.ask('mutation ($input: MuteInput!) { mute(input: $input) { conversation { id mutedUntil unreadCount } } }', {
      input: { conversation, minutes: 5 },
    }),
  unmute: ({ ada, conversation }) =>
    ada.ask('mutation ($input: UnmuteInput!) { unmute(input: $input) { conversation { id mutedUntil } } }', {
      input: { conversation },
    }),
  'make a group': ({ ada, grace }) =>
    ada.ask(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id conversation { id unreadCount } } } }',
      { input: { name: 'Made', members: [grace.id] } },
    ),
  'add to a group': ({ ada, group }) =>
    ada.ask('mutation ($input: AddGroupMembersInput!) { addGroupMembers(input: $input) { group { memberCount } } }', {
      input: { group, members: ['alan'] },
    }),
  group: ({ ada, group: id }) =>
    ada.ask('query ($id: ID!) { group(id: $id) { name conversation { id unreadCount } members { nodes { id } } } }', {
      id,
    }),
  'leave a group': async ({ ada, grace }) => {
    const { createGroup } = await ada.ask(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id conversation { id } } } }',
      { input: { name: 'Left', members: [grace.id] } },
    );
    const input = { conversation: createGroup.group.conversation.id };
    await ada.ask(
      'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }',
      { input },
    );
  },
};

async function sceneOf(stack: Stack): Promise<Scene> {
  const [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
  const { createGroup } = await ada.ask(
    'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } } }',
    { input: { name: 'Scene', members: [grace.id] } },
  );
  const { sendMessage } = await ada.ask(send, { input: { recipient: grace.id, body: 'first' } });
  return {
    ada,
    grace,
    conversation: `Conversation:${grace.token}:${hospital}`,
    group: createGroup.group.id,
    message: sendMessage.message.id,
  };
}

describe('on an upstream without v5', () => {
  const stacks = {} as Record<'v2' | 'auto', Stack>;
  const scenes = {} as Record<'v2' | 'auto', Scene>;
  const apis = ['v2', 'auto'] as const;
  beforeAll(async () => {
    for (const upstreamApi of apis) {
      const stack = await startStack({ sandbox: { api: 'v2' }, config: { upstreamApi } });
      stacks[upstreamApi] = stack;
      scenes[upstreamApi] = await sceneOf(stack);
    }
  });
  afterAll(async () => {
    for (const stack of Object.values(stacks)) await stack[Symbol.asyncDispose]();
  });

  /** Calls of both people, by operation; those to paths that the upstream does not have are `unknown`. */
  const callsOf = async (
    api: 'v2' | 'auto',
    work: (scene: Scene) => Promise<unknown>,
  ): Promise<Readonly<Record<string, number>>> => {
    await countFromHere(stacks[api]);
    await work(scenes[api]);
    return stacks[api].sandbox.requests.counts();
  };

  it('the first read of conversations detects v5 with one call', async () => {
    for (const name of ['ada', 'grace'] as const) {
      const read = (scene: Scene) => scene[name].ask(conversations);
      const { unknown: probes, ...calls } = await callsOf('auto', read);
      expect([probes, calls]).toEqual([1, await callsOf('v2', read)]);
    }
  });

  it.each(Object.entries(operations))('%s costs the same calls', async (_name, work) => {
    const [known, found] = [await callsOf('v2', work), await callsOf('auto', work)];
    expect(found).toEqual(known);
    expect(known['unknown']).toBeUndefined();
  });

  it('a subscription to events costs the same calls, and so do its events', async () => {
    const listen = async ({ ada, grace }: Scene) => {
      await using events = await ada.listen();
      for (const body of ['one', 'two', 'three']) {
        await grace.ask(send, { input: { recipient: ada.id, body } });
        await events.until('MessageReceived', ({ message }) => message.body === body);
      }
    };
    // How many events an acknowledgement has is a matter of time.
    const { ackEvents: _some, ...known } = await callsOf('v2', listen);
    const { ackEvents: _others, ...found } = await callsOf('auto', listen);
    expect(found).toEqual(known);
    expect(known).toMatchObject({ createEvents: 1, sendMessage: 3 });
  });
});
