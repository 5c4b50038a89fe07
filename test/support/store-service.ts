/**
 * A service for the store, in virtual time: late, wrong or missing responses, events that are late, repeated, after a gap or
 * missing, and a credential that expires. Its state is plain lists, which the store must show.
 */
import type { StoreClient, StoreRequest, StoreSink } from '../../src/store/store.ts';
import type { Random } from '../soak/random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the service answers, by the names of the schema. */
type Data = Readonly<Record<string, unknown>>;

/** Variables of the store's documents; each document has those that its answer below reads. */
interface Variables {
  readonly id: string;
  readonly first: number;
  readonly last: number | null | undefined;
  readonly after: string | null | undefined;
  readonly before: string | null | undefined;
  readonly input: {
    readonly conversation: string;
    readonly idempotencyKey: string;
    readonly body: string;
    readonly deleteOnRead?: boolean;
    readonly message: string;
    readonly through: string;
    readonly eventIds: readonly string[];
    readonly delivered?: readonly string[];
  };
}

export const me = 'User:me';
const statuses = ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'];

export interface ServiceItem {
  readonly id: string;
  readonly kind: 'MESSAGE' | 'NOTICE';
  readonly order: number;
  readonly isMine: boolean;
  readonly key: string | null;
  readonly deletesOnRead: boolean;
  readonly createdAt: number;
  expiresAt: number;
  isRecalled: boolean;
  /** Of the only other person: how far the message got. */
  rank: number;
  /** How often its escalation changed; 0 without one. */
  level: number;
}

interface LoggedEvent {
  readonly id: string;
  /** Made when it is delivered: on v2, counts are read then. */
  readonly make: () => Data;
  /** The message it brings: without one that is gone, the event is withdrawn. */
  readonly item: ServiceItem | undefined;
  isDone: boolean;
}

interface Subscription {
  readonly sink: StoreSink;
  /** Index of the next event. */
  next: number;
  isOver: boolean;
}

export interface ServiceOptions {
  readonly random: Random;
  readonly time: VirtualTime;
  /** Whether events have the counts of their time, and say what other devices read. */
  readonly stream: 'v2' | 'v5';
}

const iso = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);

export class StoreService {
  readonly conversations = new Map<string, ServiceItem[]>();
  /** Share of calls that fail, 0 to 1. */
  faults = 0;
  isOnline = true;
  isCredentialGood = true;
  /** Keys of messages that the service never takes. */
  readonly rejected = new Set<string>();
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #stream: 'v2' | 'v5';
  readonly #log: LoggedEvent[] = [];
  readonly #subscriptions = new Set<Subscription>();
  #status = new Set<StoreSink>();
  #count = 0;

  constructor({ random, time, stream }: ServiceOptions) {
    this.#random = random;
    this.#time = time;
    this.#stream = stream;
  }

