/**
 * Two clients of one key pair reconnect one after the other. The first one opens a stream that repeats an event after newer
 * changes; the second one resumes after that event, and must learn that it lacks them. Or the event comes before an older notice,
 * which the second one may receive again.
 */

import { describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { demoPerson, type EventData } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { token } } }';
const createGroup = 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { token } } }';

/** A client that names the last event it had when it comes back. */
function connect(stack: Stack, after?: string, types?: readonly string[]) {
  const query = `subscription ($after: ID, $types: [EventType!]) { events(after: $after, types: $types) { __typename id
    ... on MessageReceived { message { token } }
    ... on ConversationNotice { conversation { id } }
    ... on RosterChanged { conversation { id } }
    ... on SubscriptionGap { gapReason }
  } }`;
  const live = overWebSocket<SchemaData>(stack.gateway, query, { variables: { after, types } });
  /** The events up to the first that fits. */
  const until = async (fits: (event: EventData) => boolean): Promise<EventData[]> => {
    const seen: EventData[] = [];
    for (;;) {
      const { data, errors } = await live.next();
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const { events: event } = present(data);
      seen.push(event);
      if (fits(event)) return seen;
    }
  };
  return { until, [Symbol.asyncDispose]: () => live.close() };
}

/**
 * Ada has a notice and goes away. A message comes, then one client of hers comes back, and has both from the replay.
 * @returns The event of the notice, and that of the message, or on v5 of its conversation.
 */
async function comeBack(stack: Stack) {
  const [ada, barbara] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'barbara')];
  const control = controlOf(stack.sandbox);
  const say = async (body: string): Promise<string> =>
    (await barbara.ask(send, { input: { recipient: ada.id, body } })).sendMessage.message.token;
  const group = async (): Promise<string> => {
    const { createGroup: made } = await barbara.ask(createGroup, { input: { name: 'Made', members: [ada.id] } });
    return `Conversation:${made.group.token}:${hospital}`;
  };
  // What is not acknowledged comes again.
  for (const operationId of ['ackEvents', 'ackEventsV5'])
    await control.fault({ kind: 'status', status: 503, operationId });
  let notice: EventData;
  {
    await using device = connect(stack);
    await expect.poll(() => control.openStreams()).toHaveProperty('ada');
    const id = await group();
    const had = await device.until((e) => e.__typename === 'ConversationNotice' && e.conversation?.id === id);
    notice = present(had.at(-1));
  }
  await expect.poll(() => control.openStreams()).not.toHaveProperty('ada');
  const token = await say('missed');
  const first = connect(stack);
  const replay = await first.until(({ id }) => id === notice.id);
  const direct = `Conversation:${barbara.token}:${hospital}`;
  const missed = replay.find((event) => isAbout(event, token, direct));
  expect(missed).toBeDefined();
  return { notice, missed, say, group, [Symbol.asyncDispose]: first[Symbol.asyncDispose] };
}

/** A message, or the conversation that it is in. */
function isAbout(
  { __typename: type, message, conversation }: EventData,
  token: string,
  conversationId: string,
): boolean {
  return message?.token === token || (type === 'RosterChanged' && conversation?.id === conversationId);
}

describe.each([
  ['a condensed replay', { upstreamApi: 'v5' }],
  ['a replay of v2, which ends with its notices', {}],
] as const)('a client that resumes after a notice of %s', (_name, config) => {
  it('receives a gap, because it may lack events that the replay had before the notice', async () => {
    await using stack = await startStack({ config: { ...config, streamLingerMs: 0 } });
    await using first = await comeBack(stack);
    const { notice, say } = first;
    await using second = connect(stack, notice.id);
    const live = await say('live');
    const seen = await second.until(({ message }) => message?.token === live);
    expect(seen[0]).toMatchObject({ __typename: 'SubscriptionGap', gapReason: 'UNKNOWN_POSITION', id: notice.id });
    await using third = connect(stack, seen.at(-1)?.id);
    const later = await say('later');
    const behind = await third.until(({ message }) => message?.token === later);
    expect(behind.map(({ __typename: type }) => type)).not.toContain('SubscriptionGap');
  });

  it('receives none when it wants none of the events before it', async () => {
    await using stack = await startStack({ config: { ...config, streamLingerMs: 0 } });
    await using first = await comeBack(stack);
    await using second = connect(stack, first.notice.id, ['CONVERSATION_NOTICE']);
    const id = await first.group();
    const seen = await second.until(({ conversation }) => conversation?.id === id);
    expect(seen.map(({ __typename: type }) => type)).not.toContain('SubscriptionGap');
  });
});

describe('a client that resumes after a message of a replay of v2', () => {
  it('receives no gap: the events before it are older', async () => {
    await using stack = await startStack({ config: { streamLingerMs: 0 } });
    await using first = await comeBack(stack);
    const { missed, say } = first;
    await using second = connect(stack, missed?.id);
    const live = await say('live');
    const seen = await second.until(({ message }) => message?.token === live);
    expect(seen.map(({ __typename: type }) => type)).not.toContain('SubscriptionGap');
  });
});

describe('a client that resumes after a message that came after a notice, when a replay of v2 has the notice last', () => {
  it('receives the notice again, once: a client that received the message from a replay would lack it', async () => {
    await using stack = await startStack({ config: { streamLingerMs: 0 } });
    const [ada, barbara] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'barbara')];
    const control = controlOf(stack.sandbox);
    const say = async (body: string): Promise<string> =>
      (await barbara.ask(send, { input: { recipient: ada.id, body } })).sendMessage.message.token;
    await control.fault({ kind: 'status', status: 503, operationId: 'ackEvents' });
    let notice: EventData;
    let message: EventData;
    {
      await using device = connect(stack);
      await expect.poll(() => control.openStreams()).toHaveProperty('ada');
      const { createGroup: made } = await barbara.ask(createGroup, { input: { name: 'Made', members: [ada.id] } });
      const id = `Conversation:${made.group.token}:${hospital}`;
      const isNotice = (e: EventData): boolean => e.__typename === 'ConversationNotice' && e.conversation?.id === id;
      notice = present((await device.until(isNotice)).at(-1));
      const token = await say('after the notice');
      message = present((await device.until((event) => event.message?.token === token)).at(-1));
    }
    await expect.poll(() => control.openStreams()).not.toHaveProperty('ada');
    await using first = connect(stack);
    const replay = await first.until(({ id }) => id === notice.id);
    expect(replay.map(({ id }) => id)).toContain(message.id);
    await using second = connect(stack, message.id);
    const live = await say('live');
    const seen = await second.until((event) => event.message?.token === live);
    expect(seen.map(({ __typename: type }) => type)).not.toContain('SubscriptionGap');
    expect(seen.filter(({ id }) => id === notice.id)).toHaveLength(1);
  });
});
