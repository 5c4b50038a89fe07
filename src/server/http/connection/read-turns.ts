/**
 * Fairness between connections. Node parses all that it reads from a connection, up to 64 KiB, before anything else happens, and reads
 * from each connection that has data in one turn of the event loop. A thousand requests of 22 kB take half a second; in chunks of one
 * byte, 64 KiB take 25 ms, a thousand such connections 25 seconds. When a turn takes too long, all connections whose credential the
 * upstream has not accepted are paused, and some of them are resumed in each turn of the loop, the latest first: a new client does not
 * wait for all connections of an attack that goes on.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds that requests on unaccepted connections may take in one turn of the loop. */
const turnMs = 10;
/** Maximum connections that are resumed in one turn. */
const maxResumed = 64;

export class ReadTurns {
  /** Connections on which no request with an accepted credential has been answered. */
  readonly #unaccepted = new Set<Socket>();
  /** Paused connections, the latest at the end. */
  readonly #paused = new Set<Socket>();
  /** Connections that the next turn resumes: doubled by each short turn, halved by each long one. */
  #resumed = 1;
  /** Time of the last turn that resumed connections, on the clock of `performance.now()`; undefined while none is paused. */
  #resumedAt: number | undefined;
  /** Time of the first check of an unaccepted connection in the running turn. */
  #firstCheckAt: number | undefined;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#unaccepted.add(socket);
      turnsOf.set(socket, this);
      socket.once('close', () => this.#remove(socket));
      if (this.#paused.size > 0) this.#pause(socket);
    });
    server.prependListener('request', ({ socket }) => this.check(socket));
    // A WebSocket pauses and resumes its connection itself.
    server.on('upgrade', ({ socket }) => this.#remove(socket));
  }

  /** Whether the connection is one of those that take turns. */
  includes(socket: Socket): boolean {
    return this.#unaccepted.has(socket);
  }

  /** The upstream has accepted a credential that was sent on the connection: it is no longer paused for others. */
  accept(socket: Socket): void {
    this.#remove(socket);
  }

  /** Pauses all unaccepted connections but this one, also those whose data the running turn of the loop would read. */
  begin(offender: Socket): void {
    for (const socket of this.#unaccepted) if (socket !== offender && !socket.isPaused()) this.#pause(socket);
  }

  /**
   * Begins turns when unaccepted connections have taken too long in the running turn of the loop. Called when a request begins on the
   * connection, and while a body in small chunks comes.
   */
  check(socket: Socket): void {
    if (!this.#unaccepted.has(socket)) return;
    const now = performance.now();
    if (this.#firstCheckAt === undefined) {
      this.#firstCheckAt = now;
      setImmediate(() => {
        this.#firstCheckAt = undefined;
      });
    } else if (now - this.#firstCheckAt > turnMs) this.begin(socket);
  }

  #pause(socket: Socket): void {
    socket.pause();
    this.#paused.add(socket);
    if (this.#resumedAt !== undefined) return;
    this.#resumedAt = performance.now();
    this.#resumed = 1;
    setImmediate(this.#resumeSome);
  }

  #remove(socket: Socket): void {
    this.#unaccepted.delete(socket);
    if (this.#paused.delete(socket)) socket.resume();
  }

  readonly #resumeSome = () => {
    const now = performance.now();
    const isShort = now - (this.#resumedAt ?? now) < turnMs;
    this.#resumed = isShort ? Math.min(maxResumed, this.#resumed * 2) : Math.max(1, this.#resumed >> 1);
    // The whole set is copied, 50 µs with 10,000 connections.
    for (const socket of [...this.#paused].slice(-this.#resumed)) {
      this.#paused.delete(socket);
      socket.resume();
    }
    this.#resumedAt = this.#paused.size > 0 ? now : undefined;
    if (this.#paused.size > 0) setImmediate(this.#resumeSome);
  };
}

/** By connection, so that whatever reads a body finds the turns of its server. */
const turnsOf = new WeakMap<Socket, ReadTurns>();

/** The turns that the connection takes; undefined when its server has none. */
export function readTurnsOf(socket: Socket): ReadTurns | undefined {
  return turnsOf.get(socket);
}
