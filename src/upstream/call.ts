/** One call: admission, circuit breaker, deadline, attempts, and the answer or the error it ends with. */
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import { Answer } from './answer.ts';
import type { Breaker } from './breaker.ts';
import { Cancellation, type Departures } from './cancellation.ts';
import type { Caller, CallRecord } from './client.ts';
import { answerFailure, type Failure, isAbort, UpstreamFailure, upstreamStatus, wireFailure } from './failure.ts';
import type { Lanes, Refusal } from './lanes.ts';
import type { UpstreamRequest } from './request.ts';
import { backoffMs, pause, type RetryBudget } from './retry.ts';

/** What all calls of one client share. */
export interface Shared {
  readonly breaker: Breaker;
  readonly retryBudget: RetryBudget;
  readonly departures: Departures;
  readonly timeoutMs: number;
  /** Most attempts after the first. */
  readonly retries: number;
  readonly log: Log;
  readonly onCall: ((record: CallRecord) => void) | undefined;
}

/** How one kind of call goes over the wire. */
export interface Way<Result extends Answer> {
  readonly lanes: Lanes;
  /** Sends the request once. */
  readonly send: (cancellation: Cancellation) => Promise<Result>;
  /** Asked after a transient failure. */
  readonly mayRepeat: () => boolean;
  /** Takes over a success that goes on after the call, with what gives its place back. */
  readonly hold?: (answer: Result, release: () => void) => void;
}

export class Call<Result extends Answer> {
  readonly #shared: Shared;
  readonly #caller: Caller;
  readonly #request: UpstreamRequest;
  readonly #way: Way<Result>;
  readonly #cancellation = new Cancellation();
  readonly #lane: string;
  readonly #startedAt = performance.now();
  readonly #endsAt: number;
  #attempts = 0;
  #isHeld = false;

  constructor(shared: Shared, caller: Caller, request: UpstreamRequest, way: Way<Result>) {
    this.#shared = shared;
    this.#caller = caller;
    this.#request = request;
    this.#way = way;
    this.#lane = caller.credential?.key ?? '';
    this.#endsAt = Math.min(this.#startedAt + shared.timeoutMs, caller.deadlineAt ?? Number.POSITIVE_INFINITY);
  }

