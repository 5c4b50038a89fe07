/** Ends calls from outside: the client left, or the deadline passed. */

import { GatewayError } from '../errors.ts';

/** One call's ending. Whatever the call is waiting for at the moment hangs itself in as `onCancel`. */
export class Cancellation {
  /** Why the call ended; undefined while it runs. */
  reason: Error | undefined;
  onCancel: ((reason: Error) => void) | undefined;
  /** Called when bytes of an upload move on: its deadline is counted from the last of them. */
  onProgress: (() => void) | undefined;

  cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onCancel?.(reason);
  }

  /** @throws The reason, when the call was ended. */
  throwIfCancelled(): void {
    if (this.reason !== undefined) throw this.reason;
  }
}

/**
 * Calls in flight per client signal. One listener per signal, however many calls: an operation makes many, and a listener
 * for each would cost more than the call's own bookkeeping.
 */
export class Departures {
  readonly #calls = new WeakMap<AbortSignal, Set<Cancellation>>();

  join(signal: AbortSignal, call: Cancellation): void {
    if (signal.aborted) {
      call.cancel(departure(signal));
      return;
    }
    let calls = this.#calls.get(signal);
    if (calls === undefined) {
      const joined = new Set<Cancellation>();
      signal.addEventListener(
        'abort',
        () => {
          for (const each of joined) each.cancel(departure(signal));
        },
        { once: true },
      );
      this.#calls.set(signal, joined);
      calls = joined;
    }
    calls.add(call);
  }

  leave(signal: AbortSignal, call: Cancellation): void {
    this.#calls.get(signal)?.delete(call);
  }
}

/** A GatewayError or an AbortError given as the signal's reason is passed on; anything else becomes a plain AbortError. */
function departure(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof GatewayError || (reason instanceof Error && reason.name === 'AbortError')) return reason;
  return new DOMException('The client left.', 'AbortError');
}
