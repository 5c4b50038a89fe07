/**
 * One call: admission, circuit breaker, deadline, attempts, and its result or error. An operation can make many calls, most
 * of which wait for a permit. A waiting call is therefore one small object, with callbacks instead of promises.
 */
import { GatewayError, isAbort } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Cancellable } from '../cancellation.ts';
import { CancellableTask } from '../cancellation.ts';
import type { Completion } from '../completion.ts';
import type { UpstreamRequest } from '../request.ts';
import type { Caller, CallRecord } from '../upstream.ts';
import type { FairSemaphore, Rejection, Waiter } from './admission.ts';
import type { Breakers, Pass } from './circuit-breakers.ts';
import type { ConnectionPool, PooledConnection } from './connection-pool.ts';
import type { CredentialStanding } from './credential-standing.ts';
import type { DeadlineTimer, Timed } from './deadline-timer.ts';
import {
  classifyResponse,
  classifyTransportError,
  type Failure,
  isAbsence,
  UpstreamFailure,
  upstreamStatus,
} from './failure.ts';
import type { UpstreamResponse } from './response.ts';
import { backoffMs, pause, type RetryBudget } from './retry.ts';
import type { Write } from './write-log.ts';

/** Services shared by all calls of one upstream client. */
export interface CallServices {
  readonly breaker: Breakers;
  readonly standing: CredentialStanding;
  readonly retryBudget: RetryBudget;
  readonly deadlineTimer: DeadlineTimer;
  /** Milliseconds a call may take, including waiting and retries. */
  readonly timeoutMs: number;
  /** Maximum number of attempts after the first. */
  readonly retries: number;
  readonly log: Log;
  readonly onCall: ((record: CallRecord) => void) | undefined;
  /** Called when a call has ended and released its resources. */
  readonly onCallEnd: () => void;
}

/** The parts of the upstream client that the clients of single callers use. */
export interface ClientServices {
  readonly services: CallServices;
  readonly callPool: ConnectionPool;
  readonly callSemaphore: FairSemaphore;
  readonly filePool: ConnectionPool;
  readonly fileSemaphore: FairSemaphore;
  /** Maximum size of a buffered reply, in bytes. */
  readonly maxReplyBytes: number;
  /** Milliseconds without a byte after which a streamed reply fails. */
  readonly stallMs: number;
  /** Counts a call as in flight. @throws GatewayError `SHUTTING_DOWN` after `close`. */
  callStarted(): void;
}

/** Callbacks of one attempt. Exactly one of `onResponse` and `onError` runs, once. */
export interface ResponseHandler<Sent extends UpstreamResponse> {
  /** The request starts to be written: from now on the upstream may process it. */
  sent(): void;
  /** A buffered response, or the headers of a streamed one; also for error statuses. */
  onResponse(response: Sent): void;
  onError(error: unknown): void;
}

/** One kind of call: its request, its resources and the decoding of its response. */
export interface CallKind<Sent extends UpstreamResponse, Result> {
  readonly semaphore: FairSemaphore;
  /** Each permit of `semaphore` entitles to one connection. */
  readonly pool: ConnectionPool;
  /** Sends the request once. */
  send(call: Call<Sent, Result>, connection: PooledConnection): void;
  /** Whether the call may be retried after a transient failure. */
  mayRetry(): boolean;
  /** The result of a successful response. An error it throws fails the call. */
  read(response: Sent): Result;
  /** Keeps the permit and the connection until `release` is called, for a body that is streamed after the call has ended. */
  retain?(response: Sent, release: (isComplete: boolean) => void): void;
}

export interface CallOptions {
  /** Resolve with undefined when the entity does not exist or is not visible to the caller. Default: false. */
  readonly mayBeAbsent?: boolean;
}

