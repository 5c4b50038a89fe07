/** Readiness of the gateway, for /readyz and the log. */
import type { Log } from '../observability/log.ts';
import type { UpstreamClient } from '../upstream/upstream.ts';
import type { InFlightResponses } from './http/connection/in-flight-responses.ts';

export class Readiness {
  readonly #inFlight: InFlightResponses;
  /** Undefined when readiness does not depend on the upstream. */
  readonly #upstream: Pick<UpstreamClient, 'isAvailable' | 'isCircuitOpen'> | undefined;
  readonly #log: Log;
  #wasReady = true;

  /** @param upstream Its circuit breaker decides; undefined: the gateway is ready until it drains. */
  constructor(
    inFlight: InFlightResponses,
    upstream: Pick<UpstreamClient, 'isAvailable' | 'isCircuitOpen'> | undefined,
    log: Log,
  ) {
    this.#inFlight = inFlight;
    this.#upstream = upstream;
    this.#log = log;
  }

  get isReady(): boolean {
    return !this.#inFlight.isDraining && this.#upstream?.isAvailable !== false;
  }

  /** Begins shutdown: unready from now on, and each response is the last on its connection. */
  drain(): void {
    this.#inFlight.drain();
    this.update();
  }

  /** Logs a change. The breaker counts as open from its first rejection to its recovery, so that its trials write no lines. */
  update(): void {
    const isReady = !this.#inFlight.isDraining && this.#upstream?.isCircuitOpen !== true;
    if (isReady === this.#wasReady) return;
    this.#wasReady = isReady;
    if (isReady) this.#log.info('ready');
    else this.#log.warn(this.#inFlight.isDraining ? 'not ready: stopping' : 'not ready: upstream circuit open');
  }
}
