/** Whether the client that asked is still there. */
import { GatewayError } from '../errors.ts';

/** What ends when its client leaves. */
export interface Leaver {
  /** Its place among those that joined, -1 outside; the departure's own business. */
  departurePlace: number;
  /** @param reason An error of ours, or one named AbortError. */
  cancel(reason: Error): void;
}

/**
 * Whether the client that asked is still there. Not an AbortSignal, because every request needs one and nearly none is
 * aborted: an AbortController and its listeners cost about as much as decoding a reply.
 */
export class Departure {
  #reason: Error | undefined;
  /** Not a Set, whose table is made anew every few dozens of calls. */
  #leavers: Leaver[] | undefined;
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
    const leavers = this.#leavers ?? [];
    this.#leavers = undefined;
    for (const leaver of leavers) leaver.cancel(reason);
    this.#controller?.abort(reason);
  }

  /** `leaver` is cancelled when the client leaves, at once if it has left. */
  join(leaver: Leaver): void {
    if (this.#reason !== undefined) {
      leaver.cancel(this.#reason);
      return;
    }
    this.#leavers ??= [];
    leaver.departurePlace = this.#leavers.push(leaver) - 1;
  }

  /** It is over, and no longer to be cancelled. */
  part(leaver: Leaver): void {
    const { departurePlace: place } = leaver;
    if (place < 0) return;
    leaver.departurePlace = -1;
    const last = this.#leavers?.pop();
    if (this.#leavers === undefined || last === undefined || last === leaver) return;
    this.#leavers[place] = last;
    last.departurePlace = place;
  }
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}
