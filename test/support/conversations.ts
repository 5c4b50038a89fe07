/** Documents and helpers for tests of conversations. */
import type { SchemaData } from '../generated/schema-data.ts';
import type { DemoPerson } from './demo-person.ts';
import type { Stack } from './stack.ts';
import { countFromHere } from './wait.ts';

/** Upstream calls of a caller since the last reset, without those that only set a scene. */
function callsOf(stack: Stack, caller = 'ada'): Readonly<Record<string, number>> {
  return stack.sandbox.requests.counts(caller);
}

/** The answer of `work` and the upstream calls that it made. */
export async function counted<Value>(
  stack: Stack,
  work: () => Promise<Value>,
  caller = 'ada',
): Promise<{ readonly value: Value; readonly calls: Readonly<Record<string, number>> }> {
  await countFromHere(stack);
  const value = await work();
  return { value, calls: callsOf(stack, caller) };
}

/** `sendMessage` with the id of the message alone. */
export const say = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

const timelinePage = `query ($id: ID!, $before: String) { conversation(id: $id) { timeline(last: 200, before: $before) {
  pageInfo { hasPreviousPage startCursor } nodes { ... on Message { id } } } } }`;

/** Ids of all messages of a conversation, from the oldest to the newest, as the service has them. */
export async function storedIds(reader: DemoPerson, conversation: string): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | null = null; ; ) {
    const { conversation: read }: SchemaData = await reader.ask(timelinePage, { id: conversation, before });
    ids.unshift(...read.timeline.nodes.map(({ id }) => id));
    if (!read.timeline.pageInfo.hasPreviousPage) return ids;
    before = read.timeline.pageInfo.startCursor;
  }
}
