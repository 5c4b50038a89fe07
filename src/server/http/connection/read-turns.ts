/**
 * Fairness between connections. Node parses all that it reads from a connection, up to 64 KiB at a time and 2 MiB in one turn of
 * the event loop, before anything else happens, and it reads from each connection that has data. A thousand requests of 22 kB take
 * half a second, a thousand bodies of 1 MB five seconds. When such work takes too long in one turn, the connections that cause it
 * are held: nothing is read from them until `ReadQueue` selects them, a few per turn. Only two kinds are ever held: connections
 * without an answered request of an accepted credential, and those with a large body or message.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LinkedQueueNode } from '../../../upstream/transport/admission/linked-queue.ts';
import { limitGroup } from '../../../util/ip-address.ts';
import { type Principal, uncountedBytes } from '../../memory-budget.ts';
import { ReadQueue, type Waiting } from './read-queue.ts';
import { isLongSince, type Moment, TurnLimit, thisMoment, turnMs } from './turn-limit.ts';

/** Milliseconds of processor time that large bodies with an accepted credential may take in one turn of the loop; others: `turnMs`. */
const largeTurnMs = 5;
/** Maximum connections that are released in one turn. */
const maxReleased = 64;
/** Bytes of a body or message above which it is large. */
export const largeBodyBytes = uncountedBytes;

/** State of one connection in the read turns of its server. */
export class ReadTurn implements Waiting<ReadTurn> {
  readonly socket: Socket;
  readonly #turns: ReadTurns;
  isAccepted = false;
  group: string;
  hadTurn = false;
  #isUpgraded = false;
  #isStopped = false;
  /** Whether the present or the last request had a large body. */
  #isLarge = false;
  /** Whether the present request has a large body. */
  #isLargeNow = false;
  /** Whether reading is suspended. */
  #isHeld = false;
  /** Whether the consumer of the connection has paused it. */
  #isPaused = false;
  /** `bytesRead` at the last release; undefined before the first one. */
  #releasedAt: number | undefined;
  /** Ends the connection, whose timeout was put off; undefined: it was not. */
  #expire: (() => void) | undefined;
  #expiryTimer: NodeJS.Timeout | undefined;
  owner: LinkedQueueNode<ReadTurn>['owner'];
  prev: ReadTurn | undefined;
  next: ReadTurn | undefined;

