/**
 * Finds out who owns a caller's stream, claims it where no replica does, and makes the source an owner or a follower. One transition
 * at a time; another look that is wanted while one runs comes next.
 */
import type { ConnectionStatus } from '../connection-status.ts';
import type { EventLog, Joined, Ownership } from './event-log.ts';
import type { Membership } from './membership.ts';
import type { Message } from './message.ts';

export type ClaimReason = 'free' | 'lost' | 'own' | 'left' | 'silent' | 'denied' | 'handed_over';

export interface TransitionsOptions {
  /** Keyed hash of the credential. */
  readonly name: string;
  readonly replica: string;
  readonly log: EventLog;
  readonly membership: Membership;
  send(to: string, message: Message): void;
  /** Before the first call. */
  readonly ready: Promise<void>;
  /** Whether events of the caller are in memory here. */
  hasMemory(): boolean;
  /** A transition begins: what the upstream says is held from now on. */
  onBegin(): void;
  /** It is over. */
  onEnd(): void;
  own(joined: Joined, token: string, reason: ClaimReason, claimedAt: number): Promise<void>;
  follow(ownership: Ownership, status: ConnectionStatus): Promise<void>;
  /** Redis failed. @returns Whether to try again soon. */
  failed(): boolean;
}

/** Wait for the answer to a hello. */
const helloMs = 1_000;
const retryMs = 200;
/** Replicas that find an owner dead at the same time do not claim at the same moment. */
const maxSpreadMs = 200;

type Answer = 'silent' | 'left' | ConnectionStatus;

export class Transitions {
  readonly #options: TransitionsOptions;
  #isRunning = false;
  #isWanted = false;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();
  #hello: { readonly q: number; readonly token: string; resolve(answer: Answer): void } | undefined;
  #helloCount = 0;

  constructor(options: TransitionsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Looks who owns the stream, now or after the transition under way. */
  look(): void {
    if (this.#isClosed) return;
    this.#isWanted = true;
    if (!this.#isRunning) this.#running = this.#run();
  }

  /** Resolves when no transition is under way; none begins any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#answer('silent');
    await this.#running;
  }

  /** Asks the owner whether it still is; looks again unless it says so in time. */
  async probe(ownership: Ownership): Promise<void> {
    if (this.#hello !== undefined || this.#isRunning) return;
    const answer = await this.#ask(ownership, true);
    if (typeof answer === 'string' && !this.#isRunning) this.look();
  }

  welcomed(q: number, status: ConnectionStatus): void {
    if (this.#hello?.q === q) this.#answer(status);
  }

  /** @returns Whether it answers a hello. */
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
          // Another replica was faster, or an owner has yet to come back.
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
    const { log, membership, replica, hasMemory, follow } = this.#options;
    const joined = await log.join();
    if (this.#isClosed) return true;
    const { owner, token, released } = joined;
    if (owner === replica) return this.#claim(joined, 'own');
    if (owner === '') {
      // Redis lost its data: the replica that owned the stream has what the log had.
      if (token === '0' && membership.isNew && !hasMemory()) {
        await pause(retryMs);
        return false;
      }
      return this.#claim(joined, token === '0' ? 'lost' : released === 'alone' ? 'free' : 'handed_over');
    }
    if (membership.isDead(owner)) {
      await pause(Math.random() * maxSpreadMs);
      return this.#claim(joined, 'left');
    }
    const answer = await this.#ask(joined, false);
    if (this.#isClosed) return true;
    if (answer === 'silent') return this.#claim(joined, 'silent');
    if (answer === 'left') return this.#claim(joined, 'denied');
    await follow(joined, answer);
    return true;
  }

  async #claim(joined: Joined, reason: ClaimReason): Promise<boolean> {
    const claimedAt = performance.now();
    const token = await this.#options.log.claim(joined);
    if (token === undefined) return false;
    if (this.#isClosed) {
      await this.#options.log.release(token, 'shared');
      return true;
    }
    await this.#options.own(joined, token, reason, claimedAt);
    return true;
  }

  #ask({ owner, token }: Ownership, isProbe: boolean): Promise<Answer> {
    this.#helloCount += 1;
    const q = this.#helloCount;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (this.#hello?.q === q) this.#answer('silent');
      }, helloMs);
      // A probe under way is answered by what is asked now.
      this.#answer('silent');
      this.#hello = {
        q,
        token,
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      };
      this.#options.send(owner, { k: 'hello', n: this.#options.name, t: token, q, isProbe });
    });
  }

  #answer(answer: Answer): void {
    const hello = this.#hello;
    this.#hello = undefined;
    hello?.resolve(answer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
