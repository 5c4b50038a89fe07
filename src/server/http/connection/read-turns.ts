/**
 * Fairness between connections. Node parses all that it reads from a connection, up to 64 KiB at a time and 2 MiB in one turn of the
 * event loop, before anything else happens, and it reads from each connection that has data. A thousand requests of 22 kB take half a
 * second, a thousand bodies of 1 MB five seconds. When such work takes too long in one turn, the connections it comes from are held:
 * nothing is read from them until `ReadQueue` says that it is their turn, a few in each turn of the loop. These are the connections on
 * which no request with an accepted credential has been answered, and those with a large body or message. Others are never held.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LinkedQueueNode } from '../../../upstream/transport/admission/linked-queue.ts';
import { type Principal, uncountedBytes } from '../../memory-budget.ts';
import { ReadQueue, type Waiting } from './read-queue.ts';

/**
 * Milliseconds of processor time that unaccepted connections and large bodies may take in one turn of the loop. Not of the clock: on a busy
 * machine each turn would be a long one, and few connections would be read in each.
 */
const turnMs = 10;
/** The same for large bodies of accepted credentials. */
const largeTurnMs = 5;
/** Maximum connections that are released in one turn. */
const maxReleased = 64;
/** Bytes of a body or message above which it is large. */
export const largeBodyBytes = uncountedBytes;

/** What a connection has to do with the turns of its server. */
export class ReadTurn implements Waiting<ReadTurn> {
  readonly socket: Socket;
  readonly #turns: ReadTurns;
  isAccepted = false;
  group: string;
  hadTurn = false;
  #isUpgraded = false;
  #isStopped = false;
  /** Whether its present or last request had a large body. */
  #isLarge = false;
  /** Whether the present request has one. */
  #isLargeNow = false;
  /** Whether nothing may be read. */
  #isHeld = false;
  /** Whether whatever reads the connection has paused it. */
  #isPaused = false;
  /** Bytes that had been read when it was last released; undefined before. */
  #releasedAt: number | undefined;
  owner: LinkedQueueNode<ReadTurn>['owner'];
  prev: ReadTurn | undefined;
  next: ReadTurn | undefined;

