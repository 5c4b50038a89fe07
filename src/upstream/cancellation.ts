/** Cancellation of the upstream calls of an operation, and of its subscription, when its client disconnects. */

/** Work that can be cancelled by a `CancellationSource`: a link of the source's list, without further memory. */
export abstract class Cancellable {
  /** Neighbours in the list of the source. Written by `CancellationSource` only. */
  nextCancellable: Cancellable | undefined = undefined;
  previousCancellable: Cancellable | undefined = undefined;

  /** @param reason A GatewayError, or an error named AbortError. */
  abstract cancel(reason: Error): void;
}

/**
 * Cancels the registered work when the client disconnects. Used instead of an AbortSignal because every request needs one
 * and few are aborted: an AbortController with its listeners costs about as much as decoding a reply, and holds 1.2 KiB as long as a
 * subscription lasts.
 */
export class CancellationSource {
  #reason: Error | undefined;
  #first: Cancellable | undefined;
  #last: Cancellable | undefined;

  get isCancelled(): boolean {
    return this.#reason !== undefined;
  }

  /** Cancels all registered work, in the order of its registration. Idempotent. */
  cancel(reason: Error = new DOMException('The client left.', 'AbortError')): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const registered: Cancellable[] = [];
    while (this.#first !== undefined) {
      registered.push(this.#first);
      this.unregister(this.#first);
    }
    for (const cancellable of registered) cancellable.cancel(reason);
  }

  /** Cancels `cancellable` together with this source, immediately if the source is already cancelled. */
  register(cancellable: Cancellable): void {
    if (this.#reason !== undefined) {
      cancellable.cancel(this.#reason);
      return;
    }
    cancellable.previousCancellable = this.#last;
    if (this.#last === undefined) this.#first = cancellable;
    else this.#last.nextCancellable = cancellable;
    this.#last = cancellable;
  }

  /** Removes finished work. Does nothing when it is not registered. */
  unregister(cancellable: Cancellable): void {
    const { previousCancellable: previous, nextCancellable: next } = cancellable;
    if (previous === undefined && this.#first !== cancellable) return;
    if (previous === undefined) this.#first = next;
    else previous.nextCancellable = next;
    if (next === undefined) this.#last = previous;
    else next.previousCancellable = previous;
    cancellable.previousCancellable = undefined;
    cancellable.nextCancellable = undefined;
  }
}

/** A task that can be cancelled from outside, by a disconnect of the client or by its deadline. */
export class CancellableTask extends Cancellable {
  /** The reason of the cancellation; undefined while the task is not cancelled. */
  reason: Error | undefined;
  /** Called on cancellation. Set by the step the task currently waits for, and cleared when that step ends. */
  onCancel: ((reason: Error) => void) | undefined;

  override cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onCancel?.(reason);
  }
}
