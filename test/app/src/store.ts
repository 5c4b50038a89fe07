/** What is on the screen: messages, and who is typing. Each function here gives the step from one state to the next. */
import type { DeliveryStatus, MessageBubbleFragment } from 'tigerconnect-graphql/documents';

export interface Entry {
  /** Whole once the service has it. */
  readonly message: Pick<MessageBubbleFragment, 'id' | 'body' | 'createdAt'> & Partial<MessageBubbleFragment>;
  /** Global id of who or what the conversation is with. */
  readonly conversation: string;
  readonly isMine: boolean;
  /** How far one of mine got, by recipient. */
  readonly progress: Readonly<Record<string, DeliveryStatus>>;
  /** On its way, or what sends it again; undefined once the service has it. */
  readonly outgoing?: 'SENDING' | (() => void);
  /** When it was opened here, in milliseconds; what deletes on read goes a minute later. */
  readonly readAt?: number | undefined;
}

export interface State {
  readonly entries: ReadonlyMap<string, Entry>;
  /** When the typing in a conversation counts as over, in milliseconds. */
  readonly typing: ReadonlyMap<string, number>;
  readonly now: number;
}

export type Step = (state: State) => State;
export const emptyState: State = { entries: new Map(), typing: new Map(), now: Date.now() };

const rank: readonly DeliveryStatus[] = ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'];
const isUpTo = (status: DeliveryStatus | null | undefined, limit: DeliveryStatus) =>
  rank.indexOf(status ?? 'NEW') <= rank.indexOf(limit);
const [minuteMs, typingMs] = [60_000, 8_000];

export const isUnread = ({ isMine, message }: Entry) => !isMine && isUpTo(message.status, 'DELIVERED');
export const orderOf = ({ message }: Entry) => message.sortNumber ?? Date.parse(message.createdAt ?? '');

export const put =
  (entry: Entry): Step =>
  (state) => ({ ...state, entries: new Map(state.entries).set(entry.message.id, entry) });

export const gone =
  (...ids: readonly string[]): Step =>
  (state) => ({ ...state, entries: new Map([...state.entries].filter(([id]) => !ids.includes(id))) });

export const received =
  (message: MessageBubbleFragment, me: string): Step =>
  (state) => {
    const known = state.entries.get(message.id);
    const isMine = message.sender?.id === me;
    const conversation = message.group?.id ?? (isMine ? message.recipient?.id : message.sender?.id) ?? '';
    const readAt = known?.readAt ?? (message.status === 'READ' ? Date.now() : undefined);
    const entry = { message, conversation, isMine, progress: known?.progress ?? {}, readAt };
    // One of mine may come back by itself before the answer to its sending, or without one.
    return put(entry)(isMine ? gone(message.idempotencyKey ?? '')(state) : typing(conversation, false)(state));
  };

export const progressed =
  (id: string, user: string, status: DeliveryStatus): Step =>
  (state) => {
    const entry = state.entries.get(id);
    if (entry === undefined || isUpTo(status, entry.progress[user] ?? 'NEW')) return state;
    return put({ ...entry, progress: { ...entry.progress, [user]: status } })(state);
  };

export const read =
  (entries: readonly Entry[]): Step =>
  (state) =>
    entries
      .map((entry) => put({ ...entry, readAt: Date.now(), message: { ...entry.message, status: 'READ' } }))
      .reduce((before, step) => step(before), state);

export const typing =
  (conversation: string, isTyping: boolean): Step =>
  (state) => ({ ...state, typing: new Map(state.typing).set(conversation, isTyping ? Date.now() + typingMs : 0) });

/** Messages leave by themselves: expired, or read a minute ago and meant for one reading. */
export const tick: Step = (state) => {
  const now = Date.now();
  const isOver = ({ message, isMine, readAt = now }: Entry) =>
    (message.expiresAt != null && Date.parse(message.expiresAt) <= now) ||
    (message.deleteOnRead === true && !isMine && readAt + minuteMs <= now);
  const over = [...state.entries.values()].filter(isOver).map(({ message }) => message.id);
  return { ...(over.length > 0 ? gone(...over)(state) : state), now };
};
