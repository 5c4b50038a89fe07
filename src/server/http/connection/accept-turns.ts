/**
 * Fairness between connecting clients and requests on open connections. libuv accepts one connection per turn of the event loop,
 * and a turn lasts until all requests that have arrived are handled: under load, each accept waits for a whole turn. Of 256 clients
 * that connected at once under constant load, a quarter waited longer than a second. While connections arrive, requests on accepted
 * ones are therefore deferred, so that a turn takes 0.1 ms. They are handled in groups, with as many accepts in between: the work
 * after all their upstream calls at once would make the next turns long.
 */
import type { IncomingMessage, Server } from 'node:http';
import { readTurnOf } from './read-turns.ts';

/** Maximum connections that are accepted before deferred requests are handled. */
const maxAccepted = 128;
/** Maximum milliseconds for which requests are deferred while connections are accepted. */
const maxDeferredMs = 50;
/** Deferred requests that are handled at once. */
const handledAtOnce = 128;

export class AcceptTurns {
  /** Whether connections arrive. */
  #isAccepting = false;
  /** Start of the present deferral. */
  #since = 0;
  /** Connections accepted since then. */
  #accepted = 0;
  /** Those of them accepted before the running turn. */
  #acceptedBefore = 0;
  /** Handlers in order of arrival. */
  readonly #deferred: (() => void)[] = [];

  constructor(server: Server) {
    server.on('connection', () => {
      this.#accepted += 1;
      if (this.#isAccepting) return;
      this.#isAccepting = true;
      this.#since = performance.now();
      setImmediate(this.#endOfTurn);
    });
  }

  /** Whether one connection after another arrives: the last of them may have been made long ago. */
  get isAcceptingMany(): boolean {
    return this.#isAccepting && this.#accepted > 1;
  }

  /**
   * Whether the request must be deferred. False for credentials that the upstream has not accepted: `ReadTurns` and `GoneClients`
   * bound their time per turn.
   */
  mustDefer({ socket }: IncomingMessage): boolean {
    return this.#isAccepting && readTurnOf(socket)?.isAccepted === true;
  }

  /** @param handle Handles the request. Must not throw. */
  defer(handle: () => void): void {
    this.#deferred.push(handle);
  }

  readonly #endOfTurn = () => {
    // No connection was accepted in this turn, so none is waiting.
    this.#isAccepting = this.#accepted > this.#acceptedBefore;
    this.#acceptedBefore = this.#accepted;
    if (this.#isAccepting) setImmediate(this.#endOfTurn);
    const now = performance.now();
    if (this.#isAccepting && this.#accepted < maxAccepted && now - this.#since < maxDeferredMs) return;
    this.#since = now;
    this.#accepted = 0;
    this.#acceptedBefore = 0;
    for (const handle of this.#deferred.splice(0, this.#isAccepting ? handledAtOnce : Number.POSITIVE_INFINITY))
      handle();
  };
}
