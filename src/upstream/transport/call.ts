/**
 * One call: admission, circuit breaker, deadline, attempts, and the answer or the error it ends with. An operation makes
 * many calls, most of which wait for a place: so there are no promises between the stages, and little is kept meanwhile.
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

/** What all calls of one client share. */
export interface CallServices {
  readonly breaker: Breakers;
  readonly standing: CredentialStanding;
  readonly retryBudget: RetryBudget;
  readonly deadlineTimer: DeadlineTimer;
  readonly timeoutMs: number;
  /** Most attempts after the first. */
  readonly retries: number;
  readonly log: Log;
  readonly onCall: ((record: CallRecord) => void) | undefined;
  /** A call is over, and with it whatever it held. */
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

/** Who is told how one attempt ended, once. */
export interface ResponseHandler<Sent extends UpstreamResponse> {
  /** The request begins to leave: from now on it may be acted on. */
  sent(): void;
  /** A whole answer, or the head of one that is streamed. Refusals are answers too. */
  onResponse(answer: Sent): void;
  onError(error: unknown): void;
}

/** How one kind of call goes over the wire. */
export interface CallKind<Sent extends UpstreamResponse, Result> {
  readonly semaphore: FairSemaphore;
  /** Whoever has a place has one of them. */
  readonly pool: ConnectionPool;
  /** Sends the request once. */
  send(call: Call<Sent, Result>, connection: PooledConnection): void;
  /** Asked after a transient failure. */
  mayRetry(): boolean;
  /** What the caller gets for a success. What it throws is the call's failure. */
  read(answer: Sent): Result;
  /** Takes over a success that goes on after the call, with what gives its place back: told whether it came to its end. */
  retain?(answer: Sent, release: (isWhole: boolean) => void): void;
}

export interface CallOptions {
  /** Resolve with undefined where the upstream has nothing, or nothing for this caller to see. */
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
  /** Of the attempt that runs. */
  #breakerTicket: Pass | undefined;
  #connection: PooledConnection | undefined;
  /** In the log of what the operation changes; undefined before it left, for reads, and once it was refused. */
  #write: Write | undefined;
  /** An attempt left that may have been acted on. */
  #isUncertain = false;
  /** What the attempt before failed with. */
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

  /** To be called once. What there is to tell may be told before it returns. */
  run(): void {
    this.#caller.cancellation?.register(this);
    if (this.deadlineAt > this.#startedAt) this.#services.deadlineTimer.add(this);
    else this.expire();
    if (this.reason === undefined) {
      this.#services.retryBudget.earn();
      this.#acquirePermit();
    } else this.#fail(this.reason);
  }

  /** Bytes of an upload moved on: the deadline of the call is counted from the last of them. */
  onProgress(): void {
    const { deadlineAt = Number.POSITIVE_INFINITY } = this.#caller;
    this.deadlineAt = Math.min(performance.now() + this.#services.timeoutMs, deadlineAt);
  }

  sent(): void {
    this.#write ??= this.#caller.writes?.sent(this.#request);
  }

  onResponse(answer: Sent): void {
    const failure = classifyResponse(answer, this.#request.acceptNotModified === true);
    if (failure !== undefined) {
      this.#attemptFailed(failure, true);
      return;
    }
    let result: Result;
    try {
      result = this.#kind.read(answer);
    } catch (error) {
      this.onError(error);
      return;
    }
    const now = performance.now();
    if (this.#breakerTicket !== undefined) this.#services.breaker.succeeded(this.#breakerTicket, now);
    this.#credentialTaken();
    this.#record('OK', now);
    if (this.#kind.retain === undefined) {
      this.#releasePermit(false);
      this.#cleanUp();
    } else {
      this.#services.deadlineTimer.remove(this);
      this.#kind.retain(answer, (isWhole) => {
        this.#releasePermit(!isWhole);
        this.#cleanUp();
      });
    }
    this.#completion.resolve(result);
  }

  onError(error: unknown): void {
    this.#attemptFailed(classifyTransportError(error), false);
  }

  /** A call that waits for a place ends at once. */
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

  /** Whose calls share a bound. */
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
    // Cancelled in the moment between a place, or the end of a pause, and this.
    if (this.reason !== undefined) {
      this.#releasePermit(false);
      this.#fail(this.reason);
      return;
    }
    // The first refusal ends all calls of the credential that wait, which are mostly those of the same operation.
    if (this.#isRefused) {
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

  /** One attempt failed. @param isResponse Whether the upstream itself said no. */
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
    if (isResponse && outcomeOf(failure.error) === 'UNAUTHENTICATED') this.#credentialRefused();
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

  get #isRefused(): boolean {
    const { credential } = this.#caller;
    return credential !== undefined && this.#services.standing.isRefused(credential);
  }

  #credentialTaken(): void {
    const { credential } = this.#caller;
    // Known already, of nearly all calls: nothing is looked up for them.
    if (credential === undefined || this.callerQueue?.isProven === true) return;
    this.#services.standing.succeeded(credential);
    this.#kind.semaphore.prove(this, true);
  }

  #credentialRefused(): void {
    const { credential } = this.#caller;
    if (credential === undefined) return;
    this.#services.standing.refused(credential);
    this.#kind.semaphore.prove(this, false);
  }

  /** The call is over without a success. */
  #fail(error: unknown): void {
    let cause = error;
    try {
      this.#report(error);
    } catch (reportError) {
      cause = reportError; // nobody waits in vain, whatever goes wrong here
    }
    this.#cleanUp();
    // An absence is decided here, not by whoever asked: a rejected promise for each would be costly in long lists.
    if (this.#mayBeAbsent && isAbsence(cause))
      this.#completion.resolve(undefined as Result); // Result includes it then
    else this.#completion.reject(cause);
  }

  /** Gives its place back, and the connection it had. */
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

  /** A deadline that the operation had nearly used up before says nothing about the upstream. */
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
    // What the caller asked for in vain is no trouble of the upstream.
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
