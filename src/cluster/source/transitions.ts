/**
 * Resolves the owner of a caller's stream, claims the stream when it has none, and makes the source an owner or a follower. One
 * transition at a time; one requested during another runs next.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { EventLog, Joined, Ownership } from '../log/event-log.ts';
import { trace } from '../log/trace.ts';
import type { Membership } from '../membership/membership.ts';
import type { Message } from '../membership/message.ts';
import type { Claim, ClaimReason, Memory } from './claim.ts';

export interface TransitionsOptions {
  /** Keyed hash of the credential. */
  readonly name: string;
  readonly replica: string;
  readonly log: EventLog;
  readonly membership: Membership;
  /** All messages that the inbox had at this time have been received, on the clock of `performance`. */
  inboxProvenAt(): number;
  /** @param onSent The inbox of the receiver has it. */
  send(to: string, message: Message, onSent?: () => void): void;
  /** Resolves before the first call. */
  readonly ready: Promise<void>;
  memory(): Memory;
  /** Token of the lease term of this replica. */
  token(): string | undefined;
  /** Whether this replica owns the stream and others follow it. */
  hasFollowers(): boolean;
  /** Releases the stream for a follower. @returns False without a follower. */
  handOver(): Promise<boolean>;
  /** The search for the owner begins. */
  onResolveOwner(): void;
  /** A transition begins. */
  onBegin(): void;
  /** Redis answers: events of the upstream are held until the transition ends, or fails without a change. */
  onMove(): void;
  /** The transition has ended. */
  onEnd(): void;
  own(joined: Joined, claim: Claim): Promise<void>;
  follow(ownership: Ownership, status: ConnectionStatus): Promise<void>;
  /** Redis failed. @returns Whether to try again soon. */
  failed(): boolean;
}

/** Time to wait for the answer to a hello. */
const helloMs = 1_000;
/** Maximum wait for the answer to a hello that Redis has not accepted, or whose answer may be in an unread inbox. */
const maxInboxUnreadMs = 4_000;
const helloPollMs = 100;
const retryMs = 200;
/** Replicas that detect a dead owner at the same time spread their claims over this time. */
const maxSpreadMs = 200;
/**
 * After a loss of Redis' data, an owner that has everything claims at once, another replica that has it after a second, any other
 * after two.
 */
const wholeAfterMs = 1_000;
const othersAfterMs = 2_000;
/** Maximum wait for another replica to claim a released stream. */
const handOverMs = 2_000;
const handOverPollMs = 50;

/** `inbox-unread`: the reply may be in the inbox, which cannot be read. */
type OwnerReply = 'silent' | 'inbox-unread' | 'left' | ConnectionStatus;

export class Transitions {
  readonly #options: TransitionsOptions;
  #isRunning = false;
  #isWanted = false;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();
  #hello: { readonly q: number; readonly token: string; resolve(answer: OwnerReply): void } | undefined;
  #helloCount = 0;
  #isDraining = false;
  /** Time until which a stream without owner is left to others, on the clock of `performance`. */
  #yieldsUntil = 0;

