/** How many upstream streams may be open at once: in all, and per principal. */
import { GatewayError } from '../errors.ts';

/** Limit of streams per principal. Each device id opens its own stream, and a client chooses device ids freely. */
const maxStreamsPerPrincipal = 100;

export class StreamLimits {
  readonly #maxStreams: number;
  readonly #perPrincipal = new Map<string, number>();
  #open = 0;

  constructor(maxStreams: number) {
    this.#maxStreams = maxStreams;
  }

  /** Counts a stream that is about to open. @throws GatewayError `RATE_LIMITED` at a limit. */
  opened(principalKey: string): void {
    if (this.#open >= this.#maxStreams) {
      throw new GatewayError('RATE_LIMITED', { message: 'Too many callers with live events.', retryAfterSeconds: 30 });
    }
    const openStreams = this.#perPrincipal.get(principalKey) ?? 0;
    if (openStreams >= maxStreamsPerPrincipal) {
      throw new GatewayError('RATE_LIMITED', { message: 'Too many devices with live events.', retryAfterSeconds: 30 });
    }
    this.#perPrincipal.set(principalKey, openStreams + 1);
    this.#open += 1;
  }

  closed(principalKey: string): void {
    const remaining = (this.#perPrincipal.get(principalKey) ?? 1) - 1;
    if (remaining === 0) this.#perPrincipal.delete(principalKey);
    else this.#perPrincipal.set(principalKey, remaining);
    this.#open -= 1;
  }
}
