/**
 * Connections to the upstream that carry one call at a time. Not undici's Pool: that one looks for a free connection among
 * all of them for every call, and keeps a queue of its own; here the lanes have the queue, and a call that has a place has a
 * connection too.
 */
import { type buildConnector, Client as Connection } from 'undici';

export { Connection };

/** There are as many as were in use at the same time; idle ones lose their socket as the upstream or undici sees fit, and get a new one with the next call. */
export class Connections {
  readonly #origin: string;
  readonly #options: Connection.Options;
  readonly #most: number;
  readonly #all: Connection[] = [];
  /** The last is the next to be used: the fewest sockets are kept warm. */
  readonly #idle: Connection[] = [];
  /** Idle as well, but a call on them was given up, or failed. */
  readonly #spent: Connection[] = [];

  /**
   * @param connector Opens their sockets; one for all, so that they share TLS sessions.
   * @param most As many as there are places.
   */
  constructor(origin: string, connector: buildConnector.connector, most: number) {
    this.#origin = origin;
    // Deadlines are the calls' own: undici's timers are coarse and count each phase apart.
    this.#options = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: connector };
    this.#most = most;
  }

  take(): Connection {
    return this.#idle.pop() ?? this.#takeSpent() ?? this.#open();
  }

  /** @param isSpent The call on it did not come to its end: it may have lost its socket, or not have got one yet. */
  giveBack(connection: Connection, isSpent: boolean): void {
    (isSpent ? this.#spent : this.#idle).push(connection);
  }

  /** Closes all sockets, whatever they are doing. */
  async destroy(reason: Error): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.destroy(reason)));
  }

  /** One that still tries to connect for a call that was given up would keep the next waiting, and may fail it: only if there is no other. */
  #takeSpent(): Connection | undefined {
    if (this.#spent.length === 0) return undefined;
    const settled = this.#spent.findIndex(({ stats }) => stats.size === 0);
    if (settled < 0 && this.#all.length < this.#most) return undefined;
    return this.#spent.splice(Math.max(0, settled), 1)[0];
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, this.#options);
    this.#all.push(connection);
    return connection;
  }
}
