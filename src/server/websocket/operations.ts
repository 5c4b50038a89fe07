/** The operations that run on one WebSocket, so that each can be ended when its client loses interest in it. */

export class SocketOperations {
  readonly #running = new Map<string, { readonly request: object; readonly controller: AbortController }>();
  #onIdle: (() => void) | undefined;

  get size(): number {
    return this.#running.size;
  }

  /**
   * @param request Tells the operation from others that go, or went, by the same id: clients may use an id again.
   * @returns Aborts when the client completes the operation, or is gone.
   */
  begin(id: string, request: object): AbortSignal {
    this.#running.get(id)?.controller.abort();
    const controller = new AbortController();
    this.#running.set(id, { request, controller });
    return controller.signal;
  }

  /** @param request What the operation began with. */
  finish(id: string, request: object): void {
    if (this.#running.get(id)?.request === request) this.#running.delete(id);
    this.#checkIdle();
  }

  /** @param callback Called once, as soon as nothing runs. */
  whenIdle(callback: () => void): void {
    this.#onIdle = callback;
    this.#checkIdle();
  }

  /**
   * Listens for `complete` messages: graphql-ws tells a subscription that its client completed it, but not a query or
   * mutation that still runs.
   */
  observeMessage(message: string): void {
    // A word may be spelled with escapes.
    if (this.#running.size === 0 || !(message.includes('"complete"') || message.includes('\\u'))) return;
    try {
      const { type, id }: { readonly type?: unknown; readonly id?: unknown } = JSON.parse(message);
      if (type !== 'complete' || typeof id !== 'string') return;
      this.#running.get(id)?.controller.abort();
      this.#running.delete(id);
      this.#checkIdle();
    } catch {
      // graphql-ws closes the socket for it.
    }
  }

  abortAll(): void {
    for (const { controller } of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #checkIdle(): void {
    if (this.#running.size > 0) return;
    this.#onIdle?.();
    this.#onIdle = undefined;
  }
}

/**
 * The end of an operation its client has completed: it never comes, and is forgotten. graphql-ws would take it for the end
 * of the next operation that goes by the same id.
 */
export function neverSettles(): Promise<never> {
  return new Promise(() => {});
}
