/** Typing people by conversation, presence of accounts, and the typing state of the caller. */
import {
  type ConversationId,
  type ConversationRowFragment,
  type PresenceState,
  StartTypingDocument,
  StopTypingDocument,
  type UserId,
} from '../documents.ts';
import { type Context, forever } from './context.ts';

/**
 * Time after which typing ends without an event: the service repeats the event every few seconds, and the final one may be lost.
 */
const fadesAfterMs = 8_000;
/** Interval in which the caller's own typing is sent. */
const repeatAfterMs = 4_000;
/** Maximum people whose presence is held; the oldest are dropped. */
const maxPeople = 2_000;

const noOne: readonly UserId[] = [];

export class Presence {
  readonly #context: Context;
  /** Typing people by conversation, with the end of each. */
  readonly #typing = new Map<string, Map<UserId, number>>();
  readonly #shown = new Map<string, readonly UserId[]>();
  readonly #presence = new Map<string, PresenceState>();
  /** When the caller's typing was last sent, by conversation. */
  readonly #sentAt = new Map<string, number>();

  constructor(context: Context) {
    this.#context = context;
  }

  typingIn(conversation: string): readonly UserId[] {
    return this.#shown.get(conversation) ?? noOne;
  }

  of(user: string): PresenceState | undefined {
    return this.#presence.get(user);
  }

  setTyping(conversation: string, user: UserId, isTyping: boolean): void {
    const people = this.#typing.get(conversation) ?? new Map<UserId, number>();
    if (isTyping) people.set(user, this.#context.now() + fadesAfterMs);
    else if (!people.delete(user)) return;
    if (people.size === 0) this.#typing.delete(conversation);
    else this.#typing.set(conversation, people);
    this.#show(conversation);
  }

  set(user: string, presence: PresenceState): void {
    this.#presence.delete(user);
    this.#presence.set(user, presence);
    const [oldest = ''] = this.#presence.keys();
    if (this.#presence.size > maxPeople) this.#presence.delete(oldest);
    this.#context.changed();
  }

  /** Sends that the caller types, or has stopped. */
  sendTyping({ id, counterpart, organizationKey: organization }: ConversationRowFragment, isTyping: boolean): void {
    const now = this.#context.now();
    const sentAt = this.#sentAt.get(id);
    const isRecent = sentAt !== undefined && sentAt <= now && now - sentAt < repeatAfterMs;
    if (counterpart === null || (isTyping ? isRecent : sentAt === undefined)) return;
    if (isTyping) this.#sentAt.set(id, now);
    else this.#sentAt.delete(id);
    const variables = { input: { recipient: counterpart.id, organization } };
    const { run } = this.#context;
    const sending = isTyping ? run(StartTypingDocument, variables) : run(StopTypingDocument, variables);
    // It expires without an event.
    sending.catch(() => undefined);
  }

  /** A message ends the typing of its author. */
  sent(conversation: ConversationId): void {
    this.#sentAt.delete(conversation);
  }

  get dueAt(): number {
    const times = [...this.#typing.values()].flatMap((people) => [...people.values()]);
    return Math.min(forever, ...times);
  }

  expire(now: number): void {
    for (const [conversation, people] of this.#typing)
      for (const [user, until] of people) if (until <= now) this.setTyping(conversation, user, false);
  }

  clear(): void {
    this.#typing.clear();
    this.#shown.clear();
    this.#presence.clear();
  }

  #show(conversation: string): void {
    const people = this.#typing.get(conversation);
    if (people === undefined) this.#shown.delete(conversation);
    else this.#shown.set(conversation, [...people.keys()]);
    this.#context.changed();
  }
}
