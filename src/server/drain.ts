/**
 * Spreads the closing of long-lived connections (WebSockets and event streams) at shutdown. Clients reconnect at once; if all did so
 * at the same moment, they would overload the remaining replicas.
 */
import { GatewayError } from '../errors.ts';

/** Asks one connection to close, which it does on its own afterwards. Must not throw. */
export type RequestClose = () => void;

/** Upper bound of the random `retryAfterSeconds`, over which clients that honour it spread their reconnections. */
const maxRetryAfterSeconds = 3;

/** The error that ends subscriptions at shutdown, with a random time after which the client subscribes again. */
export function shuttingDown(): GatewayError {
  const retryAfterSeconds = Math.floor(Math.random() * (maxRetryAfterSeconds + 1));
  return new GatewayError('SHUTTING_DOWN', { retryAfterSeconds });
}

/** Maximum milliseconds between two connections: replicas can take 200 reconnections a second. */
const maxIntervalMs = 5;

/** Ends long-lived requests one after another when the server shuts down. */
export class Drain {
  readonly #open = new Set<RequestClose>();

  /** Number of connections that have received no request to close. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Adds a connection.
   * @returns Function that removes it again, to be called when it has closed.
   */
  add(requestClose: RequestClose): () => void {
    this.#open.add(requestClose);
    return () => this.#open.delete(requestClose);
  }

  /**
   * Requests all connections to close, in random order, evenly spread over at most `windowMs`. Connections that are added during this
   * time follow at the end. Settles after the last request.
   */
  async closeAll(windowMs: number): Promise<void> {
    const startedAt = performance.now();
    const order = shuffled([...this.#open]);
    const intervalMs = Math.min(maxIntervalMs, windowMs / Math.max(1, order.length));
    for (const [index, requestClose] of order.entries()) {
      const wait = startedAt + index * intervalMs - performance.now();
      if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
      this.#close(requestClose);
    }
    for (const requestClose of this.#open) this.#close(requestClose);
  }

  #close(requestClose: RequestClose): void {
    if (this.#open.delete(requestClose)) requestClose();
  }
}

/** Shuffles the array in place (Fisher-Yates). */
function shuffled<Item>(items: Item[]): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    const item = items[last] as Item; // both indices are within the array
    items[last] = items[other] as Item;
    items[other] = item;
  }
  return items;
}
