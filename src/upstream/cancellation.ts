/** Cancellation of the upstream calls of an operation when its client disconnects. */
import { GatewayError } from '../errors.ts';
import { SlotSet } from '../slot-set.ts';

/** Work that can be cancelled by a `CancellationSource`. */
export interface Cancellable {
  /** Slot in the source's set, -1 when not registered. Written by `CancellationSource` only. */
  cancellationSlot: number;
  /** @param reason A GatewayError, or an error named AbortError. */
  cancel(reason: Error): void;
}

/**
 * Cancels the registered work when the client disconnects. Used instead of an AbortSignal because every request needs one
 * and few are aborted: an AbortController with its listeners costs about as much as decoding a reply.
 */
export class CancellationSource {
  #reason: Error | undefined;
  #registered: SlotSet<Cancellable> | undefined;
  #controller: AbortController | undefined;

  /** Cancels when `signal` aborts. A GatewayError or AbortError is kept as the reason; any other reason becomes an AbortError. */
  static fromSignal(signal: AbortSignal): CancellationSource {
    const source = new CancellationSource();
    const cancel = () => source.cancel(reasonOf(signal));
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    return source;
  }

  get isCancelled(): boolean {
    return this.#reason !== undefined;
  }

  /** The cancellation as an AbortSignal, for APIs that need one. Created on first access. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Cancels all registered work. Idempotent. */
  cancel(reason: Error = new DOMException('The client left.', 'AbortError')): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const registered = this.#registered?.members() ?? [];
    this.#registered = undefined;
    for (const cancellable of registered) cancellable.cancel(reason);
    this.#controller?.abort(reason);
  }

  /** Cancels `cancellable` together with this source, immediately if the source is already cancelled. */
  register(cancellable: Cancellable): void {
    if (this.#reason !== undefined) {
      cancellable.cancel(this.#reason);
      return;
    }
    this.#registered ??= new SlotSet();
    cancellable.cancellationSlot = this.#registered.add(cancellable);
  }

  /** Removes finished work. Does nothing when it is not registered. */
  unregister(cancellable: Cancellable): void {
    const { cancellationSlot: slot } = cancellable;
    if (slot < 0) return;
    cancellable.cancellationSlot = -1;
    this.#registered?.remove(slot);
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}

/** A task that can be cancelled from outside, by a disconnect of the client or by its deadline. */
export class CancellableTask {
  /** The reason of the cancellation; undefined while the task is not cancelled. */
  reason: Error | undefined;
  /** Called on cancellation. Set by the step the task currently waits for, and cleared when that step ends. */
  onCancel: ((reason: Error) => void) | undefined;

  cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onCancel?.(reason);
  }
}
