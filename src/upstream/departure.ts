/** Whether the client that asked is still there. */
import { GatewayError } from '../errors.ts';

/** What ends when its client leaves. */
export interface Leaver {
  /** @param reason An error of ours, or one named AbortError. */
  cancel(reason: Error): void;
}

/**
 * Whether the client that asked is still there. Not an AbortSignal, because every request needs one and nearly none is
 * aborted: an AbortController and its listeners cost about as much as decoding a reply.
 */
export class Departure {
  #reason: Error | undefined;
  #leavers: Set<Leaver> | undefined;
  #controller: AbortController | undefined;

  /** Follows a signal. A GatewayError or AbortError given as its reason is passed on; anything else becomes an AbortError. */
  static of(signal: AbortSignal): Departure {
    const departure = new Departure();
    const leave = () => departure.leave(reasonOf(signal));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return departure;
  }

  get hasLeft(): boolean {
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
  leave(reason: Error = new DOMException('The client left.', 'AbortError')): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const leaver of this.#leavers ?? []) leaver.cancel(reason);
    this.#leavers = undefined;
    this.#controller?.abort(reason);
  }

  /** `leaver` is cancelled when the client leaves, at once if it has left. */
  join(leaver: Leaver): void {
    if (this.#reason !== undefined) {
      leaver.cancel(this.#reason);
      return;
    }
    this.#leavers ??= new Set();
    this.#leavers.add(leaver);
  }

  /** It is over, and no longer to be cancelled. */
  part(leaver: Leaver): void {
    this.#leavers?.delete(leaver);
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}
