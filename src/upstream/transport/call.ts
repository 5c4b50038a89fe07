/**
 * One call: admission, circuit breaker, deadline, attempts, and its result or error. An operation can make many calls, most
 * of which wait for a permit. A waiting call is therefore one small object, with callbacks instead of promises.
 */
import { GatewayError, isAbort } from '../../errors.ts';
import type { Cancellable } from '../cancellation.ts';
import { CancellableTask } from '../cancellation.ts';
import type { Completion } from '../completion.ts';
import type { UpstreamRequest } from '../request.ts';
import type { Caller } from '../upstream.ts';
import type { Waiter } from './admission.ts';
import type { CallHandle, CallKind } from './call-kinds.ts';
import { outcomeOf } from './call-reporter.ts';
import type { CallServices } from './call-services.ts';
import type { BreakerTicket } from './circuit-breakers.ts';
import type { PooledConnection } from './connection-pool.ts';
import type { Timed } from './deadline-timer.ts';
import {
  circuitOpen,
  classifyResponse,
  classifyTransportError,
  type Failure,
  isAbsence,
  queueFull,
  UpstreamFailure,
} from './failure.ts';
import type { UpstreamResponse } from './response.ts';
import { backoffMs, pause } from './retry.ts';
import type { Write } from './write-log.ts';

export interface CallOptions {
  /** Resolve with undefined when the entity does not exist or is not visible to the caller. Default: false. */
  readonly mayBeAbsent?: boolean;
}

export class Call<Sent extends UpstreamResponse, Result>
  extends CancellableTask
  implements CallHandle<Sent>, Waiter, Cancellable, Timed
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
  cancellationSlot = -1;
  deadlineAt: number;
  deadlineSlot = -1;

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
    this.#write = caller.writes?.track(request);
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
    this.#write?.sent();
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
    if (this.#breakerTicket !== undefined) this.#services.breakers.succeeded(this.#breakerTicket, now);
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
    const { breakers } = this.#services;
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
    const ticket = breakers.admit(this.#principalKey, operationId, this.#sentAt);
    if (ticket === undefined) {
      this.#releasePermit(false);
      this.#fail(
        this.#previousFailure?.error ??
          circuitOpen(breakers.remainingMs(this.#principalKey, operationId, this.#sentAt)),
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
    const { breakers } = this.#services;
    const now = performance.now();
    const ticket = this.#breakerTicket;
    this.#breakerTicket = undefined;
    if (ticket !== undefined) {
      if (failure.upstreamAtFault || this.#timedOut(failure, now - this.#sentAt)) breakers.failed(ticket, now);
      else if (isResponse) breakers.succeeded(ticket, now);
      else breakers.ignored(ticket);
    }
    this.#write?.attemptFailed(failure.isRejection === true);
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
    return credential !== undefined && this.#services.standing.isRejected(credential);
  }

  #credentialAccepted(): void {
    const { credential } = this.#caller;
    // Nearly all callers are proven already: this check saves the lookup.
    if (credential === undefined || this.callerQueue?.isAccepted === true) return;
    this.#services.standing.accepted(credential);
    this.#kind.semaphore.setAccepted(this, true);
  }

  #credentialRejected(): void {
    const { credential } = this.#caller;
    if (credential === undefined) return;
    this.#services.standing.rejected(credential);
    this.#kind.semaphore.setAccepted(this, false);
  }

  /** The call fails. */
  #fail(error: unknown): void {
    let cause = error;
    try {
      this.#services.reporter.failed({
        request: this.#request,
        requestId: this.#caller.requestId,
        principalKey: this.#principalKey,
        error,
        attempts: this.#attempts,
        durationMs: performance.now() - this.#startedAt,
      });
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
    this.#services.reporter.attempted(this.#request, outcome, now - this.#sentAt, this.#attempts);
  }
}
