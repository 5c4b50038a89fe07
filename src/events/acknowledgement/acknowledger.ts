/**
 * Acknowledges the events of one credential upstream: at most 50 ids per call, one call per second, two calls in flight, as
 * the official client does (EVENTS §5). A call that fails with a retryable error is tried four times in total. After that its
 * ids are abandoned, and acknowledged again when the upstream replays the events.
 */
import { GatewayError } from '../../errors.ts';

export const idsPerCall = 50;
const callIntervalMs = 1_000;
/** Maximum calls for the same ids; after them, the upstream must replay the events. */
const maxAttempts = 4;
/** Wait before the first call after an idle period, to collect more ids into it. */
const batchWindowMs = 25;
/** Maximum accepted `Retry-After` of an acknowledgement. */
const maxRetryAfterMs = 60_000;

export interface AcknowledgerOptions {
  /** Sends one call upstream. @param ids At most 50. @param isOfClient A client named them. */
  send(ids: readonly string[], isOfClient: boolean): Promise<void>;
  /** Calls in flight at a time: with one, an id is acknowledged before those that were queued after it. */
  readonly maxCallsInFlight: number;
  /** Limit of pending ids. Further ids are abandoned and acknowledged after the next replay. */
  readonly maxIds: number;
  onConfirmed(ids: readonly string[]): void;
  /** Ids whose acknowledgement was given up. */
  onAbandoned(ids: readonly string[]): void;
  /** The upstream rejects the credential. */
  onCredentialRejected(error: GatewayError): void;
  /** No id is pending and the call interval has passed. */
  onIdle(): void;
}

/** One client request: resolves when all its ids are confirmed, rejects with the first failure. */
interface AckRequest {
  remaining: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface ClientAck {
  readonly id: string;
  readonly request: AckRequest;
}

/** Ids from clients and ids of delivered events never share a call: an invalid client id fails only its own call. */
type Batch =
  | { readonly kind: 'delivered'; readonly ids: readonly string[]; tries: number }
  | { readonly kind: 'client'; readonly ids: readonly string[]; readonly acks: readonly ClientAck[]; tries: number };

/** Sends the acknowledgements of one credential. */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  readonly #delivered = new Set<string>();
  readonly #deliveredInFlight = new Set<string>();
  #clientAcks: ClientAck[] = [];
  #retries: Batch[] = [];
  #inFlight = 0;
  #nextCallAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  /** Number of ids queued or in flight. */
  get pending(): number {
    const retried = this.#retries.reduce((sum, batch) => sum + batch.ids.length, 0);
    return this.#delivered.size + this.#deliveredInFlight.size + this.#clientAcks.length + retried;
  }

  /** Queues the id of a delivered event. Repeated ids are ignored. */
  add(id: string): void {
    if (this.#isClosed || this.#deliveredInFlight.has(id)) return;
    if (this.#delivered.size >= this.#options.maxIds) {
      this.#options.onAbandoned([id]);
      return;
    }
    this.#delivered.add(id);
    this.#schedule();
  }

  /** Queues ids that a client acknowledges, ahead of delivered events. Resolves when the upstream has confirmed all of them. */
  acknowledgeNow(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    if (this.#isClosed) return Promise.reject(new GatewayError('SHUTTING_DOWN'));
    if (this.#clientAcks.length + ids.length > this.#options.maxIds)
      return Promise.reject(new GatewayError('RATE_LIMITED'));
    return new Promise((resolve, reject) => {
      const request: AckRequest = { remaining: ids.length, resolve, reject };
      for (const id of ids) {
        this.#delivered.delete(id);
        this.#clientAcks.push({ id, request });
      }
      this.#schedule();
    });
  }

  /** Drops the ids of delivered events that are not in flight. */
  discard(): void {
    this.#delivered.clear();
    for (const batch of this.#retries) if (batch.kind === 'delivered') this.#settle(batch);
    this.#retries = this.#retries.filter(({ kind }) => kind === 'client');
  }

  /** Sends up to two more batches at once, rejects the rest, and accepts no further ids. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    const batches = [this.#nextBatch(), this.#nextBatch()].filter((batch) => batch !== undefined);
    await Promise.all(batches.map((batch) => this.#send(batch)));
    const shuttingDown = new GatewayError('SHUTTING_DOWN');
    for (const batch of this.#retries) this.#settle(batch, shuttingDown);
    for (const { request } of this.#clientAcks) request.reject(shuttingDown);
    this.#retries = [];
    this.#clientAcks = [];
    this.#delivered.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#inFlight >= this.#options.maxCallsInFlight || this.#isClosed) return;
    const isEmpty = this.#delivered.size === 0 && this.#clientAcks.length === 0 && this.#retries.length === 0;
    const wait = this.#nextCallAt - performance.now();
    if (isEmpty && this.#inFlight > 0) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (performance.now() < this.#nextCallAt) return this.#schedule(); // a failed call postponed it
        const batch = this.#nextBatch();
        if (batch === undefined) this.#options.onIdle();
        else void this.#send(batch);
      },
      Math.max(wait, batchWindowMs),
    );
  }

  #nextBatch(): Batch | undefined {
    const retry = this.#retries.shift();
    if (retry !== undefined) return retry;
    if (this.#clientAcks.length > 0) {
      const acks = this.#clientAcks.splice(0, idsPerCall);
      return { kind: 'client', ids: acks.map(({ id }) => id), acks, tries: 0 };
    }
    if (this.#delivered.size === 0) return undefined;
    const ids: string[] = [];
    for (const id of this.#delivered) {
      if (ids.length === idsPerCall) break;
      ids.push(id);
      this.#delivered.delete(id);
      this.#deliveredInFlight.add(id);
    }
    return { kind: 'delivered', ids, tries: 0 };
  }

  async #send(batch: Batch): Promise<void> {
    this.#inFlight += 1;
    this.#nextCallAt = performance.now() + callIntervalMs;
    this.#schedule();
    batch.tries += 1;
    try {
      await this.#options.send(batch.ids, batch.kind === 'client');
      this.#settle(batch);
      this.#options.onConfirmed(batch.ids);
    } catch (error) {
      this.#failed(batch, error);
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }

  #failed(batch: Batch, error: unknown): void {
    const isRetryable = !(error instanceof GatewayError) || error.retryable;
    if (isRetryable && batch.tries < maxAttempts && !this.#isClosed) {
      const retryAfterMs = error instanceof GatewayError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      const pauseMs = Math.max(callIntervalMs * 2 ** (batch.tries - 1), Math.min(retryAfterMs, maxRetryAfterMs));
      this.#nextCallAt = Math.max(this.#nextCallAt, performance.now() + pauseMs);
      this.#retries.push(batch);
      return;
    }
    this.#settle(batch, error);
    this.#options.onAbandoned(batch.ids);
    if (error instanceof GatewayError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')) {
      this.#options.onCredentialRejected(error);
    }
  }

  #settle(batch: Batch, error?: unknown): void {
    if (batch.kind === 'delivered') for (const id of batch.ids) this.#deliveredInFlight.delete(id);
    else {
      for (const { request } of batch.acks) {
        request.remaining -= 1;
        if (error !== undefined) request.reject(error);
        else if (request.remaining === 0) request.resolve();
      }
    }
  }
}