  readonly client: StoreClient = {
    subscribe: (request, sink) => {
      const [, name = ''] = /^\w+ (\w+)/.exec(request.query) ?? [];
      if (name === 'ConversationEvents') return this.#subscribe(request, sink);
      if (name === 'ConnectionStatus') return this.#subscribeStatus(sink);
      let isOver = false;
      this.#call(name, request.variables, {
        next: (result) => isOver || sink.next(result),
        error: (error) => isOver || sink.error(error),
        complete: () => isOver || sink.complete(),
      });
      return () => {
        isOver = true;
      };
    },
  };

  /** Items that the caller sees now. */
  visible(id: string): ServiceItem[] {
    return (this.conversations.get(id) ?? []).filter((item) => !item.isRecalled && item.expiresAt > this.#time.now);
  }

  unreadIn(id: string): ServiceItem[] {
    return this.visible(id).filter((item) => item.kind === 'MESSAGE' && !item.isMine && item.rank < 2);
  }

  lastIn(id: string): ServiceItem | undefined {
    return this.visible(id).findLast(({ kind }) => kind === 'MESSAGE');
  }

  add(id: string, isMine: boolean, more: Partial<ServiceItem> = {}): ServiceItem {
    const item: ServiceItem = {
      id: `Message:${++this.#count}`,
      kind: 'MESSAGE',
      order: this.#count,
      isMine,
      key: null,
      deletesOnRead: false,
      createdAt: this.#time.now,
      expiresAt: Number.POSITIVE_INFINITY,
      isRecalled: false,
      rank: 0,
      level: 0,
      ...more,
    };
    const items = this.conversations.get(id) ?? [];
    this.conversations.set(id, [...items, item]);
    const counts = this.#counts(id);
    if (item.kind === 'MESSAGE')
      this.emit(
        () => ({
          __typename: 'MessageReceived',
          message: messageOf(item),
          recipientStatuses: [],
          conversation: { id, ...(this.#stream === 'v5' ? counts : this.#counts(id)) },
        }),
        { item },
      );
    else this.emit(() => ({ ...noticeOf(item), conversation: { id } }), { mayBeLate: true });
    return item;
  }

  /** The other person receives or reads. */
  advance(id: string, item: ServiceItem): void {
    item.rank = Math.min(3, item.rank + 1);
    if (item.deletesOnRead && item.rank >= 2) item.expiresAt = Math.min(item.expiresAt, this.#time.now + 60_000);
    this.#emitStatus(id, item, item.rank, 'User:other', true);
  }

  /** Starts the escalation of the message, or moves it to its next level. */
  escalate(item: ServiceItem): void {
    item.level += 1;
    const changedEscalation = escalationOf(item);
    this.emit(() => ({ __typename: 'EscalationChanged', changedEscalation }));
  }

  /** The caller reads on another device, or here. */
  read(id: string, order: number): void {
    for (const item of this.unreadIn(id)) {
      if (item.order > order) continue;
      item.rank = 2;
      if (item.deletesOnRead) item.expiresAt = Math.min(item.expiresAt, this.#time.now + 60_000);
      if (this.#stream === 'v5') this.#emitStatus(id, item, 2, me, false);
    }
  }

  recall(id: string, item: ServiceItem): void {
    item.isRecalled = true;
    const conversation = this.#stream === 'v5' || this.#random.below(2) === 0 ? { id } : null;
    this.emit(() => ({ __typename: 'MessageRecalled', recalledMessageId: item.id, conversation }), { mayBeLate: true });
  }

  /** @param mayBeLate Events after it may come before it. */
  emit(make: () => Data, { mayBeLate = false, item }: { mayBeLate?: boolean; item?: ServiceItem } = {}): void {
    const event: LoggedEvent = { id: `event-${++this.#count}`, make, item, isDone: false };
    const add = () => {
      this.#log.push(event);
      for (const subscription of this.#subscriptions) this.#pump(subscription);
    };
    if (mayBeLate && this.#random.below(3) === 0) this.#time.after(this.#random.below(3_000), add);
    else add();
  }

  /** What is not stored, such as typing. */
  emitTransient(event: Data): void {
    const data = { events: { ...event, id: '00000000-0000-0000-0000-000000000001' } };
    for (const { sink } of this.#subscriptions) sink.next({ data });
  }

  /** Delivers an event that was delivered before. */
  repeat(): void {
    if (this.#log.length === 0) return;
    const event = this.#random.pick(this.#log.slice(-20));
    for (const subscription of this.#subscriptions)
      if (this.#log.indexOf(event) < subscription.next && !this.#isWithdrawn(event))
        subscription.sink.next({ data: { events: eventOf(event) } });
  }

  /** Events are lost, and subscribers are notified. */
  gap(): void {
    for (const subscription of this.#subscriptions) {
      const lost = this.#log.slice(subscription.next, subscription.next + 3);
      for (const event of lost) event.isDone = true;
      const id = lost.at(-1)?.id ?? this.#log[subscription.next - 1]?.id ?? 'event-0';
      subscription.next += lost.length;
      subscription.sink.next({ data: { events: { __typename: 'SubscriptionGap', id, gapReason: 'TOO_LARGE' } } });
    }
  }

  /** Every subscription ends. */
  cut(): void {
    const errors = [{ message: 'x', extensions: { code: 'SHUTTING_DOWN', retryable: true } }];
    const isClean = this.#random.below(2) === 0;
    const ended = [...[...this.#subscriptions].map(({ sink }) => sink), ...this.#status];
    for (const subscription of this.#subscriptions) subscription.isOver = true;
    this.#subscriptions.clear();
    this.#status = new Set();
    for (const sink of ended) {
      if (isClean) {
        sink.next({ errors });
        sink.complete();
      } else sink.error(new Error('closed'));
    }
  }

  /** A whole rejection, as after the credential's end. */
  expireCredential(): void {
    this.isCredentialGood = false;
    this.cut();
  }

  #counts(id: string): Data {
    return { unreadCount: this.unreadIn(id).length, unreadPriorityCount: 0 };
  }

  #emitStatus(id: string, item: ServiceItem, rank: number, user: string, mayBeLate: boolean): void {
    const event = {
      __typename: 'MessageStatusChanged',
      status: statuses[rank],
      message: { id: item.id },
      user: { id: user },
      conversation: { id },
    };
    this.emit(() => event, { mayBeLate });
  }

  #rejection(): Data | undefined {
    if (this.isCredentialGood) return undefined;
    return { errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED', retryable: false } }] };
  }

  #subscribe({ variables }: StoreRequest, sink: StoreSink): () => void {
    const subscription: Subscription = { sink, next: 0, isOver: false };
    this.#time.after(this.#random.below(50), () => {
      if (subscription.isOver) return;
      if (!this.isOnline) return sink.error(new Error('no network'));
      const rejection = this.#rejection();
      if (rejection !== undefined) {
        sink.next(rejection);
        return sink.complete();
      }
      this.#subscriptions.add(subscription);
      const after = variables.after;
      const at = this.#log.findIndex(({ id }) => id === after);
      if (typeof after === 'string' && (at < 0 || this.#random.below(4) === 0)) {
        // Some of what was not delivered is lost.
        for (const event of this.#log.slice(at + 1)) if (this.#random.below(2) === 0) event.isDone = true;
        const gap = { __typename: 'SubscriptionGap', id: after, gapReason: 'UNKNOWN_POSITION' };
        sink.next({ data: { events: gap } });
      } else if (at >= 0) subscription.next = at + 1;
      this.#pump(subscription);
    });
    return () => {
      subscription.isOver = true;
      this.#subscriptions.delete(subscription);
    };
  }

  /** Delivers what is due, in order. */
  #pump(subscription: Subscription): void {
    const { next, sink } = subscription;
    this.#time.after(this.#random.below(20), () => {
      if (subscription.isOver || subscription.next !== next) return;
      const event = this.#log[subscription.next];
      if (event === undefined) return;
      subscription.next += 1;
      if (!event.isDone && !this.#isWithdrawn(event)) sink.next({ data: { events: eventOf(event) } });
      this.#pump(subscription);
    });
  }

  #isWithdrawn({ item }: LoggedEvent): boolean {
    return item !== undefined && (item.isRecalled || item.expiresAt <= this.#time.now);
  }

  #subscribeStatus(sink: StoreSink): () => void {
    let isOver = false;
    this.#time.after(this.#random.below(50), () => {
      if (isOver) return;
      if (!this.isOnline) return sink.error(new Error('no network'));
      const rejection = this.#rejection();
      if (rejection !== undefined) {
        sink.next(rejection);
        return sink.complete();
      }
      this.#status.add(sink);
      sink.next({ data: { connectionStatus: { state: 'LIVE' } } });
    });
    return () => {
      isOver = true;
      this.#status.delete(sink);
    };
  }

  #call(name: string, variables: Data, sink: StoreSink): void {
    const fault = this.#random.next() < this.faults ? this.#random.pick(['before', 'after', 'error']) : undefined;
    this.#time.after(this.#random.below(60), () => {
      if (!this.isOnline || fault === 'before') return sink.error(new Error('no network'));
      const rejection = this.#rejection();
      const failed = { errors: [{ message: 'x', extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }] };
      const result = rejection ?? (fault === 'error' ? failed : this.#answer(name, variables as unknown as Variables));
      // Later changes of the service do not change a result that is being delivered.
      const text = JSON.stringify(result);
      // Some are late, so that events overtake them.
      this.#time.after(this.#random.below(this.#random.below(6) === 0 ? 2_000 : 60), () => {
        if (fault === 'after') return sink.error(new Error('no network'));
        sink.next(JSON.parse(text));
        sink.complete();
      });
    });
  }

  #answer(name: string, variables: Variables): Data {
    const { input, id } = variables;
    switch (name) {
      case 'Conversations': {
        // A cursor is a place, so that conversations that end between two pages shift nothing.
        const rest = [...this.conversations.keys()].filter((one) => placeOf(one) > Number(variables.after ?? 0));
        const nodes = rest.slice(0, 2).map((one) => this.#row(one));
        const pageInfo = { hasNextPage: rest.length > 2, endCursor: String(placeOf(rest[1] ?? '')) };
        return { data: { conversations: { pageInfo, nodes } } };
      }
      case 'Conversation':
        return { data: { conversation: this.conversations.has(id) ? this.#row(id) : null } };
      case 'Timeline':
        return { data: { conversation: this.conversations.has(id) ? { id, timeline: this.#page(variables) } : null } };
      case 'SendMessage': {
        const { conversation, idempotencyKey: key, body, deleteOnRead } = input;
        const errors = [
          { message: 'x', path: ['sendMessage'], extensions: { code: 'BAD_USER_INPUT', field: 'input.body' } },
        ];
        if (body === 'rejected') this.rejected.add(key);
        if (body === 'rejected') return { data: { sendMessage: null }, errors };
        const items = this.conversations.get(conversation);
        const extensions = { code: 'NOT_FOUND', field: 'input.conversation' };
        if (items === undefined) return { data: { sendMessage: null }, errors: [{ message: 'x', extensions }] };
        const known = items.find((item) => item.key === key);
        const stored = known ?? this.add(conversation, true, { key, deletesOnRead: deleteOnRead === true });
        return { data: { sendMessage: { message: messageOf(stored) } } };
      }
      case 'RecallMessage': {
        for (const [one, items] of this.conversations)
          for (const item of items) if (item.id === input.message && !item.isRecalled) this.recall(one, item);
        return { data: { recallMessage: { recalledMessageId: input.message } } };
      }
      case 'MarkConversation': {
        const through = this.conversations.get(input.conversation)?.find((item) => item.id === input.through);
        this.read(input.conversation, through?.order ?? 0);
        return {
          data: { markConversation: { conversation: { id: input.conversation, ...this.#counts(input.conversation) } } },
        };
      }
      case 'AcknowledgeEvents':
        for (const event of this.#log) if (input.eventIds.includes(event.id)) event.isDone = true;
        return { data: { acknowledgeEvents: { acknowledgedEventIds: input.eventIds } } };
      case 'UpdateMessageStatus':
        for (const items of this.conversations.values())
          for (const item of items) if (input.delivered?.includes(item.id)) item.rank = Math.max(1, item.rank);
        return { data: { updateMessageStatus: { delivered: [], read: [] } } };
      default:
        return { data: {} };
    }
  }

  #row(id: string): Data {
    const last = this.lastIn(id);
    const first = Math.min(...this.unreadIn(id).map(({ expiresAt }) => expiresAt));
    return {
      __typename: 'Conversation',
      id,
      organizationKey: 'org',
      isHistoryAvailable: true,
      mutedUntil: null,
      ...this.#counts(id),
      firstExpiringUnread: Number.isFinite(first) ? { expiresAt: iso(first) } : null,
      counterpart: { __typename: 'User', id: 'User:other' },
      membership: null,
      lastMessage: last === undefined ? null : messageOf(last),
    };
  }

  #page({ id, first, after, last, before }: Variables): Data {
    const all = this.visible(id);
    const within = all.filter(({ order }) => (before == null || order < +before) && (after == null || order > +after));
    const items = last == null ? within.slice(0, first) : within.slice(-last);
    const [start, end] = [items[0]?.order, items.at(-1)?.order];
    for (const item of items) if (!item.isMine) item.rank = Math.max(1, item.rank);
    return {
      pageInfo: {
        hasPreviousPage: all.some(({ order }) => order < (start ?? +(before ?? 0))),
        hasNextPage: all.some(({ order }) => order > (end ?? +(after ?? Number.POSITIVE_INFINITY))),
        startCursor: start === undefined ? null : String(start),
        endCursor: end === undefined ? null : String(end),
      },
      nodes: items.map((item) => (item.kind === 'MESSAGE' ? messageOf(item) : noticeOf(item))),
    };
  }
}

const placeOf = (id: string) => Number(id.split(':')[1]);

const eventOf = ({ id, make }: LoggedEvent): Data => ({ ...make(), id });

function messageOf(item: ServiceItem): Data {
  return {
    __typename: 'Message',
    id: item.id,
    body: 'x',
    createdAt: iso(item.createdAt),
    expiresAt: iso(item.expiresAt),
    deleteOnRead: item.deletesOnRead,
    status: statuses[item.rank],
    isUnread: !item.isMine && item.rank < 2,
    sortNumber: item.order,
    idempotencyKey: item.key,
    sender: { id: item.isMine ? me : 'User:other' },
    attachments: [],
    escalation: escalationOf(item),
  };
}

function escalationOf({ id, level, createdAt }: ServiceItem): Data | null {
  const changedAt = iso(createdAt + level);
  return level === 0 ? null : { escalationId: `Escalation of ${id}`, level, changedAt, message: { id } };
}

function noticeOf(item: ServiceItem): Data {
  return {
    __typename: 'ConversationNotice',
    noticeId: item.id,
    notice: 'added',
    sortNumber: item.order,
    at: iso(item.createdAt),
  };
}
