/**
 * Acknowledges the events of one credential upstream: at most 50 ids a call, one call a second, two in flight, as the
 * official client does (EVENTS §5). A call that fails in a way that may pass is tried four times in all; after that its ids
 * are let go, and acknowledged again when the upstream sends the events again.
 */
import { GatewayError } from '../errors.ts';

export const idsPerCall = 50;
const callEveryMs = 1_000;
const callsInFlight = 2;
const triesPerCall = 4;
/** The first call after a pause waits this long for more ids to come along. */
const batchWindowMs = 25;
const maxRetryAfterMs = 60_000;

export interface AcknowledgerOptions {
  /** At most 50 ids. */
  send(ids: readonly string[]): Promise<void>;
  /** Most ids waiting; more are let go, and come back with the next replay. */
  readonly maxIds: number;
  onConfirmed(ids: readonly string[]): void;
  /** Ids that were not acknowledged after all. */
  onAbandoned(ids: readonly string[]): void;
  /** The upstream refuses the credential. */
  onCredentialRejected(error: GatewayError): void;
  /** Nothing is waiting any more, and the next call could be made at once. */
  onIdle(): void;
}

/** One client's call of `acknowledge`: settles when all its ids are through, or with the first failure. */
interface AckRequest {
  left: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface ClientAck {
  readonly id: string;
  readonly request: AckRequest;
}

/** Ids named by clients travel apart from the others: a wrong one then spoils no others. */
type Batch =
  | { readonly kind: 'delivered'; readonly ids: readonly string[]; tries: number }
  | { readonly kind: 'client'; readonly ids: readonly string[]; readonly acks: readonly ClientAck[]; tries: number };

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

  /** Ids waiting or on their way. */
  get pending(): number {
    const retried = this.#retries.reduce((sum, batch) => sum + batch.ids.length, 0);
    return this.#delivered.size + this.#deliveredInFlight.size + this.#clientAcks.length + retried;
  }

  /** An event that was handed over. Repeats are fine. */
  add(id: string): void {
    if (this.#isClosed || this.#deliveredInFlight.has(id)) return;
    if (this.#delivered.size >= this.#options.maxIds) {
      this.#options.onAbandoned([id]);
      return;
    }
    this.#delivered.add(id);
    this.#schedule();
  }

  /** Events a client names: ahead of the others. Settles when the upstream has taken them all. */
  acknowledgeNow(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    if (this.#isClosed) return Promise.reject(new GatewayError('SHUTTING_DOWN'));
    if (this.#clientAcks.length + ids.length > this.#options.maxIds)
      return Promise.reject(new GatewayError('RATE_LIMITED'));
    return new Promise((resolve, reject) => {
      const request: AckRequest = { left: ids.length, resolve, reject };
      for (const id of ids) {
        this.#delivered.delete(id);
        this.#clientAcks.push({ id, request });
      }
      this.#schedule();
    });
  }

  /** Sends what two calls can take, without waiting its turn, then takes no more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    const batches = [this.#nextBatch(), this.#nextBatch()].filter((batch) => batch !== undefined);
    await Promise.all(batches.map((batch) => this.#send(batch)));
    const stopped = new GatewayError('SHUTTING_DOWN');
    for (const batch of this.#retries) this.#settle(batch, stopped);
    for (const { request } of this.#clientAcks) request.reject(stopped);
    this.#retries = [];
    this.#clientAcks = [];
    this.#delivered.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#inFlight >= callsInFlight || this.#isClosed) return;
    const isEmpty = this.#delivered.size === 0 && this.#clientAcks.length === 0 && this.#retries.length === 0;
    const wait = this.#nextCallAt - performance.now();
    if (isEmpty && this.#inFlight > 0) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (performance.now() < this.#nextCallAt) return this.#schedule(); // put off meanwhile by a failed call
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
    this.#nextCallAt = performance.now() + callEveryMs;
    this.#schedule();
    batch.tries += 1;
    try {
      await this.#options.send(batch.ids);
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
    const mayPass = !(error instanceof GatewayError) || error.retryable;
    if (mayPass && batch.tries < triesPerCall && !this.#isClosed) {
      const retryAfterMs = error instanceof GatewayError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
      const pauseMs = Math.max(callEveryMs * 2 ** (batch.tries - 1), Math.min(retryAfterMs, maxRetryAfterMs));
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
        request.left -= 1;
        if (error !== undefined) request.reject(error);
        else if (request.left === 0) request.resolve();
      }
    }
  }
}
