/**
 * Pool of connections to the upstream; each carries one call at a time. undici's Pool is not used: it searches all
 * connections for a free one on every call, and has its own queue. Here the queue is in `FairSemaphore`, and every permit
 * comes with a connection.
 */
import { type buildConnector, Client, type Dispatcher } from 'undici';
import type { Connector } from './connector.ts';
import { InterimResponses } from './interim-responses.ts';

/** One request at a time over one socket, which is opened on demand and reopened after a loss. */
export class PooledConnection {
  readonly #client: Client;
  readonly #interim = new InterimResponses();
  /** Gives up the socket that is opening. */
  #closeOpening: (() => void) | undefined;

  constructor(origin: string, connector: Connector, options?: Client.Options) {
    // Calls have their own deadlines: undici's timers are coarse and count each phase separately.
    const own = {
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#closable(this.#interim.wrap(connector)),
    };
    this.#client = new Client(origin, { ...options, ...own });
  }

  /** A request is in flight, or waits for its socket to connect. */
  get isBusy(): boolean {
    return this.#client.stats.size > 0;
  }

  /** @throws undici's error for a request that cannot be sent. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#interim.requestStarts();
    this.#client.dispatch(options, handler);
  }

  /** Closes the socket immediately. @param reason The error of a request in flight. */
  destroy(reason: Error | null): Promise<void> {
    const destroyed = this.#client.destroy(reason);
    this.#closeOpening?.();
    return destroyed;
  }

  #closable(connector: Connector): buildConnector.connector {
    return (options, callback) => {
      let isOpening = true;
      const close = connector(options, (...result) => {
        isOpening = false;
        this.#closeOpening = undefined;
        callback(...result);
      });
      if (isOpening) this.#closeOpening = close;
    };
  }
}

/**
 * Grows to the largest number of connections in use at the same time. The upstream or undici may close the socket of an idle
 * connection; the next call opens a new one.
 */
export class ConnectionPool {
  readonly #origin: string;
  readonly #connector: Connector;
  readonly #max: number;
  readonly #all: PooledConnection[] = [];
  /** A stack: the connection used last is used next, so that few sockets stay open. */
  readonly #idle: PooledConnection[] = [];
  /** Idle connections whose last call was aborted or failed. */
  readonly #suspect: PooledConnection[] = [];

  /**
   * @param connector Opens the sockets. One for the pool, so that connections share TLS sessions.
   * @param max Maximum number of connections: the permits of the semaphore.
   */
  constructor(origin: string, connector: Connector, max: number) {
    this.#origin = origin;
    this.#connector = connector;
    this.#max = max;
  }

  acquire(): PooledConnection {
    return this.#idle.pop() ?? this.#acquireSuspect() ?? this.#open();
  }

  /** @param isSuspect The call on it was incomplete: its socket may be closed, or still connecting. */
  release(connection: PooledConnection, isSuspect: boolean): void {
    (isSuspect ? this.#suspect : this.#idle).push(connection);
  }

  /** Closes all sockets immediately. @param reason The error of the requests in flight. */
  async destroy(reason: Error): Promise<void> {
    await Promise.all(this.#all.map((connection) => connection.destroy(reason)));
  }

  /**
   * A suspect connection, preferably one that is not busy. One that is still connecting for an aborted call would delay the next
   * call and may fail it, so it is used only when the pool is at its maximum.
   */
  #acquireSuspect(): PooledConnection | undefined {
    if (this.#suspect.length === 0) return undefined;
    const notBusy = this.#suspect.findIndex(({ isBusy }) => !isBusy);
    if (notBusy < 0 && this.#all.length < this.#max) return undefined;
    return this.#suspect.splice(Math.max(0, notBusy), 1)[0];
  }

  #open(): PooledConnection {
    const connection = new PooledConnection(this.#origin, this.#connector);
    this.#all.push(connection);
    return connection;
  }
}
