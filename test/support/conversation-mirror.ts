/**
 * The state of a client that reads a conversation once and then follows its subscription, as an app does: the items and the counts
 * of each conversation, changed by events alone. It reads again only when the descriptions of the schema require it.
 */

import type { SchemaData } from '../generated/schema-data.ts';
import type { EventData } from './demo-person.ts';
import type { Device } from './device.ts';
import { type LiveSubscription, overWebSocket } from './live-subscription.ts';
import { present } from './present.ts';
import type { Stack } from './stack.ts';

const counts = 'unreadCount unreadPriorityCount lastMessage { token } firstExpiringUnread { message { token } }';
const item = `__typename ... on Message { token sortNumber }
  ... on ConversationNotice { noticeId notice sortNumber actor { token } subject { token } }`;
const events = `subscription ($after: ID) { events(after: $after) { __typename id
  ... on MessageReceived { isHistory message { token sortNumber } conversation { id ${counts} } }
  ... on MessageStatusChanged { conversation { id ${counts} } }
  ... on MessageRecalled { recalledMessageId conversation { id ${counts} } }
  ... on RosterChanged { change conversation { id mutedUntil ${counts} } }
  ... on ConversationNotice { noticeId notice sortNumber actor { token } subject { token } conversation { id } }
  ... on MuteChanged { muteChange conversation { id } }
  ... on SubscriptionGap { gapReason }
  ... on UnknownEvent { upstreamType payload }
} }`;
const wholeConversation = `query ($id: ID!) { conversation(id: $id) {
  id mutedUntil ${counts} timeline(last: 200) { nodes { ${item} } } } }`;
const conversationState = `query ($id: ID!) { conversation(id: $id) { id mutedUntil ${counts} } }`;

/** Of all events that are not stored: who is there, who types. */
const transientId = '00000000-0000-0000-0000-000000000001';

type ConversationData = Pick<
  SchemaData['conversation'],
  'id' | 'unreadCount' | 'unreadPriorityCount' | 'lastMessage' | 'firstExpiringUnread' | 'mutedUntil'
>;
type MessageData = Pick<SchemaData['message'], '__typename' | 'token' | 'sortNumber'>;
type NoticeData = Pick<EventData, '__typename' | 'noticeId' | 'sortNumber' | 'notice' | 'subject' | 'actor'>;

interface KnownItem {
  readonly label: string;
  readonly sortNumber: number;
}

export interface KnownConversation {
  /** By token, or by the id of a notice. */
  readonly items: Map<string, KnownItem>;
  readonly state: {
    readonly unreadCount: number;
    readonly unreadPriorityCount: number;
    readonly lastMessage: string | null;
    readonly firstExpiring: string | undefined;
  };
  readonly isMuted: boolean;
}

export class ConversationMirror {
  readonly device: Device;
  readonly #stack: Stack;
  /** Ids of the conversations that are mirrored. */
  readonly #tracked: ReadonlySet<string>;
  readonly #known = new Map<string, KnownConversation>();
  /** Conversations whose counts changed without an event. */
  readonly #stale = new Set<string>();
  /** Conversations that the key pair itself changed while it had no stream: the reply said so. */
  readonly #changedByReply = new Set<string>();
  #live: LiveSubscription<SchemaData> | undefined;
  #lastId: string | undefined;
  readonly #last: string[] = [];
  /** Ids of events, tokens of messages and places of the newest messages that came since `connect` without `after`. */
  #eventIds = new Set<string>();
  /** The same of this subscription alone. */
  #idsOfSubscription = new Set<string>();
  /** A replay has stored notices behind what came after them: one that resumes there may have them again. */
  #mayRepeatNotices = false;
  #received = new Set<string>();
  #newest = new Map<string, number>();

  constructor(stack: Stack, device: Device, tracked: ReadonlySet<string>) {
    this.#stack = stack;
    this.device = device;
    this.#tracked = tracked;
  }

