/**
 * Reads of conversations in one operation. Each fact is read once: a page of the roster has the states of all conversations on it,
 * and a single conversation is read only when no page had it.
 * Without v5 every read yields undefined. If v5 is refused during an operation, later reads do the same, and the operation
 * continues with v2.
 */

import type { ConversationState, TimelineItem, TimelinePage } from '../domain/conversation.ts';
import type { ConversationKey, Counterpart, Message } from '../domain/domain.ts';
import { GatewayError } from '../errors.ts';
import { isVersionRefused } from '../upstream/api-version.ts';
import {
  conversationIdLookup,
  conversationLookup,
  listConversations,
  readTimeline,
  type TimelinePlace,
} from '../upstream/endpoints/conversation.ts';
import { upstreamStatus } from '../upstream/transport/failure.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { BatchScheduler } from './batch-scheduler.ts';
import { type AccountReaders, keyOfMessage, kindsOf } from './conversation-key.ts';
import { type CallerMemory, conversationText } from './conversation-memory.ts';
import type { PromiseOrValue } from './promise-or-value.ts';
import { type ConversationPage, RosterStates } from './roster-states.ts';
import { V5Calls } from './v5-calls.ts';

export type HistoryPage = TimelinePage<TimelineItem | GatewayError>;

export interface ConversationLoaderOptions extends AccountReaders {
  readonly upstream: Upstream;
  readonly scheduler: BatchScheduler;
  readonly memory: CallerMemory;
  /**
   * Stores a counterpart that arrived with a conversation.
   * @returns The object that represents it in this operation.
   */
  readonly prime: (counterpart: Counterpart) => Counterpart;
}

export class ConversationLoaders {
  readonly #options: ConversationLoaderOptions;
  readonly #memory: CallerMemory;
  readonly #pages = new Map<string, Promise<ConversationPage | undefined>>();
  /** By `conversationText`. */
  readonly #states = new Map<string, Promise<ConversationState | undefined>>();
  readonly #ids = new Map<string, Promise<string | undefined>>();
  /** By conversation, place and size. */
  readonly #timelines = new Map<string, Promise<HistoryPage | undefined>>();
  /** States that arrived with pages. */
  readonly #seen = new Map<string, ConversationState>();
  readonly #rosterStates: RosterStates;
  readonly #v5: V5Calls;

