/**
 * Fairness between connections. Node parses all that it reads from a connection, up to 64 KiB, before anything else happens, and reads
 * from each connection that has data in one turn of the event loop. In chunks of one byte, 64 KiB take 25 ms, so a thousand such
 * connections would block the loop for 25 seconds. When one of them is found, all others whose credential the upstream has not
 * accepted are paused, and one is resumed in each turn of the loop.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class ReadTurns {
  /** Connections on which no request with an accepted credential has been answered. */
  readonly #unaccepted = new Set<Socket>();
  /** Paused connections, in the order in which they are resumed. */
  readonly #paused = new Set<Socket>();
  #isScheduled = false;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#unaccepted.add(socket);
      turnsOf.set(socket, this);
      socket.once('close', () => this.#remove(socket));
    });
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
    for (const socket of this.#unaccepted) {
      if (socket === offender || socket.isPaused()) continue;
      socket.pause();
      this.#paused.add(socket);
    }
    this.#schedule();
  }

  #remove(socket: Socket): void {
    this.#unaccepted.delete(socket);
    if (this.#paused.delete(socket)) socket.resume();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#paused.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const [next] = this.#paused;
      if (next === undefined) return;
      this.#paused.delete(next);
      next.resume();
      this.#schedule();
    });
  }
}

/** By connection, so that whatever reads a body finds the turns of its server. */
const turnsOf = new WeakMap<Socket, ReadTurns>();

/** The turns that the connection takes; undefined when its server has none. */
export function readTurnsOf(socket: Socket): ReadTurns | undefined {
  return turnsOf.get(socket);
}
