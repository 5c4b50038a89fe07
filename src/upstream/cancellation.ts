/** Whether the client that asked is still there. */
import { GatewayError } from '../errors.ts';

/** What ends when its client leaves. */
export interface Cancellable {
  /** Its place among those that joined, -1 outside; the departure's own business. */
  cancellationIndex: number;
  /** @param reason An error of ours, or one named AbortError. */
  cancel(reason: Error): void;
}

/**
 * Whether the client that asked is still there. Not an AbortSignal, because every request needs one and nearly none is
 * aborted: an AbortController and its listeners cost about as much as decoding a reply.
 */
export class CancellationSource {
  #reason: Error | undefined;
  /** Not a Set, whose table is made anew every few dozens of calls. */
  #registered: Cancellable[] | undefined;
  #controller: AbortController | undefined;

  /** Follows a signal. A GatewayError or AbortError given as its reason is passed on; anything else becomes an AbortError. */
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

  /** The same as a signal, for what knows nothing else; made when it is first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The client is gone: everything that joined is cancelled. Idempotent. */
  cancel(reason: Error = new DOMException('The client left.', 'AbortError')): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const registered = this.#registered ?? [];
    this.#registered = undefined;
    for (const cancellable of registered) cancellable.cancel(reason);
    this.#controller?.abort(reason);
  }

  /** `cancellable` is cancelled when the client leaves, at once if it has left. */
  register(cancellable: Cancellable): void {
    if (this.#reason !== undefined) {
      cancellable.cancel(this.#reason);
      return;
    }
    this.#registered ??= [];
    cancellable.cancellationIndex = this.#registered.push(cancellable) - 1;
  }

  /** It is over, and no longer to be cancelled. */
  unregister(cancellable: Cancellable): void {
    const { cancellationIndex: index } = cancellable;
    if (index < 0) return;
    cancellable.cancellationIndex = -1;
    const last = this.#registered?.pop();
    if (this.#registered === undefined || last === undefined || last === cancellable) return;
    this.#registered[index] = last;
    last.cancellationIndex = index;
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}

/** What can be ended from outside: the client left, or the deadline passed. */
export class CancellableTask {
  /** Why it ended; undefined while it runs. */
  reason: Error | undefined;
  /** Whatever it is waiting for at the moment hangs itself in here. */
  onCancel: ((reason: Error) => void) | undefined;

  cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onCancel?.(reason);
  }
}