  constructor(socket: Socket, turns: ReadTurns) {
    this.socket = socket;
    this.#turns = turns;
    this.group = limitGroup(socket.remoteAddress ?? '');
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** A request or message begins. */
  begin(): void {
    this.endTimeout();
    if (this.isCandidate) this.#turns.check(this, turnMs);
    if (!this.#isLarge) return;
    if (this.isAccepted) this.hadTurn = false;
    // Stays large until a request without a large body: clients that send one large body send more.
    if (!this.#isLargeNow) this.#isLarge = false;
    this.#isLargeNow = false;
    this.#turns.update(this);
  }

  /** A part of a large body or message, or of one in many small chunks, has been read. */
  read(): void {
    this.#isLargeNow = true;
    if (!this.#isLarge) {
      this.#isLarge = true;
      this.#turns.update(this);
    }
    this.#turns.check(this, this.isAccepted ? largeTurnMs : turnMs);
  }

  /** Whether the connection may be held. */
  get isCandidate(): boolean {
    return !this.#isStopped && (this.#isLarge || !(this.isAccepted || this.#isUpgraded));
  }

  /**
   * The connection has become a WebSocket, which is held only while it sends large messages, or any without an accepted credential.
   * Node leaves it neither flowing nor paused, and it flows once the WebSocket listens, which may be later: until then it must be
   * neither held nor resumed.
   */
  upgrade(): void {
    this.endTimeout();
    this.#isUpgraded = true;
    this.#isLarge = false;
    this.#isLargeNow = false;
    this.#isPaused = true;
    this.#turns.update(this);
    this.#turns.check(this, turnMs);
  }

  /**
   * Sets the caller of the request being read.
   * @param principal Undefined when the upstream has not accepted the credential.
   * @param address Group in which limits count the client's address.
   */
  identify(principal: Principal, address: string): void {
    const group = principal ?? address;
    const isAccepted = principal !== undefined;
    if (group === this.group && isAccepted === this.isAccepted) return;
    this.group = group;
    this.isAccepted = isAccepted;
    this.#turns.update(this);
  }

  /** Stops reading from the connection, which is about to close, and holds all others that may be held. */
  stop(): void {
    this.#isStopped = true;
    this.#turns.remove(this);
    // Even if Node has paused the connection: it would resume it for the rest of the body.
    this.#takeOver();
    this.#turns.holdAll();
  }

  /**
   * Puts off Node's timeout for the headers of a request, which also counts while the connection is held, when nothing that its client
   * sends is read, and while the event loop is late: Node checks its timeouts before it reads what has arrived.
   * @param expire Called when no request has begun at the end of this turn or, after the connection was held, `headersTimeout` after its
   *   release. Node does not begin its own timeout again.
   */
  putOffTimeout(expire: () => void): void {
    this.#expire = expire;
    this.#expireAfterTurn();
  }

  /** A request has begun, or the connection has closed. */
  endTimeout(): void {
    this.#expire = undefined;
    clearTimeout(this.#expiryTimer);
    this.#expiryTimer = undefined;
  }

  readonly #expireAfterTurn = () => void setImmediate(this.#onEndOfTurn);

  readonly #onEndOfTurn = () => {
    // A connection that is held has the whole time after its release.
    if (this.#isHeld && !this.#isStopped) return;
    const expire = this.#expire;
    this.endTimeout();
    expire?.();
  };

  /** Called by `ReadTurns`. */
  hold(): void {
    const { socket } = this;
    if (this.#isHeld || socket.isPaused()) return;
    // A connection that is held again before any byte was read has not had its turn.
    if (this.#releasedAt !== undefined && socket.bytesRead > this.#releasedAt) this.hadTurn = true;
    this.#takeOver();
  }

  #takeOver(): void {
    const { socket } = this;
    if (this.#isHeld) return;
    this.#isPaused = socket.isPaused();
    if (!this.#isPaused) socket.pause();
    this.#isHeld = true;
    socket.on('resume', this.#stopAgain);
    // The consumer of the body pauses and resumes the connection: Node for each chunk, `ws` when its buffer is full or has room.
    socket.pause = () => {
      this.#isPaused = true;
      return socket;
    };
    socket.resume = () => {
      this.#isPaused = false;
      return socket;
    };
  }

  /**
   * A resume that was requested earlier in the same tick takes effect after the pause: Node then reads from a connection that is paused,
   * and stops only at the event.
   */
  readonly #stopAgain = () => void this.socket.emit('pause');

  /** Called by `ReadTurns`. */
  release(): void {
    if (!this.#isHeld || this.#isStopped) return;
    const { socket } = this;
    this.#isHeld = false;
    this.#releasedAt = socket.bytesRead;
    socket.off('resume', this.#stopAgain);
    Reflect.deleteProperty(socket, 'pause');
    Reflect.deleteProperty(socket, 'resume');
    if (!this.#isPaused) socket.resume();
    if (this.#expire === undefined) return;
    clearTimeout(this.#expiryTimer);
    this.#expiryTimer = setTimeout(this.#expireAfterTurn, this.#turns.headersTimeoutMs);
  }
}

/** Decides which connections are read in a turn of the event loop. */
export class ReadTurns {
  /** Connections that may be held and are not. */
  readonly #candidates = new Set<ReadTurn>();
  /** Connections that are held. */
  readonly #held = new ReadQueue<ReadTurn>();
  /** Whether `#turn` is scheduled, because connections are held. */
  #isScheduled = false;
  /** Connections that the next turn may release. */
  readonly #limit = new TurnLimit(maxReleased);
  /** Start of the running turn. */
  #turnAt: Moment | undefined;
  /** Time of the first check in the running turn. */
  #firstCheckAt: Moment | undefined;
  /** Connections checked in the running turn whose request was not one of an accepted credential, or was large. */
  readonly #unknown = new Set<ReadTurn>();
  /** Whether there was none in the last turn with checks. */
  #areKnown = false;

  /** For its timeout of headers. */
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      const turn = new ReadTurn(socket, this);
      turnOf.set(socket, turn);
      this.#candidates.add(turn);
      socket.once('close', () => {
        turn.endTimeout();
        this.remove(turn);
      });
      if (this.#held.size > 0) this.#hold(turn);
    });
    server.prependListener('request', ({ socket }) => turnOf.get(socket)?.begin());
    server.on('upgrade', ({ socket }) => turnOf.get(socket)?.upgrade());
  }

  /** Maximum time for the headers of a request. */
  get headersTimeoutMs(): number {
    return this.#server.headersTimeout;
  }

  /** Holds the connections with work when it has taken too long in the running turn of the loop. */
  check(turn: ReadTurn, maxMs: number): void {
    this.#unknown.add(turn);
    if (this.#firstCheckAt === undefined) {
      this.#firstCheckAt = thisMoment();
      setImmediate(this.#endTurn);
    } else if (isLongSince(this.#firstCheckAt, maxMs)) this.holdAll();
  }

  /** Holds all candidates, also those whose data the running turn of the loop would still read. */
  holdAll(): void {
    for (const turn of this.#candidates) this.#hold(turn);
  }

  /** To be called when `isCandidate` of a connection may have changed. */
  update(turn: ReadTurn): void {
    if (turn.socket.destroyed) return;
    if (!turn.isCandidate) {
      if (turn.isAccepted) this.#unknown.delete(turn);
      this.remove(turn);
      turn.release();
    } else if (!turn.isHeld) this.#candidates.add(turn);
  }

  remove(turn: ReadTurn): void {
    this.#candidates.delete(turn);
    this.#held.remove(turn);
  }

  /** Scheduled in the turn itself, so called after `#endOfTurn`, which is scheduled in the turn before. */
  readonly #endTurn = () => {
    this.#firstCheckAt = undefined;
    this.#areKnown = this.#unknown.size === 0;
    this.#unknown.clear();
  };

  #hold(turn: ReadTurn): void {
    turn.hold();
    if (!turn.isHeld) return;
    this.#candidates.delete(turn);
    this.#held.add(turn);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#limit.reset();
    this.#turnAt = thisMoment();
    setImmediate(this.#endOfTurn);
  }

  readonly #endOfTurn = () => {
    this.#isScheduled = false;
    this.#releaseSome();
    if (this.#held.size === 0 || this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#endOfTurn);
  };

  #releaseSome(): void {
    // The work of unaccepted credentials continues in later turns, so it is the time of whole turns. That of accepted ones is the time
    // since the first of them: other connections, which Node reads before released ones, may alone fill each turn.
    const areKnown = this.#firstCheckAt === undefined ? this.#areKnown : this.#unknown.size === 0;
    const since = areKnown ? this.#firstCheckAt : this.#turnAt;
    const most = this.#limit.next(since);
    this.#turnAt = thisMoment();
    for (let released = 0; released < most; released++) {
      const next = this.#held.take();
      if (next === undefined) break;
      next.release();
      this.#candidates.add(next);
    }
  }
}

/** By connection, so that any consumer of a body finds it. */
const turnOf = new WeakMap<Duplex, ReadTurn>();

/** The turns of a connection; undefined when its server has none. */
export function readTurnOf(socket: Duplex): ReadTurn | undefined {
  return turnOf.get(socket);
}

/**
 * Sets the caller of the request being read from the connection.
 * @returns The same principal.
 */
export function readAs(socket: Duplex, principal: Principal, address: string): Principal {
  turnOf.get(socket)?.identify(principal, address);
  return principal;
}