  constructor(socket: Socket, turns: ReadTurns) {
    this.socket = socket;
    this.#turns = turns;
    this.group = socket.remoteAddress ?? '';
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** A request or message begins. */
  begin(): void {
    if (this.isCandidate) this.#turns.check(turnMs);
    if (!this.#isLarge) return;
    if (this.isAccepted) this.hadTurn = false;
    // It remains large until a whole request was not: clients that send large bodies send more of them.
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
    this.#turns.check(this.isAccepted ? largeTurnMs : turnMs);
  }

  /** Whether the connection is one of those that may be held. */
  get isCandidate(): boolean {
    return !this.#isStopped && (this.#isLarge || !(this.isAccepted || this.#isUpgraded));
  }

  /**
   * It has become a WebSocket, which has limits of its own for all but large messages. Node has left it neither flowing nor paused, and
   * it flows once the WebSocket listens, which may be later: until then it must be neither held nor resumed.
   */
  upgrade(): void {
    this.#isUpgraded = true;
    this.#isLarge = false;
    this.#isLargeNow = false;
    this.#isPaused = true;
    this.#turns.update(this);
    this.#turns.check(turnMs);
  }

  /** Says whose request is read. @param principal Undefined when the upstream has not accepted the credential. */
  identify(principal: Principal): void {
    const group = principal ?? this.socket.remoteAddress ?? '';
    const isAccepted = principal !== undefined;
    if (group === this.group && isAccepted === this.isAccepted) return;
    this.group = group;
    this.isAccepted = isAccepted;
    this.#turns.update(this);
  }

  /** Nothing more is read from the connection, which is about to be closed. All others with work are held. */
  stop(): void {
    this.#isStopped = true;
    this.#turns.remove(this);
    // Also when Node has paused it, which resumes it for the rest of the body.
    this.#takeOver();
    this.#turns.holdAll();
  }

  /** Called by `ReadTurns`. */
  hold(): void {
    const { socket } = this;
    if (this.#isHeld || socket.isPaused()) return;
    // All may be held again before anything was read from it: it has not had its turn then.
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
    // Whatever reads the body pauses and resumes the connection: Node for each chunk, `ws` when its buffer is full or has room.
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
  }
}

/** Decides which connections are read in a turn of the event loop. */
export class ReadTurns {
  /** Connections that may be held, and are not. */
  readonly #candidates = new Set<ReadTurn>();
  /** Those that are. */
  readonly #held = new ReadQueue<ReadTurn>();
  /** Whether a turn follows, because connections are held. */
  #isScheduled = false;
  /** Connections that the next turn may release: doubled by each short turn, halved by each long one. */
  #maxReleased = 1;
  /** Start of the running turn. */
  #turnAt: Moment | undefined;
  /** Time of the first check in the running turn. */
  #firstCheckAt: Moment | undefined;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      const turn = new ReadTurn(socket, this);
      turnOf.set(socket, turn);
      this.#candidates.add(turn);
      socket.once('close', () => this.remove(turn));
      if (this.#held.size > 0) this.#hold(turn);
    });
    server.prependListener('request', ({ socket }) => turnOf.get(socket)?.begin());
    server.on('upgrade', ({ socket }) => turnOf.get(socket)?.upgrade());
  }

  /** Holds the connections with work when it has taken too long in the running turn of the loop. */
  check(maxMs: number): void {
    if (this.#firstCheckAt === undefined) {
      this.#firstCheckAt = thisMoment();
      setImmediate(this.#endTurn);
    } else if (isLongSince(this.#firstCheckAt, maxMs)) this.holdAll();
  }

  /** Holds all connections that may be, also those whose data the running turn of the loop would read. */
  holdAll(): void {
    for (const turn of this.#candidates) this.#hold(turn);
  }

  /** Whether the connection may be held has changed. */
  update(turn: ReadTurn): void {
    if (turn.socket.destroyed) return;
    if (!turn.isCandidate) {
      this.remove(turn);
      turn.release();
    } else if (!turn.isHeld) this.#candidates.add(turn);
  }

  remove(turn: ReadTurn): void {
    this.#candidates.delete(turn);
    this.#held.remove(turn);
  }

  readonly #endTurn = () => {
    this.#firstCheckAt = undefined;
  };

  #hold(turn: ReadTurn): void {
    turn.hold();
    if (!turn.isHeld) return;
    this.#candidates.delete(turn);
    this.#held.add(turn);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#maxReleased = 1;
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
    const isShort = this.#turnAt === undefined || !isLongSince(this.#turnAt, turnMs);
    this.#maxReleased = isShort ? Math.min(maxReleased, this.#maxReleased * 2) : Math.max(1, this.#maxReleased >> 1);
    this.#turnAt = thisMoment();
    for (let released = 0; released < this.#maxReleased; released++) {
      const next = this.#held.take();
      if (next === undefined) break;
      next.release();
      this.#candidates.add(next);
    }
  }
}

interface Moment {
  /** On the clock of `performance.now()`. */
  readonly clockMs: number;
  /** Processor time of all threads of the process. */
  readonly processorMs: number;
}

function thisMoment(): Moment {
  return { clockMs: performance.now(), processorMs: processorMs() };
}

/** Whether `ms` have passed, both on the clock and of processor time, of which other threads take a part. */
function isLongSince({ clockMs, processorMs: before }: Moment, ms: number): boolean {
  return performance.now() - clockMs > ms && processorMs() - before > ms;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** By connection, so that whatever reads a body finds it. */
const turnOf = new WeakMap<Duplex, ReadTurn>();

/** The turns of a connection; undefined when its server has none. */
export function readTurnOf(socket: Duplex): ReadTurn | undefined {
  return turnOf.get(socket);
}

/** Says whose request is read from the connection. @returns The same principal. */
export function readAs(socket: Duplex, principal: Principal): Principal {
  turnOf.get(socket)?.identify(principal);
  return principal;
}
