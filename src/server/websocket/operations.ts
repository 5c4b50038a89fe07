/** Running operations of one WebSocket connection. Each is cancelled when its client completes it or disconnects. */
import { CancellationSource } from '../../upstream/cancellation.ts';

interface Running {
  readonly request: object;
  readonly cancellation: CancellationSource;
  /** True for a subscription that has started. */
  isStream: boolean;
}

/** The operations that run on one socket. */
export class SocketOperations {
  readonly #running = new Map<string, Running>();
  #onIdle: (() => void) | undefined;

  get size(): number {
    return this.#running.size;
  }

  /**
   * Registers an operation and cancels a running one with the same id.
   * @param request Identity of the operation; ids alone are not unique, because clients may reuse one.
   * @returns Cancelled when the client completes the operation or disconnects.
   */
  begin(id: string, request: object): CancellationSource {
    this.#running.get(id)?.cancellation.cancel();
    const cancellation = new CancellationSource();
    this.#running.set(id, { request, cancellation, isStream: false });
    return cancellation;
  }

  /** @param request The object passed to `begin`. An operation that has since taken over the id is not affected. */
  finish(id: string, request: object): void {
    if (this.#running.get(id)?.request === request) this.#running.delete(id);
    this.#checkIdle();
  }

  /** The operation is a subscription that has started. @param request The object passed to `begin`. */
  markStream(id: string, request: object): void {
    const running = this.#running.get(id);
    if (running?.request === request) running.isStream = true;
  }

  /** Ends all subscriptions without a message to the client, as for one that has disconnected. Queries and mutations go on. */
  abortStreams(): void {
    for (const [id, { isStream, cancellation }] of this.#running) {
      if (!isStream) continue;
      this.#running.delete(id);
      cancellation.cancel();
    }
    this.#checkIdle();
  }

  /** @param callback Called once, as soon as no operation runs. */
  whenIdle(callback: () => void): void {
    this.#onIdle = callback;
    this.#checkIdle();
  }

  /**
   * Cancels the operation that a `complete` message names. graphql-ws ends a completed subscription, but not a running query or
   * mutation.
   */
  observeMessage(message: string): void {
    // Cheap test before parsing. JSON may spell `complete` with escapes.
    if (this.#running.size === 0 || !(message.includes('"complete"') || message.includes('\\u'))) return;
    try {
      const { type, id }: { readonly type?: unknown; readonly id?: unknown } = JSON.parse(message);
      if (type !== 'complete' || typeof id !== 'string') return;
      this.#running.get(id)?.cancellation.cancel();
      this.#running.delete(id);
      this.#checkIdle();
    } catch {
      // graphql-ws closes the connection for invalid JSON.
    }
  }

  abortAll(): void {
    for (const { cancellation } of this.#running.values()) cancellation.cancel();
    this.#running.clear();
  }

  #checkIdle(): void {
    if (this.#running.size > 0) return;
    this.#onIdle?.();
    this.#onIdle = undefined;
  }
}

/**
 * Result of an operation that its client has completed: a promise that never settles and is garbage-collected. If it settled,
 * graphql-ws would end the next operation with the same id.
 */
export function neverSettles(): Promise<never> {
  return new Promise(() => {});
}
