/** Reads and writes a caller's conversations over v5; every response is validated against the contract. */
import { randomUUID } from 'node:crypto';
import type { components } from '../../src/generated/contract-v5.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { basicOf, type Caller, callerOf } from './sandbox-caller.ts';

type Schemas = components['schemas'];
export type ConversationItem = Schemas['ConversationItem'];
export type TimelineMessage = Schemas['TimelineMessage'];
type TimelinePage = Schemas['TimelinePage'];

/** The id of the caller's conversation with a person, by any address. */
export async function conversationWith(caller: Caller, address: string, organization?: string): Promise<string> {
  const headers = organization === undefined ? {} : { headers: { 'TT-X-Organization-Key': organization } };
  return (await caller.get(`/v5/user/${address}`, headers)).reply.conversation_id;
}

export async function conversation(caller: Caller, id: string): Promise<ConversationItem> {
  return (await caller.get<ConversationItem>(`/v5/conversation/${id}`)).reply;
}

/** @returns Unread, unread with priority, and the two fields that depend on the messages behind them. */
export async function countsIn(caller: Caller, id: string): Promise<[unread: number, priority: number]> {
  const { unread_message_count, unread_priority_message_count } = await conversation(caller, id);
  return [unread_message_count, unread_priority_message_count];
}

/** Every page of the roster. @param query Further parameters, beginning with `&`. */
export async function rosterPages(caller: Caller, query = ''): Promise<(readonly ConversationItem[])[]> {
  const pages: (readonly ConversationItem[])[] = [];
  let next = '';
  for (;;) {
    const { reply } = await caller.get<Schemas['ConversationPage']>(
      `/v5/roster?paginated=true&render_metadata=true${query}${next}`,
    );
    pages.push(reply.items);
    if (reply.continuation === null) return pages;
    next = `&continuation=${encodeURIComponent(reply.continuation)}`;
  }
}

export async function timeline(
  caller: Caller,
  id: string,
  request: Partial<Schemas['TimelineRequest']> = {},
): Promise<TimelinePage> {
  const answer = await caller.post<TimelinePage>(`/v5/conversation/${id}/timeline`, request);
  if (answer.status !== 200) throw new Error(`timeline: ${answer.status} ${answer.complaint}`);
  return answer.reply;
}

/** The texts of a page's messages, and of its notices what happened. */
export function textsOf({ timeline: items }: TimelinePage): string[] {
  return items.map((item) => ('event' in item ? `(${item.event})` : (item.body ?? '')));
}

/** Sends into a conversation and gives the id of the message. */
export async function sendInto(caller: Caller, id: string, body: string, more: object = {}): Promise<string> {
  const answer = await caller.post('/v5/message', { conversation_id: id, body, ...more });
  if (answer.status !== 200) throw new Error(`send: ${answer.status} ${answer.complaint}`);
  return answer.headers.get('tt-x-message-id') ?? '';
}

/** A signed-in device of a person: its own key pair. */
export interface Device extends Caller {
  readonly authorization: string;
  readonly settings: { readonly condensed_replays: boolean; readonly processing_events: boolean };
}

/** Signs in as the JavaScript SDK does in its default mode. @param wants Replaces the two wishes of its body. */
export async function signIn(
  sandbox: Pick<Sandbox, 'url'>,
  name: string,
  wants: object = { want_condensed_replays: true, want_processing_events: true },
): Promise<Device> {
  const authorization = `XMPP-Simple ${Buffer.from(`acme:${name}:demo`).toString('base64')}`;
  const person = await callerOf(sandbox, name);
  const { reply } = await person.post('/v5/login', { device_id: randomUUID(), ...wants }, { authorization });
  const own = basicOf(reply.auth.key, reply.auth.secret);
  return { ...(await callerOf(sandbox, name, undefined, own)), authorization: own, settings: reply.settings };
}
