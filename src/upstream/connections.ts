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
  readonly #all: Connection[] = [];
  /** The last is the next to be used: the fewest sockets are kept warm. */
  readonly #idle: Connection[] = [];

  /** @param connector Opens their sockets; one for all, so that they share TLS sessions. */
  constructor(origin: string, connector: buildConnector.connector) {
    this.#origin = origin;
    // Deadlines are the calls' own: undici's timers are coarse and count each phase apart.
    this.#options = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: connector };
  }

  take(): Connection {
    return this.#idle.pop() ?? this.#open();
  }

  /** @param isSpent Its socket may be gone: others are better used first. */
  giveBack(connection: Connection, isSpent: boolean): void {
    if (isSpent) this.#idle.unshift(connection);
    else this.#idle.push(connection);
  }

  /** Closes all sockets, whatever they are doing. */
  async destroy(reason: Error): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.destroy(reason)));
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, this.#options);
    this.#all.push(connection);
    return connection;
  }
}
