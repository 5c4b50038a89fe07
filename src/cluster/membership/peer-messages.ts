/** Handles the messages of other replicas to the source of one caller. */
import { GatewayError } from '../../errors.ts';
import type { LogFollower } from '../follower/log-follower.ts';
import type { Replays } from '../follower/replays.ts';
import { trace } from '../log/trace.ts';
import type { Confirmations } from '../owner/confirmations.ts';
import type { HeldStream } from '../owner/held-stream.ts';
import type { LeaseTerm } from '../owner/lease-term.ts';
import { takeSent } from '../owner/sent-messages.ts';
import type { SourceStateHolder } from '../source/source-state.ts';
import type { Transitions } from '../source/transitions.ts';
import type { Message } from './message.ts';

export interface PeerMessagesOptions {
  readonly source: SourceStateHolder;
  readonly transitions: Transitions;
  readonly confirmations: Confirmations;
  readonly replays: Replays;
  readonly stream: HeldStream;
  /** The followers of the lease term reported. */
  onReport(): void;
}

/** Maximum time after which an owner answers a hello; before, it answers as soon as the log has everything. */
const maxFlushMs = 500;

export class PeerMessages {
  readonly #options: PeerMessagesOptions;
  /** Hellos received during a transition: only its end decides which lease term this replica has. */
  #hellos: (readonly [from: string, message: Message & { k: 'hello' }])[] = [];

  constructor(options: PeerMessagesOptions) {
    this.#options = options;
  }

  received(from: string, message: Message): void {
    const { source, transitions, confirmations } = this.#options;
    const { term, follower } = source;
    switch (message.k) {
      case 'hello':
        if (source.isSearching) this.#hellos.push([from, message]);
        else this.#hello(from, message);
        return;
      case 'welcome':
        transitions.welcomed(message.q, message.status);
        return;
      case 'left':
        if (!transitions.denied(message.t) && follower?.ownership.token === message.t) transitions.resolveOwner();
        return;
      case 'claimed':
        if (Number(message.t) > Number(term?.token ?? follower?.ownership.token ?? 0)) transitions.resolveOwner();
        return;
      case 'sent':
        void this.#sent(message);
        return;
      case 'acknowledged':
        confirmations.acknowledgedBy(from, message.ids);
        return;
      default:
        if (term?.token === message.t) this.#fromFollower(term, from, message);
        else if (follower?.ownership.token === message.t) this.#fromOwner(follower, message);
        else if (message.k === 'report') this.#deny(from, message.t);
        else if (message.k === 'wake' && this.#needsNone)
          source.options.send(from, { k: 'bye', n: message.n, t: message.t });
    }
  }

  /** Answers the hellos that were received during the transition. */
  transitionEnded(): void {
    const hellos = this.#hellos;
    this.#hellos = [];
    for (const [from, message] of hellos) this.#hello(from, message);
  }

  /** Whether no other replica must wait for this one. While it stands alone, others wait until its own stream has everything. */
  get #needsNone(): boolean {
    const { isSearching, state, replayedAt } = this.#options.source;
    return !isSearching && (state !== 'alone' || Number.isFinite(replayedAt));
  }

  /** Messages of another replica were lost: its place as owner or follower is determined again. */
  lost(replica: string): void {
    const { source, transitions } = this.#options;
    if (source.follower !== undefined) transitions.resolveOwner();
    if (source.term?.followers.has(replica) === true) this.#deny(replica, source.term.token);
  }

  #hello(from: string, { n, t, q, isProbe }: Message & { k: 'hello' }): void {
    const { source } = this.#options;
    const { term } = source;
    if (term === undefined || term.token !== t || (isProbe && !term.followers.has(from))) {
      this.#deny(from, t);
      return;
    }
    if (!isProbe) {
      trace(n, 'follower', '', `${from} ${t}`);
      term.followers.add(from);
      this.#options.transitions.followed();
    }
    void term.flush(maxFlushMs).then(() => {
      if (source.term === term) source.options.send(from, { k: 'welcome', n, t, q, status: source.status });
    });
  }

  async #sent({ c, at }: Message & { k: 'sent' }): Promise<void> {
    const { source, stream } = this.#options;
    if (!stream.isOpen) return;
    const event = await takeSent(source.options.log, c, at);
    if (event !== undefined && stream.isOpen) source.options.publishOwn(event);
  }

  #fromFollower(term: LeaseTerm, from: string, message: Message): void {
    const { replays, stream, onReport } = this.#options;
    if (message.k === 'report') {
      if (!term.report(from, message.u, message.o)) this.#deny(from, term.token);
      onReport();
    } else if (message.k === 'bye') {
      trace(message.n, 'follower leaves', '', from);
      term.removeFollower(from);
    } else if (message.k === 'reopen') {
      replays.asked(from);
      stream.reopen();
    }
  }

  #fromOwner(follower: LogFollower, message: Message): void {
    const { source, replays } = this.#options;
    if (message.k === 'wake') follower.wake();
    else if (message.k === 'status') source.setStatus(message.status);
    else if (message.k === 'repeated') replays.take(follower, message.events);
    else if (message.k === 'replayed') replays.takeEnd();
    else if (message.k === 'rejected') source.listener.onCredentialRejected(new GatewayError(message.code));
  }

  #deny(replica: string, token: string): void {
    const { name, send } = this.#options.source.options;
    send(replica, { k: 'left', n: name, t: token });
  }
}