  /** @throws GatewayError; the reason of the caller's signal when the client left. */
  async run(): Promise<Result> {
    const { retryBudget, departures, timeoutMs } = this.#shared;
    const { signal, deadlineAt = Number.POSITIVE_INFINITY } = this.#caller;
    const cancellation = this.#cancellation;
    const timer = setTimeout(expire, Math.max(0, this.#endsAt - this.#startedAt), cancellation);
    cancellation.onProgress = () => {
      if (performance.now() + timeoutMs < deadlineAt) timer.refresh();
    };
    try {
      if (signal !== undefined) departures.join(signal, cancellation);
      if (this.#endsAt <= this.#startedAt) expire(cancellation);
      cancellation.throwIfCancelled();
      retryBudget.earn();
      let outcome = await this.#try();
      while (!(outcome instanceof Answer)) {
        await this.#waitToRepeat(outcome);
        outcome = await this.#try(outcome);
      }
      return outcome;
    } catch (error) {
      this.#report(error);
      throw error;
    } finally {
      clearTimeout(timer);
      if (!this.#isHeld && signal !== undefined) departures.leave(signal, cancellation);
    }
  }

  /** One attempt. @param before What the attempt before it failed with. */
  async #try(before?: Failure): Promise<Result | Failure> {
    const { breaker } = this.#shared;
    const { lanes } = this.#way;
    const place = lanes.enter(this.#lane, this.#cancellation);
    if (typeof place === 'string') throw queueFull(place);
    if (place !== undefined) await place;
    const sentAt = performance.now();
    const pass = breaker.admit(sentAt);
    if (pass === undefined) {
      lanes.leave(this.#lane);
      throw before?.error ?? circuitOpen(breaker.remainingMs(sentAt));
    }
    this.#attempts++;
    let answer: Result | undefined;
    let failure: Failure | undefined;
    try {
      answer = await this.#way.send(this.#cancellation);
      failure = answerFailure(answer, this.#request.acceptNotModified === true);
    } catch (error) {
      failure = wireFailure(error);
    }
    const now = performance.now();
    const durationMs = now - sentAt;
    if (failure?.upstreamAtFault === true || this.#timedOut(failure, durationMs)) breaker.failed(pass, now);
    else if (answer === undefined) breaker.undecided(pass);
    else breaker.succeeded(pass, now);
    this.#shared.onCall?.({
      operationId: this.#request.operationId,
      outcome: failure === undefined ? 'OK' : outcomeOf(failure.error),
      durationMs,
      attempt: this.#attempts,
      batchSize: this.#request.batchSize,
    });
    if (answer !== undefined && failure === undefined && this.#way.hold !== undefined) this.#hold(answer);
    else lanes.leave(this.#lane);
    // Without an answer there is a failure: one of the two branches above set it.
    return failure ?? (answer as Result);
  }

  #hold(answer: Result): void {
    const { lanes, hold } = this.#way;
    this.#isHeld = true;
    hold?.(answer, () => {
      lanes.leave(this.#lane);
      if (this.#caller.signal !== undefined) this.#shared.departures.leave(this.#caller.signal, this.#cancellation);
    });
  }

  /** @throws The failure's error when the call must not, or cannot in time, be repeated. */
  async #waitToRepeat(failure: Failure): Promise<void> {
    const delayMs = failure.retryAfterMs ?? backoffMs(this.#attempts);
    const may =
      failure.transient &&
      this.#attempts <= this.#shared.retries &&
      performance.now() + delayMs < this.#endsAt &&
      this.#way.mayRepeat() &&
      this.#shared.retryBudget.spend();
    if (!may) throw failure.error;
    await pause(delayMs, this.#cancellation);
  }

  /** A deadline that the operation had nearly used up before says nothing about the upstream. */
  #timedOut(failure: Failure | undefined, durationMs: number): boolean {
    return (
      failure !== undefined &&
      failure.error === this.#cancellation.reason &&
      !isAbort(failure.error) &&
      durationMs >= this.#shared.timeoutMs / 2
    );
  }

  #report(error: unknown): void {
    const outcome = outcomeOf(error);
    const durationMs = performance.now() - this.#startedAt;
    if (this.#attempts === 0) {
      this.#shared.onCall?.({ operationId: this.#request.operationId, outcome, durationMs, attempt: 0 });
    }
    const status = upstreamStatus(error);
    const fields = {
      operationId: this.#request.operationId,
      requestId: this.#caller.requestId,
      attempt: this.#attempts,
      durationMs: Math.round(durationMs),
      ...(error instanceof GatewayError ? { code: error.code } : {}),
      ...(status === undefined ? {} : { status }),
      ...(this.#lane === '' ? {} : { caller: this.#lane }),
    };
    // What the caller asked for in vain is no trouble of the upstream.
    if (expected.has(outcome)) this.#shared.log.debug('upstream call refused', fields);
    else this.#shared.log.warn('upstream call failed', fields);
  }
}

const aborted = 'ABORTED';
const expected: ReadonlySet<string> = new Set([
  aborted,
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'PAYLOAD_TOO_LARGE',
]);

function outcomeOf(error: unknown): string {
  return error instanceof GatewayError ? error.code : aborted;
}

function expire(cancellation: Cancellation): void {
  cancellation.cancel(new GatewayError('UPSTREAM_TIMEOUT', { cause: new UpstreamFailure('deadline') }));
}

function queueFull(queue: Refusal): GatewayError {
  return queue === 'caller'
    ? new GatewayError('RATE_LIMITED', {
        message: 'Too many requests of this credential are waiting for the upstream.',
        retryAfterSeconds: 1,
      })
    : new GatewayError('UPSTREAM_UNAVAILABLE', {
        message: 'Too many requests are waiting for the upstream.',
        retryAfterSeconds: 1,
      });
}

function circuitOpen(remainingMs: number): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', {
    retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1000)),
    cause: new UpstreamFailure('circuit open'),
  });
}