  get isOnline(): boolean {
    return this.#live !== undefined;
  }

  /**
   * @param resumes Whether the subscription resumes after the last event.
   * @param isReopened Whether the upstream's stream was closed since then, so that it replays unacknowledged events.
   */
  connect(resumes: boolean, isReopened = false): void {
    const after = resumes ? this.#lastId : undefined;
    this.#idsOfSubscription = new Set();
    this.#mayRepeatNotices = isReopened;
    this.#log(`connected after ${after}`);
    if (after === undefined) this.#startOver();
    this.#live = overWebSocket<SchemaData>(this.#stack.gateway, events, {
      authorization: this.device.authorization,
      variables: after === undefined ? {} : { after },
    });
  }

  async disconnect(): Promise<void> {
    await this.#live?.close();
    this.#live = undefined;
  }

  of(id: string): KnownConversation | undefined {
    return this.#known.get(id);
  }

  /** The last events of a conversation, and connections; for the text of a failure. */
  lastEvents(id: string): readonly string[] {
    return this.#last.filter((line) => line.includes(id) || line.startsWith('connected'));
  }

  /** What is known of a conversation, or will be from events that are queued, is out of date without an event that says so. */
  markStale(id: string): void {
    this.#stale.add(id);
  }

  /** The key pair has sent into a conversation, or made it, while it had no stream. */
  changedByReply(id: string): void {
    this.#changedByReply.add(id);
  }

  /**
   * Takes events in until the given fence.
   * @returns False after a gap: the fence may be among what is missing, as another client with the key pair had it before this
   *   one subscribed.
   */
  async until(fence: number): Promise<boolean> {
    for (;;) {
      if (this.#live === undefined) throw new Error('not connected');
      const { data, errors } = await this.#live.next().catch((cause: unknown) => {
        throw new Error(`${this.device.name} waits for fence ${fence} after\n${this.#last.slice(-8).join('\n')}`, {
          cause,
        });
      });
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const { events: event } = present(data);
      if (event.__typename === 'SubscriptionGap') {
        this.#startOver();
        await this.readAll([...this.#tracked]);
        return false;
      }
      if (event.id === transientId) continue;
      const isRepeated = this.#isRepeated(event);
      this.#lastId = event.id;
      if (isRepeated) continue;
      if (event.upstreamType === 'tigertext:iq:fence' && event.payload.number === fence) return true;
      this.#log(JSON.stringify(event));
      await this.#take(event);
    }
  }

  /** Reads the state of conversations that changed without an event. */
  async catchUp(): Promise<void> {
    await this.readAll([...this.#changedByReply]);
    this.#changedByReply.clear();
    for (const id of this.#stale) {
      if (!this.#known.has(id)) continue;
      const { conversation } = await this.device.ask(conversationState, { id });
      const known = this.#known.get(id);
      if (known !== undefined && conversation !== null) this.#known.set(id, { ...known, ...stateIn(conversation) });
    }
    this.#stale.clear();
  }

  /** Reads conversations with their history. */
  async readAll(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.#read(id);
  }

  /** @returns Whether an earlier subscription had the event. On one subscription none comes twice. */
  #isRepeated(event: EventData): boolean {
    const isKnown = this.#eventIds.has(event.id);
    const mayRepeat = this.#mayRepeatNotices && event.__typename === 'ConversationNotice';
    if (this.#idsOfSubscription.has(event.id) || (isKnown && !mayRepeat))
      throw new Error(`twice: event ${JSON.stringify(event)}`);
    this.#idsOfSubscription.add(event.id);
    this.#eventIds.add(event.id);
    return isKnown;
  }

  #log(line: string): void {
    this.#last.push(line);
    if (this.#last.length > 100) this.#last.shift();
  }

  #startOver(): void {
    this.#eventIds = new Set();
    this.#received = new Set();
    this.#newest = new Map();
  }

  async #read(id: string): Promise<void> {
    const { conversation } = await this.device.ask(wholeConversation, { id });
    this.#log(`read ${id}`);
    if (conversation?.timeline == null) {
      this.#known.delete(id);
      return;
    }
    const items = new Map(conversation.timeline.nodes.map(itemOf));
    this.#known.set(id, { items, ...stateIn(conversation) } as KnownConversation); // the two halves
  }

  async #take(event: EventData): Promise<void> {
    const id = event.conversation?.id;
    switch (event.__typename) {
      case 'MessageReceived':
        this.#check(event);
        return this.#takeItem(id, messageItem(event.message), event.conversation);
      case 'ConversationNotice':
        return this.#takeItem(id, noticeItem(event));
      case 'MessageStatusChanged':
        return this.#takeState(id, event.conversation);
      case 'MessageRecalled':
        return this.#takeRecall(event.recalledMessageId.replace('Message:', ''), event.conversation);
      case 'RosterChanged':
        if (id === undefined) return this.readAll([...this.#known.keys()]);
        if (!this.#tracked.has(id)) return undefined;
        if (event.change === 'REMOVED') {
          this.#known.delete(id);
          return undefined;
        }
        if (event.change === 'ADDED' || !this.#known.has(id)) return this.#read(id);
        return this.#takeState(id, event.conversation);
      case 'MuteChanged': {
        const known = this.#known.get(id);
        if (known !== undefined) this.#known.set(id, { ...known, isMuted: event.muteChange === 'MUTED' });
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #check({ id: eventId, isHistory, message, conversation }: EventData): void {
    const { token, sortNumber } = message;
    if (isHistory) return;
    if (this.#received.has(token)) throw new Error(`twice: message ${token}`);
    this.#received.add(token);
    if (eventId.startsWith('sent-') || conversation === null) return; // at its reply, which may overtake events
    if (sortNumber <= (this.#newest.get(conversation.id) ?? 0)) throw new Error(`out of order: message ${token}`);
    this.#newest.set(conversation.id, sortNumber);
  }

  async #takeItem(
    id: string | undefined,
    [key, found]: readonly [string, KnownItem],
    conversation?: ConversationData | null,
  ): Promise<void> {
    if (id === undefined || !this.#tracked.has(id)) return;
    const known = this.#known.get(id);
    if (known === undefined) {
      await this.#read(id);
      return;
    }
    known.items.set(key, found);
    this.#takeState(id, conversation);
  }

  #takeRecall(token: string, conversation: ConversationData | null | undefined): void {
    for (const [id, { items }] of this.#known) {
      if (!items.delete(token)) continue;
      if (conversation === null) this.markStale(id); // v2 does not say which conversation a direct message is in
    }
    this.#takeState(conversation?.id, conversation);
  }

  #takeState(id: string | undefined, conversation: ConversationData | null | undefined): void {
    const known = id === undefined ? undefined : this.#known.get(id);
    if (id === undefined || known === undefined || conversation?.unreadCount == null) return;
    this.#known.set(id, { ...known, ...stateIn({ ...conversation, mutedUntil: '' }), isMuted: known.isMuted });
  }
}

function itemOf(node: MessageData & NoticeData): [string, KnownItem] {
  return node.__typename === 'Message' ? messageItem(node) : noticeItem(node);
}

function messageItem({ token, sortNumber }: MessageData): [string, KnownItem] {
  return [token, { label: token, sortNumber }];
}

function noticeItem({ noticeId, notice, subject, actor, sortNumber }: NoticeData): [string, KnownItem] {
  return [noticeId, { label: `${notice} ${subject.token} by ${actor.token}`, sortNumber }];
}

function stateIn({ unreadCount, unreadPriorityCount, lastMessage, firstExpiringUnread, mutedUntil }: ConversationData) {
  return {
    state: {
      unreadCount,
      unreadPriorityCount,
      lastMessage: lastMessage?.token ?? null,
      firstExpiring: firstExpiringUnread?.message.token,
    },
    isMuted: mutedUntil != null,
  };
}
