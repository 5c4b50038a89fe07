/** How many upstream streams may be open at once: in all, per principal, and for credentials that the upstream has not accepted. */
import { GatewayError } from '../../errors.ts';
import type { CredentialStanding } from '../../upstream/transport/breaker/credential-standing.ts';

/** Limit of streams per principal. Each device id opens its own stream, and a client chooses device ids freely. */
const maxStreamsPerPrincipal = 100;
/** Credentials that the upstream has not accepted share half of the streams: after a start, all callers are among them. */
const unacceptedShares = 2;
/** Minimum milliseconds between two searches for streams whose principal has been accepted since they opened. */
const checkMs = 1_000;

export class StreamLimits {
  readonly #maxStreams: number;
  readonly #isAccepted: (principalKey: string) => boolean;
  readonly #perPrincipal = new Map<string, number>();
  #open = 0;
  /** Streams of principals that were not accepted when they opened one. */
  readonly #unaccepted = new Map<string, number>();
  #unacceptedOpen = 0;
  #checkedAt = Number.NEGATIVE_INFINITY;

  /** @param standing Whether the upstream has accepted a credential; default: each counts as accepted. */
  constructor(maxStreams: number, standing: Pick<CredentialStanding, 'isAccepted'> | undefined) {
    this.#maxStreams = maxStreams;
    this.#isAccepted = (principalKey) => standing?.isAccepted({ principalKey }) ?? true;
  }

  /** Counts a stream that is about to open. @throws GatewayError `RATE_LIMITED` at a limit. */
  opened(principalKey: string): void {
    if (this.#open >= this.#maxStreams) throw rateLimited('Too many callers with live events.');
    const openStreams = this.#perPrincipal.get(principalKey) ?? 0;
    if (openStreams >= maxStreamsPerPrincipal) throw rateLimited('Too many devices with live events.');
    if (!this.#isAccepted(principalKey)) this.#countUnaccepted(principalKey);
    this.#perPrincipal.set(principalKey, openStreams + 1);
    this.#open += 1;
  }

  closed(principalKey: string): void {
    decrement(this.#perPrincipal, principalKey);
    this.#open -= 1;
    if (this.#unaccepted.has(principalKey)) {
      decrement(this.#unaccepted, principalKey);
      this.#unacceptedOpen -= 1;
    }
  }

  #countUnaccepted(principalKey: string): void {
    const max = Math.ceil(this.#maxStreams / unacceptedShares);
    if (this.#unacceptedOpen >= max) this.#dropAccepted();
    if (this.#unacceptedOpen >= max)
      throw rateLimited('Too many callers with live events whose credential the upstream has not accepted yet.');
    this.#unaccepted.set(principalKey, (this.#unaccepted.get(principalKey) ?? 0) + 1);
    this.#unacceptedOpen += 1;
  }

  #dropAccepted(): void {
    const now = performance.now();
    if (now - this.#checkedAt < checkMs) return;
    this.#checkedAt = now;
    for (const [principalKey, streams] of this.#unaccepted) {
      if (!this.#isAccepted(principalKey)) continue;
      this.#unaccepted.delete(principalKey);
      this.#unacceptedOpen -= streams;
    }
  }
}

function decrement(counts: Map<string, number>, key: string): void {
  const remaining = (counts.get(key) ?? 1) - 1;
  if (remaining === 0) counts.delete(key);
  else counts.set(key, remaining);
}

function rateLimited(message: string): GatewayError {
  return new GatewayError('RATE_LIMITED', { message, retryAfterSeconds: 30 });
}
