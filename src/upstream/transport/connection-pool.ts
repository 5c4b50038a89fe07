/**
 * Connections to the upstream that carry one call at a time. Not undici's Pool: that one looks for a free connection among
 * all of them for every call, and keeps a queue of its own; here the lanes have the queue, and a call that has a place has a
 * connection too.
 */
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { InterimAnswers } from './interim-responses.ts';

/** One request at a time over one socket, which is opened when it is first needed, and again after a loss. */
export class Connection {
  readonly #client: Client;
  readonly #interim = new InterimAnswers();

  constructor(origin: string, connector: buildConnector.connector, options?: Client.Options) {
    // Deadlines are the calls' own: undici's timers are coarse and count each phase apart.
    const own = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: this.#interim.watching(connector) };
    this.#client = new Client(origin, { ...options, ...own });
  }

  /** A request is in flight, or waits for a socket that is being opened. */
  get isBusy(): boolean {
    return this.#client.stats.size > 0;
  }

  /** @throws undici's error for a request that cannot be sent. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#interim.requested();
    this.#client.dispatch(options, handler);
  }

  /** Closes the socket at once. @param reason What a request in flight fails with. */
  destroy(reason: Error | null): Promise<void> {
    return this.#client.destroy(reason);
  }
}

/** There are as many as were in use at the same time; idle ones lose their socket as the upstream or undici sees fit, and get a new one with the next call. */
export class Connections {
  readonly #origin: string;
  readonly #connector: buildConnector.connector;
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
    this.#connector = connector;
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
    const settled = this.#spent.findIndex(({ isBusy }) => !isBusy);
    if (settled < 0 && this.#all.length < this.#most) return undefined;
    return this.#spent.splice(Math.max(0, settled), 1)[0];
  }

  #open(): Connection {
    const connection = new Connection(this.#origin, this.#connector);
    this.#all.push(connection);
    return connection;
  }
}
