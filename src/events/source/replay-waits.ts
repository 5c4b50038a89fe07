/**
 * Subscribers that wait for a replay from the upstream. The stream is reopened for them, at most once per second, and the
 * upstream then sends everything unacknowledged.
 *
 * The upstream omits acknowledged events from a replay, and waiting subscribers would miss them. Acknowledgements are
 * therefore deferred until the replay has ended.
 */
import { LazyMap, LazySet } from '../../util/lazy-collections.ts';
import type { EventRecord } from '../record/record.ts';
import type { Subscriber } from '../subscriber/subscriber.ts';

/** Minimum interval between two reopenings of the stream for new subscribers. */
const reopenIntervalMs = 1_000;
/** Limit on deferring acknowledgements until a replay has ended: an upstream may not announce the end. */
const maxDeferMs = 15_000;

export interface ReplayWaitsOptions {
  /** Limit of deferred acknowledgements, and of ids remembered per waiting subscriber. */
  readonly maxIds: number;
  /** The stream is about to be reopened: the subscriber receives live events from now on. */
  attach(subscriber: Subscriber): void;
  /** Reopens the stream. */
  reopen(): void;
  /** Reports that an event can be acknowledged. */
  acknowledge(record: EventRecord): void;
}

export class ReplayWaits {
  readonly #options: ReplayWaitsOptions;
  /** Subscribers that wait for the next reopening of the stream. */
  readonly #pending = new LazySet<Subscriber>();
  /** Subscribers that wait for a replay, with the ids offered since it began: an interrupted replay starts from the beginning. */
  readonly #replaying = new LazyMap<Subscriber, Set<string>>();
  readonly #deferred = new LazySet<EventRecord>();
  #reopenTimer: NodeJS.Timeout | undefined;
  #deferTimer: NodeJS.Timeout | undefined;
  #reopenedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReplayWaitsOptions) {
    this.#options = options;
  }

  /** Subscribers that are not attached yet. */
  get pending(): LazySet<Subscriber> {
    return this.#pending;
  }

  /** Attached subscribers whose replay has not ended. */
  get replaying(): LazyMap<Subscriber, unknown> {
    return this.#replaying;
  }

  get isEmpty(): boolean {
    return this.#pending.size + this.#replaying.size === 0;
  }

  /** The resume buffer lacks unacknowledged events. The subscriber joins when the stream is reopened. */
  add(subscriber: Subscriber): void {
    this.#pending.add(subscriber);
    const wait = this.#reopenedAt + reopenIntervalMs - performance.now();
    if (wait <= 0) this.#reopen();
    else this.#reopenTimer ??= setTimeout(() => this.#reopen(), wait);
  }

  /** Acknowledges an event, after the replay if subscribers wait for one. */
  acknowledge(record: EventRecord): void {
    if (this.isEmpty) {
      this.#options.acknowledge(record);
      return;
    }
    this.#deferred.add(record);
    this.#deferTimer ??= setTimeout(() => this.#acknowledgeDeferred(), maxDeferMs);
    if (this.#deferred.size >= this.#options.maxIds) this.#acknowledgeDeferred();
  }

  isDeferred(record: EventRecord): boolean {
    return this.#deferred.has(record);
  }

  /** Records that an event is offered to the subscriber. @returns False when this replay has offered it before. */
  offer(record: EventRecord, subscriber: Subscriber): boolean {
    const offered = this.#replaying.get(subscriber);
    if (offered === undefined) return true;
    if (offered.has(record.id)) return false;
    if (record.isStored && offered.size < this.#options.maxIds) offered.add(record.id);
    return true;
  }

  /** The replay has ended. */
  replayed(): void {
    this.#replaying.clear();
    if (this.#pending.size === 0) this.#acknowledgeDeferred();
  }

  unsubscribed(subscriber: Subscriber): void {
    this.#pending.delete(subscriber);
    this.#replaying.delete(subscriber);
  }

  /** Sends deferred acknowledgements if no subscriber waits any more. */
  acknowledgeWhenEmpty(): void {
    if (this.isEmpty) this.#acknowledgeDeferred();
  }

  close(): void {
    clearTimeout(this.#reopenTimer);
    this.#acknowledgeDeferred();
  }

  #reopen(): void {
    clearTimeout(this.#reopenTimer);
    this.#reopenTimer = undefined;
    if (this.#pending.size === 0) return;
    this.#reopenedAt = performance.now();
    for (const subscriber of this.#pending) {
      this.#replaying.set(subscriber, new Set());
      this.#options.attach(subscriber);
    }
    this.#pending.clear();
    this.#options.reopen();
  }

  #acknowledgeDeferred(): void {
    clearTimeout(this.#deferTimer);
    this.#deferTimer = undefined;
    for (const record of this.#deferred) this.#options.acknowledge(record);
    this.#deferred.clear();
  }
}
