/**
 * Random steps of a service and of the page that shows it: events late, twice and lost, gaps, reconnections, clocks that jump,
 * calls that fail before and after they had their effect. Once all is quiet, the store shows what the service holds: to a reader
 * at the end up to the newest item, to one in the middle around the item where the reader is. A failure prints its seed;
 * `FUZZ_SEED` repeats it, and `FUZZ_RUNS` sets the number of steps.
 */
import { inspect } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ConversationId } from '../../src/documents.ts';
import { type ConversationStore, createStore, type Item, type MessageItem } from '../../src/store/store.ts';
import { createRandom, type Random } from '../soak/random.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { me, type ServiceItem, StoreService } from '../support/store-service.ts';
import { VirtualTime } from '../support/virtual-time.ts';

const steps = fuzzRuns(4_000);
const stepsOfRound = 400;
const firstSeed = fuzzSeed(1);
const bounds = { maxItems: 24, pageSize: 6, maxOutgoing: 20 };
const quiet = 100_000;

/** A message that the page has sent. */
interface Sent {
  readonly key: string;
  readonly conversation: ConversationId;
  readonly isRejected: boolean;
  isDropped: boolean;
  /** The page was loaded again before it was stored, as far as the page knew. */
  isLost: boolean;
}

class Round {
  readonly #random: Random;
  readonly #time = new VirtualTime();
  readonly #service: StoreService;
  readonly #stream: 'v2' | 'v5';
  readonly #open = new Set<ConversationId>();
  /** Items at which readers are who have scrolled; without one, the reader is at the end. */
  readonly #places = new Map<ConversationId, string>();
  readonly #history: string[] = [];
  #sent: Sent[] = [];
  /** The page's clock before the service's, in milliseconds. */
  #skewMs = 0;
  /** Whether it was before at any time since the last comparison. */
  #isClockWrong = false;
  #store: ConversationStore;
  readonly #stored = new Map<string, string>();
  readonly #storesText: boolean;
  readonly #hasJumps: boolean;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    // The jitter of the store's delays.
    vi.spyOn(Math, 'random').mockImplementation(() => this.#random.next());
    this.#stream = seed % 2 === 0 ? 'v5' : 'v2';
    this.#storesText = seed % 3 === 0;
    this.#hasJumps = seed % 5 === 0;
    this.#service = new StoreService({ random: this.#random, time: this.#time, stream: this.#stream });
    for (let count = 1; count <= 5; count++) {
      const id = `Conversation:${count}`;
      this.#service.conversations.set(id, []);
      for (let items = this.#random.below(60); items > 0; items--) this.#service.add(id, items % 3 === 0, { rank: 2 });
    }
    this.#store = this.#start();
  }

  #start(): ConversationStore {
    const time = this.#time;
    const stored = this.#stored;
    return createStore({
      client: this.#service.client,
      me,
      bounds,
      signIn: async () => {
        this.#service.isCredentialGood = true;
      },
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => stored.set(key, value),
        removeItem: (key) => stored.delete(key),
      },
      storesText: this.#storesText,
      clock: {
        now: () => time.now + this.#skewMs,
        setTimeout: (work, ms) => time.after(ms, work),
        clearTimeout: (timer) => time.cancel(timer),
      },
    });
  }

  async step(): Promise<void> {
    const name = this.#random.pick(this.#often);
    const id = this.#random.pick([...this.#service.conversations.keys()]) as ConversationId;
    this.#history.push(`${name} ${id}`);
    await this.#steps[name]?.(id);
    await this.#time.advance(this.#random.below(150));
    const { timelines } = this.#store.getSnapshot();
    for (const { items } of Object.values(timelines))
      expect(items.length).toBeLessThanOrEqual(2 * bounds.maxItems + bounds.maxOutgoing);
  }

  /** The faults end, and so does everything under way. */
  async settle(): Promise<void> {
    this.#service.faults = 0;
    this.#service.isOnline = true;
    await this.#time.advance(quiet);
    // v2 does not report messages that another client has read, and a page with a wrong clock does not know which have expired.
    // A page of history that could not be read keeps its error until it is requested again.
    const hasError = Object.values(this.#store.getSnapshot().timelines).some(({ error }) => error !== undefined);
    if (this.#stream === 'v2' || this.#isClockWrong || hasError) this.#store.refresh();
    await this.#time.advance(quiet);
    this.#compare();
    this.#isClockWrong = this.#skewMs !== 0;
    this.#sent = this.#sent.filter(({ isRejected, isLost, isDropped }) => (isRejected || isLost) && !isDropped);
  }

  end(): void {
    this.#store.dispose();
  }

  #compare(): void {
    const snapshot = this.#store.getSnapshot();
    const what = this.#history.slice(-12).join(', ');
    expect(snapshot.connection, what).toBe('LIVE');
    const expected = [...this.#service.conversations.keys()].map((id) => {
      const last = this.#service.lastIn(id);
      return [id, this.#service.unreadIn(id).length, last !== undefined && this.#isShown(last) ? last.id : null];
    });
    const shown = snapshot.conversations.map(({ id, unreadCount, lastMessage }) => [
      id,
      unreadCount,
      lastMessage?.id ?? null,
    ]);
    expect(shown.sort(), what).toEqual(expected.sort());
    const times = snapshot.conversations.map(({ lastMessage }) => Date.parse(lastMessage?.createdAt ?? '') || 0);
    expect(times, what).toEqual([...times].sort((one, other) => other - one));
    expect(Object.keys(snapshot.timelines).sort(), what).toEqual([...this.#open].sort());
    for (const id of this.#open) this.#compareTimeline(id, what);
    this.#compareSent(what);
  }

  #isShown({ expiresAt }: ServiceItem): boolean {
    return expiresAt > this.#time.now + this.#skewMs;
  }

  #compareTimeline(id: ConversationId, what: string): void {
    const { items, hasOlder, hasNewer, isLoading, error } = this.#store.getSnapshot().timelines[id] ?? never();
    expect([isLoading, error], what).toEqual([false, undefined]);
    const all = (this.#service.conversations.get(id) ?? []).filter((item) => !item.isRecalled && this.#isShown(item));
    // A page whose clock is behind shows what has expired, unless it was read since.
    const optional = new Set(all.filter(({ expiresAt }) => expiresAt <= this.#time.now).map((item) => item.id));
    const expected = all.filter((item) => !optional.has(item.id)).map(labelOf);
    const stored = items.filter((item) => item.kind === 'NOTICE' || item.message.id.startsWith('Message:'));
    const shown = stored
      .map((item) => (item.kind === 'NOTICE' ? item.key : shownLabel(item)))
      .filter((label) => !optional.has(label.split(' ')[0] ?? ''));
    const at = hasOlder ? expected.indexOf(shown[0] ?? '') : 0;
    const end = hasNewer ? at + shown.length : undefined;
    expect(shown, `${what}; ${id} of ${expected.length}, from ${at} to ${end}`).toEqual(
      expected.slice(Math.max(0, at), end),
    );
    if (hasOlder && at < 0) expect(expected, what).toEqual([]);
    const place = this.#places.get(id);
    if (place === undefined) expect(hasNewer, `${what}; ${id} at its end`).toBe(false);
    else if (all.some((item) => item.id === place && !optional.has(place)))
      expect(items.map(idOf), `${what}; ${id} at ${place}`).toContain(place);
  }

  /** The reader scrolls to an end of what is shown, where the page reads on, over a few pages. */
  async #scroll(id: ConversationId, read: 'readOlder' | 'readNewer'): Promise<void> {
    for (let pages = this.#random.below(4); pages >= 0; pages--) {
      const timeline = this.#store.getSnapshot().timelines[id];
      // While one is read there is nothing to scroll to.
      if (timeline === undefined || timeline.isLoading) return;
      const ids = timeline.items.map(idOf).filter((one) => one.startsWith('Message:'));
      // At the end, what comes is followed.
      if (read === 'readNewer' && !timeline.hasNewer) this.#places.delete(id);
      else this.#places.set(id, ids.at(read === 'readOlder' ? 0 : -1) ?? '');
      void this.#store[read](id);
      await this.#time.advance(this.#random.below(150));
    }
  }

  #compareSent(what: string): void {
    for (const { key, conversation, isRejected, isDropped, isLost } of this.#sent) {
      const there = this.#service.conversations.get(conversation)?.filter((item) => item.key === key) ?? [];
      if (isRejected) expect(there, what).toEqual([]);
      else if (isDropped || isLost) expect(there.length, what).toBeLessThanOrEqual(1);
      else if (this.#service.conversations.has(conversation)) expect(there.length, `${what}: ${key} is stored`).toBe(1);
      if (!this.#open.has(conversation)) continue;
      const items = this.#store.getSnapshot().timelines[conversation]?.items ?? [];
      const waiting = items.filter((item): item is MessageItem => item.kind === 'MESSAGE' && item.message.id === key);
      // Not to be seen here: it was recalled, or has expired, before the page saw that it is stored.
      if (isLost && there.some(({ isRecalled, expiresAt }) => isRecalled || expiresAt <= this.#time.now)) continue;
      const isFailed = (isRejected || (isLost && there.length === 0)) && !isDropped;
      expect(
        waiting.map(({ delivery, canRetry, error }) => [delivery, canRetry, error?.code]),
        what,
      ).toEqual(isFailed ? [['FAILED', false, isLost ? 'TEXT_LOST' : 'BAD_USER_INPUT']] : []);
    }
  }

  readonly #steps: Readonly<Record<string, (id: ConversationId) => unknown>> = {
    receive: (id) => this.#service.add(id, false, this.#fate()),
    'send on another device': (id) => this.#service.add(id, true, this.#fate()),
    notice: (id) => this.#service.add(id, false, { kind: 'NOTICE' }),
    send: (id) => {
      if (this.#sent.filter(({ isDropped }) => !isDropped).length > 15) return;
      const isRejected = this.#random.below(8) === 0;
      const key = this.#store.send(id, {
        body: isRejected ? 'rejected' : 'x',
        deleteOnRead: this.#random.below(4) === 0,
      });
      this.#sent.push({ key, conversation: id, isRejected, isDropped: false, isLost: false });
      this.#places.delete(id);
    },
    drop: () => {
      const sent = this.#sent.filter(({ isDropped }) => !isDropped);
      if (sent.length === 0) return;
      const one = this.#random.pick(sent);
      one.isDropped = true;
      this.#store.drop(one.key);
    },
    retry: () => {
      if (this.#sent.length > 0) this.#store.retry(this.#random.pick(this.#sent).key);
    },
    'other reads': (id) => {
      const mine = this.#service.visible(id).filter(({ isMine, kind }) => isMine && kind === 'MESSAGE');
      if (mine.length > 0) this.#service.advance(id, this.#random.pick(mine));
    },
    escalate: (id) => {
      const messages = this.#service.visible(id).filter(({ kind }) => kind === 'MESSAGE');
      if (messages.length > 0) this.#service.escalate(this.#random.pick(messages.slice(-8)));
    },
    'read elsewhere': (id) => this.#service.read(id, this.#service.lastIn(id)?.order ?? 0),
    'recall elsewhere': (id) => {
      const messages = this.#service.visible(id).filter(({ kind }) => kind === 'MESSAGE');
      if (messages.length > 0) this.#service.recall(id, this.#random.pick(messages.slice(-6)));
    },
    recall: (id) => {
      const items = this.#store.getSnapshot().timelines[id]?.items ?? [];
      const mine = items.flatMap((item) => (item.kind === 'MESSAGE' && item.isMine ? item.message.id : []));
      const stored = mine.filter((one) => one.startsWith('Message:'));
      if (stored.length > 0) this.#store.recall(this.#random.pick(stored)).catch(() => undefined);
    },
    open: (id) => {
      if (!this.#open.has(id)) this.#store.open(id);
      this.#open.add(id);
    },
    close: (id) => {
      this.#places.delete(id);
      if (this.#open.delete(id)) this.#store.close(id);
    },
    'read on': (id) => void this.#store.markRead(id).catch(() => undefined),
    'page up': (id) => this.#scroll(id, 'readOlder'),
    'page down': (id) => this.#scroll(id, 'readNewer'),
    'to the end': (id) => {
      this.#places.delete(id);
      void this.#store.readNewest(id);
    },
    type: (id) => this.#store.setTyping(id, this.#random.below(2) === 0),
    'other types': (id) =>
      this.#service.emitTransient({
        __typename: 'TypingChanged',
        isTyping: this.#random.below(3) > 0,
        user: { id: 'User:other' },
        conversation: { id },
      }),
    'time passes': () => this.#time.advance(this.#random.pick([2_000, 20_000, 70_000])),
    'load the page again': () => {
      this.#store.dispose();
      const stored = this.#stored.get(`tigerconnect-outbox ${me}`) ?? '';
      for (const sent of this.#sent) sent.isLost ||= !this.#storesText && stored.includes(sent.key);
      this.#store = this.#start();
      this.#places.clear();
      for (const id of this.#open) this.#store.open(id);
    },
    'clock jumps': () => {
      // In some rounds only: after them everything has to be read again, which hides what events alone have to do.
      if (!this.#hasJumps) return;
      this.#skewMs = this.#random.pick([0, 0, 3_600_000, -3_600_000, 90_000, -90_000]);
      this.#isClockWrong ||= this.#skewMs !== 0;
    },
    repeat: () => this.#service.repeat(),
    gap: () => this.#service.gap(),
    cut: () => this.#service.cut(),
    'lose the network': () => {
      this.#service.isOnline = false;
      this.#service.cut();
    },
    'find the network': () => {
      this.#service.isOnline = true;
    },
    'expire the credential': () => this.#service.expireCredential(),
    'calls fail': () => {
      this.#service.faults = this.#random.pick([0, 0, 0.2, 0.6]);
    },
    'a conversation changes': (id) =>
      this.#service.emit(() => ({ __typename: 'RosterChanged', change: 'UPDATED', conversation: { id } })),
    'a conversation ends': (id) => {
      if (this.#service.conversations.size < 3) return;
      this.#service.conversations.delete(id);
      this.#places.delete(id);
      if (this.#open.delete(id)) this.#store.close(id);
      for (const { key, conversation } of this.#sent) if (conversation === id) this.#store.drop(key);
      this.#sent = this.#sent.filter(({ conversation }) => conversation !== id);
      this.#service.emit(() => ({ __typename: 'RosterChanged', change: 'REMOVED', conversation: { id } }));
    },
    'a conversation begins': () => {
      const id = `Conversation:${100 + this.#history.length}`;
      this.#service.conversations.set(id, []);
      this.#service.emit(() => ({ __typename: 'RosterChanged', change: 'ADDED', conversation: { id } }));
    },
  };

  readonly #often = [
    ...Array.from({ length: 10 }, () => 'receive'),
    ...Array.from({ length: 4 }, () => 'send'),
    ...['send on another device', 'send on another device', 'notice', 'drop', 'retry', 'retry'],
    ...['other reads', 'other reads', 'read elsewhere', 'recall elsewhere', 'recall', 'open', 'open', 'open', 'close'],
    ...['read on', 'read on', 'page up', 'page up', 'page up', 'page down', 'page down', 'type', 'other types'],
    ...['time passes', 'clock jumps', 'repeat', 'repeat', 'gap', 'cut', 'lose the network', 'find the network'],
    ...['find the network', 'expire the credential', 'load the page again', 'calls fail', 'a conversation changes'],
    ...['a conversation ends', 'a conversation begins', 'escalate', 'escalate', 'to the end'],
  ];

  /** How long a message lives. */
  #fate(): Partial<ServiceItem> {
    const expiresAt = this.#time.now + this.#random.pick([Number.POSITIVE_INFINITY, 30_000, 90_000, 3_600_000]);
    return { expiresAt, deletesOnRead: this.#random.below(6) === 0 };
  }
}

const idOf = (item: Item) => (item.kind === 'NOTICE' ? item.key : item.message.id);

function never(): never {
  throw new Error('not open');
}

function labelOf({ id, kind, isMine, rank, level }: ServiceItem): string {
  if (kind === 'NOTICE') return id;
  return `${id} ${isMine ? ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'][rank] : rank < 2} ${level}`;
}

const shownLabel = ({ message, isMine, isUnread, delivery }: MessageItem) =>
  `${message.id} ${isMine ? delivery : isUnread} ${message.escalation?.level ?? 0}`;

describe('the store', () => {
  afterAll(() => vi.restoreAllMocks());

  it('has the state of the service, after any steps', { timeout: 7_200_000 }, async () => {
    const failures: Error[] = [];
    for (let done = 0; done < steps && failures.length < 5; done += stepsOfRound) {
      const seed = firstSeed + done / stepsOfRound;
      const round = new Round(seed);
      try {
        for (let step = 1; step <= Math.min(stepsOfRound, steps - done); step++) {
          await round.step();
          if (step % 50 === 0) await round.settle();
        }
      } catch (error) {
        failures.push(new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=${stepsOfRound}`, { cause: error }));
        process.stdout.write(`${inspect(failures.at(-1), { depth: 8 })}\n`);
      }
      round.end();
    }
    if (failures.length > 0) throw failures[0];
  });
});
