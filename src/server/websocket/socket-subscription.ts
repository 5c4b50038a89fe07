/** A subscription on a WebSocket, in the form that graphql-ws expects. */
import { Cancellable, type CancellationSource } from '../../upstream/cancellation.ts';
import { atExpiry } from '../authentication/expiry.ts';
import { credentialExpired } from '../authentication/identity.ts';
import { webSocketBatch } from '../subscription/result-batch.ts';
import { streamResults } from '../subscription/result-stream.ts';
import type { SubscriptionResults } from '../subscription/results.ts';
import type { ConnectionState } from './connection.ts';

export interface SocketSubscriptionOptions {
  /** Id of the operation. */
  readonly id: string;
  readonly connection: ConnectionState;
  readonly results: SubscriptionResults;
  /** Cancelled when the client completes the operation or disconnects. */
  readonly cancellation: CancellationSource;
  /** Expiry of the operation's own credential; undefined if it has none. */
  readonly expiresAt: number | undefined;
}

const done = { done: true, value: undefined } as const;

/**
 * An async iterable that yields nothing and ends with the subscription. The gateway writes the results itself; graphql-ws only
 * sends `complete` at the end of the iterable. A single object, because each idle caller has one.
 */
export class SocketSubscription extends Cancellable implements AsyncIterableIterator<never, undefined, undefined> {
  readonly #options: SocketSubscriptionOptions;
  readonly #stopExpiry: () => void;

  constructor(options: SocketSubscriptionOptions) {
    super();
    this.#options = options;
    const { connection, results, cancellation, expiresAt } = options;
    connection.subscriptions.add(results);
    this.#stopExpiry = atExpiry(expiresAt, () => results.end(credentialExpired()));
    cancellation.register(this);
  }

  async next(): Promise<IteratorReturnResult<undefined>> {
    const { id, results, cancellation, connection } = this.#options;
    const { sendWindow, fail } = connection;
    try {
      await streamResults({ results, sendWindow, batch: webSocketBatch(id), cancellation, onFault: fail });
    } finally {
      this.cancel();
    }
    return done;
  }

  /** Idempotent: graphql-ws also returns an iterable that it never read, when it has dropped the operation's id. */
  return(): Promise<IteratorReturnResult<undefined>> {
    this.cancel();
    this.#options.results.cancel();
    return Promise.resolve(done);
  }

  throw(): Promise<IteratorReturnResult<undefined>> {
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Removes the subscription from the connection. */
  override cancel(): void {
    const { connection, results, cancellation } = this.#options;
    cancellation.unregister(this);
    this.#stopExpiry();
    connection.subscriptions.delete(results);
  }
}