export class Call<Sent extends UpstreamResponse, Result>
  extends CancellableTask
  implements ResponseHandler<Sent>, Waiter, Cancellable, Timed
{
  readonly #services: CallServices;
  readonly #caller: Caller;
  readonly #request: UpstreamRequest;
  readonly #kind: CallKind<Sent, Result>;
  readonly #completion: Completion<Result>;
  readonly #mayBeAbsent: boolean;
  readonly #startedAt = performance.now();
  #attempts = 0;
  #sentAt = 0;
  /** Admission ticket of the running attempt. */
  #breakerTicket: Pass | undefined;
  #connection: PooledConnection | undefined;
  /** Entry in the operation's write log; undefined before the request is written, for reads, and after a rejection. */
  #write: Write | undefined;
  /** The upstream may have processed an earlier attempt. */
  #isUncertain = false;
  /** Failure of the previous attempt. */
  #previousFailure: Failure | undefined;
  callerQueue: Waiter['callerQueue'];
  owner: object | undefined;
  prev: Waiter | undefined;
  next: Waiter | undefined;
  cancellationIndex = -1;
  deadlineAt: number;
  deadlineIndex = -1;

  constructor(
    services: CallServices,
    caller: Caller,
    request: UpstreamRequest,
    kind: CallKind<Sent, Result>,
    completion: Completion<Result>,
    { mayBeAbsent = false }: CallOptions = {},
  ) {
    super();
    this.#services = services;
    this.#caller = caller;
    this.#request = request;
    this.#kind = kind;
    this.#completion = completion;
    this.#mayBeAbsent = mayBeAbsent;
    this.deadlineAt = Math.min(this.#startedAt + services.timeoutMs, caller.deadlineAt ?? Number.POSITIVE_INFINITY);
  }

  /** Starts the call; to be called once. The completion may be settled before this returns. */
  run(): void {
    this.#caller.cancellation?.register(this);
    if (this.deadlineAt > this.#startedAt) this.#services.deadlineTimer.add(this);
    else this.expire();
    if (this.reason === undefined) {
      this.#services.retryBudget.earn();
      this.#acquirePermit();
    } else this.#fail(this.reason);
  }

  /** Bytes of an upload were sent: the timeout of the call restarts. */
  onProgress(): void {
    const { deadlineAt = Number.POSITIVE_INFINITY } = this.#caller;
    this.deadlineAt = Math.min(performance.now() + this.#services.timeoutMs, deadlineAt);
  }

  sent(): void {
    this.#write ??= this.#caller.writes?.sent(this.#request);
  }

  onResponse(response: Sent): void {
    const failure = classifyResponse(response, this.#request.acceptNotModified === true);
    if (failure !== undefined) {
      this.#attemptFailed(failure, true);
      return;
    }
    let result: Result;
    try {
      result = this.#kind.read(response);
    } catch (error) {
      this.onError(error);
      return;
    }
    const now = performance.now();
    if (this.#breakerTicket !== undefined) this.#services.breaker.succeeded(this.#breakerTicket, now);
    this.#credentialAccepted();
    this.#record('OK', now);
    if (this.#kind.retain === undefined) {
      this.#releasePermit(false);
      this.#cleanUp();
    } else {
      this.#services.deadlineTimer.remove(this);
      this.#kind.retain(response, (isComplete) => {
        this.#releasePermit(!isComplete);
        this.#cleanUp();
      });
    }
    this.#completion.resolve(result);
  }

  onError(error: unknown): void {
    this.#attemptFailed(classifyTransportError(error), false);
  }

  /** A call that waits for a permit fails immediately. */
  override cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    super.cancel(reason);
    if (this.#kind.semaphore.cancelWait(this)) this.#fail(reason);
  }

  expire(): void {
    this.cancel(new GatewayError('UPSTREAM_TIMEOUT', { cause: new UpstreamFailure('deadline') }));
  }

  onAcquired(): void {
    this.#attempt();
  }

  /** The key that concurrency limits count by; empty without a credential. */
  get #principalKey(): string {
    return this.#caller.credential?.principalKey ?? '';
  }

  #acquirePermit(): void {
    const admission = this.#kind.semaphore.acquire(this.#principalKey, this);
    if (admission === 'acquired') this.#attempt();
    else if (admission !== 'waiting') this.#fail(queueFull(admission));
  }

  #attempt(): void {
    const { breaker } = this.#services;
    // Cancelled between the grant of the permit, or the end of the backoff, and now.
    if (this.reason !== undefined) {
      this.#releasePermit(false);
      this.#fail(this.reason);
      return;
    }
    // After the first rejection all waiting calls of the credential fail, most of them of the same operation.
    if (this.#isCredentialRejected) {
      this.#releasePermit(false);
      this.#fail(new GatewayError('UNAUTHENTICATED', { cause: new UpstreamFailure('refused before') }));
      return;
    }
    this.#sentAt = performance.now();
    const { operationId } = this.#request;
    const ticket = breaker.admit(this.#principalKey, operationId, this.#sentAt);
    if (ticket === undefined) {
      this.#releasePermit(false);
      this.#fail(
        this.#previousFailure?.error ?? circuitOpen(breaker.remainingMs(this.#principalKey, operationId, this.#sentAt)),
      );
      return;
    }
    this.#breakerTicket = ticket;
    this.#attempts++;
    const { usage } = this.#caller;
    if (usage !== undefined) usage.upstreamCalls += 1;
    const connection = this.#kind.pool.acquire();
    this.#connection = connection;
    try {
      this.#kind.send(this, connection);
    } catch (error) {
      this.onError(error);
    }
  }

  /** One attempt failed. @param isResponse True for an error response, false for an error before or in place of a response. */
  #attemptFailed(failure: Failure, isResponse: boolean): void {
    const { breaker } = this.#services;
    const now = performance.now();
    const ticket = this.#breakerTicket;
    this.#breakerTicket = undefined;
    if (ticket !== undefined) {
      if (failure.upstreamAtFault || this.#timedOut(failure, now - this.#sentAt)) breaker.failed(ticket, now);
      else if (isResponse) breaker.succeeded(ticket, now);
      else breaker.undecided(ticket);
    }
    if (failure.isRefusal !== true) this.#isUncertain = this.#write !== undefined;
    else if (this.#write !== undefined && !this.#isUncertain) {
      this.#caller.writes?.refused(this.#write);
      this.#write = undefined;
    }
    this.#record(outcomeOf(failure.error), now);
    if (isResponse && outcomeOf(failure.error) === 'UNAUTHENTICATED') this.#credentialRejected();
    this.#releasePermit(!isResponse);
    const delayMs = failure.retryAfterMs ?? backoffMs(this.#attempts);
    const mayRetry =
      failure.transient &&
      this.#attempts <= this.#services.retries &&
      now + delayMs < this.deadlineAt &&
      this.#kind.mayRetry() &&
      this.#services.retryBudget.spend();
    if (!mayRetry) {
      this.#fail(failure.error);
      return;
    }
    this.#previousFailure = failure;
    pause(delayMs, this).then(
      () => this.#acquirePermit(),
      (error: unknown) => this.#fail(error),
    );
  }

  get #isCredentialRejected(): boolean {
    const { credential } = this.#caller;
    return credential !== undefined && this.#services.standing.isRefused(credential);
  }

  #credentialAccepted(): void {
    const { credential } = this.#caller;
    // Nearly all callers are proven already: this check saves the lookup.
    if (credential === undefined || this.callerQueue?.isProven === true) return;
    this.#services.standing.succeeded(credential);
    this.#kind.semaphore.prove(this, true);
  }

  #credentialRejected(): void {
    const { credential } = this.#caller;
    if (credential === undefined) return;
    this.#services.standing.refused(credential);
    this.#kind.semaphore.prove(this, false);
  }

  /** The call fails. */
  #fail(error: unknown): void {
    let cause = error;
    try {
      this.#report(error);
    } catch (reportError) {
      cause = reportError; // the completion has to run even if a hook or the log throws
    }
    this.#cleanUp();
    // Converted here and not by the caller, because a rejected promise for each absence is costly in long lists.
    if (this.#mayBeAbsent && isAbsence(cause))
      this.#completion.resolve(undefined as Result); // Result includes it then
    else this.#completion.reject(cause);
  }

  /** Returns the connection and the permit. */
  #releasePermit(isSuspect: boolean): void {
    if (this.#connection !== undefined) {
      this.#kind.pool.release(this.#connection, isSuspect);
      this.#connection = undefined;
    }
    this.#kind.semaphore.release(this);
  }

  #cleanUp(): void {
    this.#services.deadlineTimer.remove(this);
    this.#caller.cancellation?.unregister(this);
    this.#services.onCallEnd();
  }

  /** A timeout counts against the upstream only if the attempt had at least half of the call's timeout. */
  #timedOut({ error }: Failure, durationMs: number): boolean {
    return error === this.reason && !isAbort(error) && durationMs >= this.#services.timeoutMs / 2;
  }

  #record(outcome: string, now: number): void {
    this.#services.onCall?.({
      operationId: this.#request.operationId,
      outcome,
      durationMs: now - this.#sentAt,
      attempt: this.#attempts,
      batchSize: this.#request.batchSize,
    });
  }

  #report(error: unknown): void {
    const outcome = outcomeOf(error);
    const durationMs = performance.now() - this.#startedAt;
    if (this.#attempts === 0) {
      this.#services.onCall?.({ operationId: this.#request.operationId, outcome, durationMs, attempt: 0 });
    }
    const status = upstreamStatus(error);
    const fields = {
      operationId: this.#request.operationId,
      requestId: this.#caller.requestId,
      attempt: this.#attempts,
      durationMs: Math.round(durationMs),
      ...(error instanceof GatewayError ? { code: error.code } : {}),
      ...(status === undefined ? {} : { status }),
      ...(this.#principalKey === '' ? {} : { caller: this.#principalKey }),
    };
    // An outcome that the caller caused is not a problem of the upstream.
    if (expectedOutcomes.has(outcome)) this.#services.log.debug('upstream call refused', fields);
    else this.#services.log.warn('upstream call failed', fields);
  }
}

const aborted = 'ABORTED';
const expectedOutcomes: ReadonlySet<string> = new Set([
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

function queueFull(queue: Rejection): GatewayError {
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
