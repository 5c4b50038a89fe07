/**
 * One call: admission, circuit breaker, deadline, attempts, and its result or error. An operation can make many calls, most
 * of which wait for a permit. A waiting call is therefore one small object, with callbacks instead of promises.
 */
import type { Completion } from '../completion.ts';
import type { UpstreamRequest } from '../request.ts';
import type { Caller } from '../upstream.ts';
import { type Waiter, withoutCredential } from './admission/admission.ts';
import type { BreakerTicket } from './breaker/circuit-breakers.ts';
import type { CallHandle, CallKind } from './call-kinds.ts';
import { CallLifetime } from './call-lifetime.ts';
import { outcomeOf } from './call-reporter.ts';
import type { CallOptions, CallServices } from './call-services.ts';
import {
  circuitOpen,
  classifyResponse,
  classifyTransportError,
  type Failure,
  isAbsence,
  queueFull,
} from './failure.ts';
import type { PooledConnection } from './http/connection-pool.ts';
import type { UpstreamResponse } from './http/response.ts';
import { backoffMs, pause } from './retry.ts';
import type { Write } from './write-log.ts';

export class Call<Sent extends UpstreamResponse, Result> extends CallLifetime implements CallHandle<Sent>, Waiter {
  readonly #request: UpstreamRequest;
  readonly #kind: CallKind<Sent, Result>;
  readonly #completion: Completion<Result>;
  readonly #mayBeAbsent: boolean;
  /** The key that concurrency limits count by. */
  readonly #principalKey: string;
  #attempts = 0;
  #sentAt = 0;
  /** Admission ticket of the running attempt. */
  #breakerTicket: BreakerTicket | undefined;
  #connection: PooledConnection | undefined;
  /** Undefined for the calls of queries and subscriptions. */
  readonly #write: Write | undefined;
  /** Failure of the previous attempt. */
  #previousFailure: Failure | undefined;
  callerQueue: Waiter['callerQueue'];
  owner: object | undefined;
  prev: Waiter | undefined;
  next: Waiter | undefined;

  constructor(
    services: CallServices,
    caller: Caller,
    request: UpstreamRequest,
    kind: CallKind<Sent, Result>,
    completion: Completion<Result>,
    { mayBeAbsent = false }: CallOptions = {},
  ) {
    super(services, caller);
    this.#request = request;
    this.#kind = kind;
    this.#completion = completion;
    this.#mayBeAbsent = mayBeAbsent;
    this.#principalKey = caller.countedFor ?? caller.credential?.principalKey ?? withoutCredential;
    this.#write = caller.writes?.track(request);
  }

  /** Starts the call; to be called once. The completion may be settled before this returns. */
  run(): void {
    this.begin();
    if (this.reason === undefined) {
      this.services.retryBudget.earn();
      this.#acquirePermit();
    } else this.#fail(this.reason);
  }

  sent(): void {
    this.#write?.sent();
  }

  onResponse(response: Sent): void {
    const failure = classifyResponse(response, this.#request.acceptNotModified === true, this.caller.credential);
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
    if (this.#breakerTicket !== undefined) this.services.breakers.succeeded(this.#breakerTicket, now);
    this.#recordStanding(true);
    this.#record('OK', now);
    if (this.#kind.retain === undefined) {
      this.#releasePermit(false);
      this.end();
    } else {
      this.clearDeadline();
      this.#kind.retain(response, (isComplete) => {
        this.#releasePermit(!isComplete);
        this.end();
      });
    }
    this.#completion.resolve(result);
  }

  onError(error: unknown): void {
    this.#attemptFailed(classifyTransportError(error), false);
  }

  onIncomplete(error: unknown): void {
    this.#attemptFailed({ ...classifyTransportError(error), hasNoEffect: true }, false);
  }

  /** A call that waits for a permit fails immediately. */
  override cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    super.cancel(reason);
    if (this.#kind.semaphore.cancelWait(this)) this.#fail(reason);
  }