  constructor(options: TransitionsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Resolves the owner of the stream, now or after the transition in progress. */
  resolveOwner(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    if (!this.#isRunning) this.#running = this.#run();
  }

  /** Hands the stream over, now or when it has a follower. */
  drain(): void {
    this.#isDraining = true;
    if (this.#options.hasFollowers()) this.resolveOwner();
  }

  /** The lease term here has a new follower. */
  followed(): void {
    if (this.#isDraining) this.resolveOwner();
  }

  /** Resolves when no transition is in progress; no further one begins. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#answer('silent');
    await this.#running;
  }

  /** Checks that the owner still owns the stream; resolves the owner again unless it replies in time. */
  async probe(ownership: Ownership): Promise<void> {
    if (this.#hello !== undefined || this.#isRunning) return;
    if (typeof (await this.#ask(ownership, true)) === 'string' && !this.#isRunning) this.resolveOwner();
  }

  welcomed(q: number, status: ConnectionStatus): void {
    if (this.#hello?.q === q) this.#answer(status);
  }

  /** @returns Whether it was the answer to a hello. */
  denied(token: string): boolean {
    if (this.#hello?.token !== token) return false;
    this.#answer('left');
    return true;
  }

  async #run(): Promise<void> {
    const { ready, onBegin, onEnd, failed } = this.#options;
    this.#isRunning = true;
    onBegin();
    await ready;
    while (this.#isWanted && !this.#isClosed) {
      this.#isWanted = false;
      try {
        while (!(await this.#join())) {
          // Another replica was faster, or an owner may still come back.
          if (this.#isClosed) break;
        }
      } catch {
        if (this.#isClosed) break;
        if (failed()) {
          await pause(retryMs);
          this.#isWanted = true;
        }
      }
    }
    this.#isRunning = false;
    onEnd();
  }

  /** @returns Whether the source has its place. */
  async #join(): Promise<boolean> {
    const { log, membership, replica, follow, onResolveOwner, onMove } = this.#options;
    onResolveOwner();
    if (!membership.isAdmitted) throw new Error('Replicas of another format may be alive.');
    if (this.#isDraining) {
      onMove();
      if (await this.#options.handOver()) this.#yieldsUntil = performance.now() + handOverMs;
    }
    const joined = await log.join();
    if (this.#isClosed) return true;
    onMove();
    const { owner, token, released, participants } = joined;
    if (owner === replica) {
      const isKept = this.#isDraining && token === this.#options.token();
      return isKept || this.#claim(joined, 'own');
    }
    if (owner === '') {
      const others = participants.filter((other) => other !== replica && !membership.isDead(other));
      if (performance.now() < this.#yieldsUntil && others.length > 0) {
        await pause(handOverPollMs);
        return false;
      }
      if (token === '0' && membership.dataAgeMs < this.#claimLostAfterMs()) {
        await pause(retryMs);
        return false;
      }
      return this.#claim(joined, token === '0' ? 'lost' : released === 'alone' ? 'free' : 'handed_over');
    }
    // The token is about the time of the claim, at which the owner was alive.
    membership.recordAlive(owner, Number(token));
    if (membership.isDead(owner)) {
      await pause(Math.random() * maxSpreadMs);
      return this.#claim(joined, 'left');
    }
    const answer = await this.#ask(joined, false);
    if (this.#isClosed) return true;
    if (answer === 'inbox-unread') throw new Error('The inbox cannot be read.');
    if (answer === 'silent') return this.#claim(joined, 'silent');
    if (answer === 'left') return this.#claim(joined, 'denied');
    await follow(joined, answer);
    return true;
  }

  async #claim(joined: Joined, reason: ClaimReason): Promise<boolean> {
    const claimedAt = performance.now();
    const { isWhole, history: proposed } = this.#options.memory();
    const { log, own } = this.#options;
    const claimed = await log.claim(joined, proposed);
    if (claimed === undefined) return false;
    if (this.#isClosed) await log.release(claimed.token, 'shared');
    else await own(joined, { ...claimed, reason, claimedAt, proposed, isWhole });
    return true;
  }

  #claimLostAfterMs(): number {
    const { isOwner, hasEvents, isWhole, hasGap } = this.#options.memory();
    if (!isWhole || !hasEvents || hasGap) return othersAfterMs;
    return isOwner ? 0 : wholeAfterMs;
  }

  #ask({ owner, token }: Ownership, isProbe: boolean): Promise<OwnerReply> {
    this.#helloCount += 1;
    const q = this.#helloCount;
    return new Promise((resolve) => {
      let sentAt: number | undefined;
      // Excludes time in which this process slept: an answer may have arrived in its inbox since.
      let awakeMs = 0;
      let lookedAt = performance.now();
      const poll = () => {
        const now = performance.now();
        awakeMs += Math.min(now - lookedAt, helloPollMs);
        lookedAt = now;
        // A missing reply proves nothing before Redis has the hello, and while the inbox cannot be read.
        const isInboxUnread = sentAt !== undefined && this.#options.inboxProvenAt() < sentAt - helloMs;
        const waitMs = isInboxUnread || sentAt === undefined ? maxInboxUnreadMs : helloMs;
        if (awakeMs >= waitMs) this.#answer(isInboxUnread ? 'inbox-unread' : 'silent');
      };
      const timer = setInterval(poll, helloPollMs);
      // The reply to a probe in progress also answers this one.
      this.#answer('silent');
      this.#hello = {
        q,
        token,
        resolve: (answer) => {
          clearInterval(timer);
          resolve(answer);
        },
      };
      trace(this.#options.name, isProbe ? 'asks again' : 'asks', '', `${owner} ${token}`);
      this.#options.send(owner, { k: 'hello', n: this.#options.name, t: token, q, isProbe }, () => {
        sentAt = performance.now();
        awakeMs = 0;
        lookedAt = sentAt;
      });
    });
  }

  #answer(answer: OwnerReply): void {
    const hello = this.#hello;
    this.#hello = undefined;
    hello?.resolve(answer);
  }
}