  constructor(options: ConversationLoaderOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#rosterStates = new RosterStates({
      page: (continuation) => this.page(undefined, continuation),
      newest: () => options.scheduler.track(0, this.#readPage(undefined, undefined)),
      seen: this.#seen,
    });
    this.#v5 = new V5Calls(options.memory, () => this.#readPage(undefined, undefined));
  }

  /** Whether the upstream has v5 for the caller. When unknown, costs a call, which also reads conversations. */
  async isAvailable(): Promise<boolean> {
    if (this.#memory.version === undefined) await this.page();
    return this.#memory.version === 'v5';
  }

  /** One page of the caller's conversations, the latest traffic first. */
  page(organization?: string, continuation?: string): Promise<ConversationPage | undefined> {
    const name = `${organization ?? ''}\n${continuation ?? ''}`;
    let page = this.#pages.get(name);
    if (page === undefined) {
      page = this.#options.scheduler.track(0, this.#readPage(organization, continuation));
      this.#pages.set(name, page);
    }
    return page;
  }

  /** A conversation's state; undefined when it is absent for the caller. */
  state(key: ConversationKey): Promise<ConversationState | undefined> {
    const name = conversationText(key);
    let state = this.#states.get(name);
    if (state === undefined) {
      state = this.#options.scheduler.track(0, this.#readState(key));
      this.#states.set(name, state);
    }
    return state;
  }

  /** The same for one of many conversations of the roster, without a call of its own. */
  rosterState(key: ConversationKey): Promise<ConversationState | undefined> {
    return this.#rosterStates.state(key);
  }

  /** The upstream's id; undefined when there is no such conversation for the caller. */
  id(key: ConversationKey): Promise<string | undefined> {
    const known = this.#memory.idOf(key);
    if (known !== undefined) return Promise.resolve(known);
    const name = conversationText(key);
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#options.scheduler.track(0, this.#readId(key));
      this.#ids.set(name, id);
    }
    return id;
  }

  /** The conversation with an upstream id; undefined when it is absent for the caller. Costs a call when unknown. */
  async keyOfId(id: string): Promise<ConversationKey | undefined> {
    const known = this.#memory.keyOf(id);
    if (known !== undefined || !(await this.isAvailable())) return known;
    const { upstream, scheduler } = this.#options;
    const state = await this.#v5.present(scheduler.track(0, upstream.find(conversationLookup(id))));
    return state && this.#see(state).key;
  }

  /** One page of a conversation's history; undefined when the conversation is absent for the caller. */
  timeline(key: ConversationKey, place: TimelinePlace, maxItems: number): Promise<HistoryPage | undefined> {
    const name = JSON.stringify([conversationText(key), place, maxItems]);
    let page = this.#timelines.get(name);
    if (page === undefined) {
      page = this.#readTimeline(key, place, maxItems);
      this.#timelines.set(name, page);
    }
    return page;
  }

  async #readTimeline(key: ConversationKey, place: TimelinePlace, maxItems: number): Promise<HistoryPage | undefined> {
    if (!(await this.isAvailable())) return undefined;
    const id = await this.id(key);
    if (id === undefined) return undefined;
    const { upstream, scheduler } = this.#options;
    return this.#v5.present(scheduler.track(0, readTimeline(upstream, id, place, maxItems)));
  }

  /** The conversation of a message; undefined when the message does not show it. Costs no call unless the message is direct. */
  keyOfMessage(message: Message): PromiseOrValue<ConversationKey | undefined> {
    return keyOfMessage(message, this.#memory, this.#options);
  }

  /**
   * Makes a v5 call about a conversation, such as a write.
   * @param call Gets the upstream's id.
   * @returns Undefined when the upstream has no v5 for the caller, no longer has it, or lacks this call: nothing was changed.
   * @throws GatewayError `NOT_FOUND` when the conversation is absent, or the error of the call.
   */
  async withId<Value>(key: ConversationKey, call: (id: string) => Promise<Value>): Promise<Value | undefined> {
    if (!(await this.isAvailable())) return undefined;
    const id = await this.id(key);
    if (id === undefined) {
      if (await this.isAvailable()) throw new GatewayError('NOT_FOUND');
      return undefined;
    }
    return this.#v5.attempt(() => call(id));
  }

  /**
   * Makes a v5 call without a conversation, such as one that creates it. Costs no call to detect the version.
   * @returns Undefined when v5 is not known to be available for the caller, is no longer available, or the call found nothing: the
   *   caller then uses v2.
   */
  async onV5<Value>(call: () => Promise<Value | undefined>): Promise<Value | undefined> {
    return this.#memory.version === 'v5' ? this.#v5.find(call) : undefined;
  }

  /** Stores a conversation that came with the reply of a write. */
  prime(state: ConversationState): void {
    this.#see(state);
  }

  /** Discards all states, after a change to one. */
  clear(): void {
    this.#rosterStates.clear();
    this.#pages.clear();
    this.#states.clear();
    this.#seen.clear();
    this.#timelines.clear();
  }

  async #readPage(
    organization: string | undefined,
    continuation: string | undefined,
  ): Promise<ConversationPage | undefined> {
    if (this.#memory.version === 'v2') return undefined;
    try {
      const page = await listConversations(this.#options.upstream, { organization, continuation });
      this.#v5.confirm();
      return { ...page, items: page.items.map((item) => (item instanceof Error ? item : this.#see(item))) };
    } catch (error) {
      // A later page has a continuation, which may be what the upstream refused.
      if (!isVersionRefused(error)) throw error;
      // Only v2 shows whether the credential is rejected, or only v5 for it.
      // @throws GatewayError `UNAUTHENTICATED`
      if (upstreamStatus(error) === 401) await this.#options.me();
      this.#memory.versionRefused();
      return undefined;
    }
  }

  async #readState(key: ConversationKey): Promise<ConversationState | undefined> {
    if (!(await this.isAvailable())) return undefined;
    const name = conversationText(key);
    const id = this.#seen.has(name) ? undefined : await this.id(key);
    const seen = this.#seen.get(name); // the page that showed the version may contain the conversation
    if (seen !== undefined || id === undefined) return seen;
    const state = await this.#v5.present(this.#options.upstream.find(conversationLookup(id)));
    return state && this.#remember(state);
  }

  async #readId(key: ConversationKey): Promise<string | undefined> {
    if (!(await this.isAvailable())) return undefined;
    const known = this.#memory.idOf(key);
    if (known !== undefined) return known;
    const { upstream } = this.#options;
    for (const kind of kindsOf(this.#memory.kindOf(key))) {
      const id = await this.#v5.present(upstream.find(conversationIdLookup(kind, key.counterpart, key.organization)));
      if (id === '' || this.#memory.version !== 'v5') return undefined;
      if (id === undefined) continue;
      this.#memory.remember({ ...key, kind }, id);
      return id;
    }
    return undefined;
  }

  /** Stores a conversation that arrived with a page. */
  #see(item: ConversationState): ConversationState {
    const state = this.#remember(item);
    this.#seen.set(conversationText(state.key), state);
    return state;
  }

  #remember(state: ConversationState): ConversationState {
    this.#memory.remember(state.key, state.id);
    return { ...state, counterpart: this.#options.prime(state.counterpart) };
  }
}