  onAcquired(): void {
    if (this.#attempts === 0) this.services.reporter.waited(performance.now() - this.startedAt);
    this.#attempt();
  }

  onDisplaced(): void {
    this.#fail(this.reason ?? queueFull('caller'));
  }

  get address(): string | undefined {
    return this.caller.address;
  }

  #acquirePermit(): void {
    const admission = this.#kind.semaphore.acquire(this.#principalKey, this);
    if (admission === 'acquired') this.#attempt();
    else if (admission !== 'waiting') this.#fail(queueFull(admission));
  }

  #attempt(): void {
    const { breakers, standing } = this.services;
    const { credential, usage } = this.caller;
    // Cancelled between the grant of the permit, or the end of the backoff, and now.
    if (this.reason !== undefined) {
      this.#failUnsent(this.reason);
      return;
    }
    // After the first rejection all waiting calls of the credential fail, most of them of the same operation.
    const rejection = credential && standing.rejectionOf(credential, this.#request.path);
    if (rejection !== undefined) {
      this.#failUnsent(rejection);
      return;
    }
    this.#sentAt = performance.now();
    const { operationId } = this.#request;
    const ticket = breakers.admit(this.#principalKey, operationId, this.#sentAt);
    if (ticket === undefined) {
      const remainingMs = breakers.remainingMs(this.#principalKey, operationId, this.#sentAt);
      this.#failUnsent(this.#previousFailure?.error ?? circuitOpen(remainingMs));
      return;
    }
    this.#breakerTicket = ticket;
    this.#attempts++;
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
    const { breakers } = this.services;
    const now = performance.now();
    const ticket = this.#breakerTicket;
    this.#breakerTicket = undefined;
    if (ticket !== undefined) {
      if (failure.upstreamAtFault || this.isUpstreamTimeout(failure.error, now - this.#sentAt))
        breakers.failed(ticket, now);
      else if (isResponse) breakers.succeeded(ticket, now);
      else breakers.ignored(ticket);
    }
    this.#write?.attemptFailed(failure.hasNoEffect === true);
    this.#record(outcomeOf(failure.error), now);
    const isRejection = isResponse && outcomeOf(failure.error) === 'UNAUTHENTICATED';
    if (isRejection) this.#recordStanding(false);
    this.#releasePermit(!isResponse);
    const delayMs = failure.retryAfterMs ?? backoffMs(this.#attempts);
    const mayRetry =
      failure.transient &&
      this.#attempts <= this.services.retries &&
      now + delayMs < this.deadlineAt &&
      this.#kind.mayRetry() &&
      this.services.retryBudget.spend();
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

  /** Records that the upstream accepted or rejected the credential. */
  #recordStanding(isAccepted: boolean): void {
    const { credential } = this.caller;
    // Nearly all credentials are accepted already: this check saves the lookup.
    if (credential === undefined || (isAccepted && this.callerQueue?.group.isAccepted === true)) return;
    if (isAccepted) this.services.standing.accepted(credential);
    else this.services.standing.rejected(credential, this.#request.path);
    this.#kind.semaphore.setAccepted(this, isAccepted);
  }

  /** The call fails although it holds a permit. */
  #failUnsent(error: unknown): void {
    this.#releasePermit(false);
    this.#fail(error);
  }

  /** The call fails. */
  #fail(error: unknown): void {
    let cause = error;
    try {
      this.services.reporter.failed({
        request: this.#request,
        requestId: this.caller.requestId,
        principalKey: this.#principalKey,
        error,
        attempts: this.#attempts,
        durationMs: performance.now() - this.startedAt,
      });
    } catch (reportError) {
      cause = reportError; // the completion has to run even if a hook or the log throws
    }
    this.end();
    // Converted here instead of in the caller, because a rejected promise for each absence is expensive in long lists.
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

  #record(outcome: string, now: number): void {
    this.services.reporter.attempted(this.#request, outcome, now - this.#sentAt, this.#attempts);
  }
}
