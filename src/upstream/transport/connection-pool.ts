/**
 * Connections to the upstream that carry one call at a time. Not undici's Pool: that one looks for a free connection among
 * all of them for every call, and keeps a queue of its own; here the lanes have the queue, and a call that has a place has a
 * connection too.
 */
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { InterimResponses } from './interim-responses.ts';

/** One request at a time over one socket, which is opened when it is first needed, and again after a loss. */
export class PooledConnection {
  readonly #client: Client;
  readonly #interim = new InterimResponses();

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
export class ConnectionPool {
  readonly #origin: string;
  readonly #connector: buildConnector.connector;
  readonly #max: number;
  readonly #all: PooledConnection[] = [];
  /** The last is the next to be used: the fewest sockets are kept warm. */
  readonly #idle: PooledConnection[] = [];
  /** Idle as well, but a call on them was given up, or failed. */
  readonly #suspect: PooledConnection[] = [];

  /**
   * @param connector Opens their sockets; one for all, so that they share TLS sessions.
   * @param max As many as there are places.
   */
  constructor(origin: string, connector: buildConnector.connector, max: number) {
    this.#origin = origin;
    this.#connector = connector;
    this.#max = max;
  }

  acquire(): PooledConnection {
    return this.#idle.pop() ?? this.#acquireSuspect() ?? this.#open();
  }

  /** @param isSuspect The call on it did not come to its end: it may have lost its socket, or not have got one yet. */
  release(connection: PooledConnection, isSuspect: boolean): void {
    (isSuspect ? this.#suspect : this.#idle).push(connection);
  }

  /** Closes all sockets, whatever they are doing. */
  async destroy(reason: Error): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.destroy(reason)));
  }

  /** One that still tries to connect for a call that was given up would keep the next waiting, and may fail it: only if there is no other. */
  #acquireSuspect(): PooledConnection | undefined {
    if (this.#suspect.length === 0) return undefined;
    const settled = this.#suspect.findIndex(({ isBusy }) => !isBusy);
    if (settled < 0 && this.#all.length < this.#max) return undefined;
    return this.#suspect.splice(Math.max(0, settled), 1)[0];
  }

  #open(): PooledConnection {
    const connection = new PooledConnection(this.#origin, this.#connector);
    this.#all.push(connection);
    return connection;
  }
}
