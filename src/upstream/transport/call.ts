/**
 * One call: admission, circuit breaker, deadline, attempts, and the answer or the error it ends with. An operation makes
 * many calls, most of which wait for a place: so there are no promises between the stages, and little is kept meanwhile.
 */
import { GatewayError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { Cancellation } from '../cancellable-task.ts';
import type { Leaver } from '../cancellation.ts';
import type { Caller, CallRecord } from '../client.ts';
import type { Told } from '../completion.ts';
import type { UpstreamRequest } from '../request.ts';
import type { Entrant, Lanes, Refusal } from './admission.ts';
import type { Breakers, Pass } from './circuit-breakers.ts';
import type { Connection, Connections } from './connection-pool.ts';
import type { CredentialStanding } from './credential-standing.ts';
import type { Deadlines, Expiring } from './deadline-timer.ts';
import {
  answerFailure,
  type Failure,
  isAbort,
  meansAbsent,
  UpstreamFailure,
  upstreamStatus,
  wireFailure,
} from './failure.ts';
import type { Answer } from './response.ts';
import { backoffMs, pause, type RetryBudget } from './retry.ts';
import type { Write } from './write-log.ts';

/** What all calls of one client share. */
export interface Shared {
  readonly breaker: Breakers;
  readonly standing: CredentialStanding;
  readonly retryBudget: RetryBudget;
  readonly deadlines: Deadlines;
  readonly timeoutMs: number;
  /** Most attempts after the first. */
  readonly retries: number;
  readonly log: Log;
  readonly onCall: ((record: CallRecord) => void) | undefined;
  /** A call is over, and with it whatever it held. */
  readonly onEnd: () => void;
}

/** Who is told how one attempt ended, once. */
export interface Receiver<Sent extends Answer> {
  /** The request begins to leave: from now on it may be acted on. */
  sent(): void;
  /** A whole answer, or the head of one that is streamed. Refusals are answers too. */
  answered(answer: Sent): void;
  failed(error: unknown): void;
}

/** How one kind of call goes over the wire. */
export interface Way<Sent extends Answer, Result> {
  readonly lanes: Lanes;
  /** Whoever has a place has one of them. */
  readonly connections: Connections;
  /** Sends the request once. */
  send(call: Call<Sent, Result>, connection: Connection): void;
  /** Asked after a transient failure. */
  mayRepeat(): boolean;
  /** What the caller gets for a success. What it throws is the call's failure. */
  read(answer: Sent): Result;
  /** Takes over a success that goes on after the call, with what gives its place back: told whether it came to its end. */
  hold?(answer: Sent, release: (isWhole: boolean) => void): void;
}

export interface CallOptions {
  /** Resolve with undefined where the upstream has nothing, or nothing for this caller to see. */
  readonly mayBeAbsent?: boolean;
}

export class Call<Sent extends Answer, Result>
  extends Cancellation
  implements Receiver<Sent>, Entrant, Leaver, Expiring
{
  readonly #shared: Shared;
  readonly #caller: Caller;
  readonly #request: UpstreamRequest;
  readonly #way: Way<Sent, Result>;
  readonly #told: Told<Result>;
  readonly #mayBeAbsent: boolean;
  readonly #startedAt = performance.now();
  #attempts = 0;
  #sentAt = 0;
  /** Of the attempt that runs. */
  #pass: Pass | undefined;
  #connection: Connection | undefined;
  /** In the log of what the operation changes; undefined before it left, for reads, and once it was refused. */
  #write: Write | undefined;
  /** An attempt left that may have been acted on. */
  #isUncertain = false;
  /** What the attempt before failed with. */
  #failedWith: Failure | undefined;
  lane: Entrant['lane'];
  row: object | undefined;
  before: Entrant | undefined;
  behind: Entrant | undefined;
  departurePlace = -1;
  endsAt: number;
  deadlinePlace = -1;

  constructor(
    shared: Shared,
    caller: Caller,
    request: UpstreamRequest,
    way: Way<Sent, Result>,
    told: Told<Result>,
    { mayBeAbsent = false }: CallOptions = {},
  ) {
    super();
    this.#shared = shared;
    this.#caller = caller;
    this.#request = request;
    this.#way = way;
    this.#told = told;
    this.#mayBeAbsent = mayBeAbsent;
    this.endsAt = Math.min(this.#startedAt + shared.timeoutMs, caller.deadlineAt ?? Number.POSITIVE_INFINITY);
  }

  /** To be called once. What there is to tell may be told before it returns. */
  run(): void {
    this.#caller.departure?.join(this);
    if (this.endsAt > this.#startedAt) this.#shared.deadlines.add(this);
    else this.expire();
    if (this.reason === undefined) {
      this.#shared.retryBudget.earn();
      this.#enter();
    } else this.#fail(this.reason);
  }

  /** Bytes of an upload moved on: the deadline of the call is counted from the last of them. */
  progressed(): void {
    const { deadlineAt = Number.POSITIVE_INFINITY } = this.#caller;
    this.endsAt = Math.min(performance.now() + this.#shared.timeoutMs, deadlineAt);
  }

  sent(): void {
    this.#write ??= this.#caller.writes?.sent(this.#request);
  }

  answered(answer: Sent): void {
    const failure = answerFailure(answer, this.#request.acceptNotModified === true);
    if (failure !== undefined) {
      this.#refused(failure, true);
      return;
    }
    let result: Result;
    try {
      result = this.#way.read(answer);
    } catch (error) {
      this.failed(error);
      return;
    }
    const now = performance.now();
    if (this.#pass !== undefined) this.#shared.breaker.succeeded(this.#pass, now);
    this.#credentialTaken();
    this.#record('OK', now);
    if (this.#way.hold === undefined) {
      this.#leave(false);
      this.#release();
    } else {
      this.#shared.deadlines.remove(this);
      this.#way.hold(answer, (isWhole) => {
        this.#leave(!isWhole);
        this.#release();
      });
    }
    this.#told.resolved(result);
  }

  failed(error: unknown): void {
    this.#refused(wireFailure(error), false);
  }

  /** A call that waits for a place ends at once. */
  override cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    super.cancel(reason);
    if (this.#way.lanes.withdraw(this)) this.#fail(reason);
  }

  expire(): void {
    this.cancel(new GatewayError('UPSTREAM_TIMEOUT', { cause: new UpstreamFailure('deadline') }));
  }

  granted(): void {
    this.#attempt();
  }

  /** Whose calls share a bound. */
  get #holder(): string {
    return this.#caller.credential?.holder ?? '';
  }

  #enter(): void {
    const admission = this.#way.lanes.enter(this.#holder, this);
    if (admission === 'entered') this.#attempt();
    else if (admission !== 'waiting') this.#fail(queueFull(admission));
  }

  #attempt(): void {
    const { breaker } = this.#shared;
    // Cancelled in the moment between a place, or the end of a pause, and this.
    if (this.reason !== undefined) {
      this.#leave(false);
      this.#fail(this.reason);
      return;
    }
    // The first refusal ends all calls of the credential that wait, which are mostly those of the same operation.
    if (this.#isRefused) {
      this.#leave(false);
      this.#fail(new GatewayError('UNAUTHENTICATED', { cause: new UpstreamFailure('refused before') }));
      return;
    }
    this.#sentAt = performance.now();
    const { operationId } = this.#request;
    const pass = breaker.admit(this.#holder, operationId, this.#sentAt);
    if (pass === undefined) {
      this.#leave(false);
      this.#fail(this.#failedWith?.error ?? circuitOpen(breaker.remainingMs(this.#holder, operationId, this.#sentAt)));
      return;
    }
    this.#pass = pass;
    this.#attempts++;
    const { usage } = this.#caller;
    if (usage !== undefined) usage.upstreamCalls += 1;
    const connection = this.#way.connections.take();
    this.#connection = connection;
    try {
      this.#way.send(this, connection);
    } catch (error) {
      this.failed(error);
    }
  }

  /** One attempt failed. @param isAnswer Whether the upstream itself said no. */
  #refused(failure: Failure, isAnswer: boolean): void {
    const { breaker } = this.#shared;
    const now = performance.now();
    const pass = this.#pass;
    this.#pass = undefined;
    if (pass !== undefined) {
      if (failure.upstreamAtFault || this.#timedOut(failure, now - this.#sentAt)) breaker.failed(pass, now);
      else if (isAnswer) breaker.succeeded(pass, now);
      else breaker.undecided(pass);
    }
    if (failure.isRefusal !== true) this.#isUncertain = this.#write !== undefined;
    else if (this.#write !== undefined && !this.#isUncertain) {
      this.#caller.writes?.refused(this.#write);
      this.#write = undefined;
    }
    this.#record(outcomeOf(failure.error), now);
    if (isAnswer && outcomeOf(failure.error) === 'UNAUTHENTICATED') this.#credentialRefused();
    this.#leave(!isAnswer);
    const delayMs = failure.retryAfterMs ?? backoffMs(this.#attempts);
    const mayRepeat =
      failure.transient &&
      this.#attempts <= this.#shared.retries &&
      now + delayMs < this.endsAt &&
      this.#way.mayRepeat() &&
      this.#shared.retryBudget.spend();
    if (!mayRepeat) {
      this.#fail(failure.error);
      return;
    }
    this.#failedWith = failure;
    pause(delayMs, this).then(
      () => this.#enter(),
      (error: unknown) => this.#fail(error),
    );
  }

  get #isRefused(): boolean {
    const { credential } = this.#caller;
    return credential !== undefined && this.#shared.standing.isRefused(credential);
  }

  #credentialTaken(): void {
    const { credential } = this.#caller;
    // Known already, of nearly all calls: nothing is looked up for them.
    if (credential === undefined || this.lane?.isProven === true) return;
    this.#shared.standing.succeeded(credential);
    this.#way.lanes.prove(this, true);
  }

  #credentialRefused(): void {
    const { credential } = this.#caller;
    if (credential === undefined) return;
    this.#shared.standing.refused(credential);
    this.#way.lanes.prove(this, false);
  }

  /** The call is over without a success. */
  #fail(error: unknown): void {
    let cause = error;
    try {
      this.#report(error);
    } catch (fault) {
      cause = fault; // nobody waits in vain, whatever goes wrong here
    }
    this.#release();
    // An absence is decided here, not by whoever asked: a rejected promise for each would be costly in long lists.
    if (this.#mayBeAbsent && meansAbsent(cause))
      this.#told.resolved(undefined as Result); // Result includes it then
    else this.#told.rejected(cause);
  }

  /** Gives its place back, and the connection it had. */
  #leave(isSpent: boolean): void {
    if (this.#connection !== undefined) {
      this.#way.connections.giveBack(this.#connection, isSpent);
      this.#connection = undefined;
    }
    this.#way.lanes.leave(this);
  }

  #release(): void {
    this.#shared.deadlines.remove(this);
    this.#caller.departure?.part(this);
    this.#shared.onEnd();
  }

  /** A deadline that the operation had nearly used up before says nothing about the upstream. */
  #timedOut({ error }: Failure, durationMs: number): boolean {
    return error === this.reason && !isAbort(error) && durationMs >= this.#shared.timeoutMs / 2;
  }

  #record(outcome: string, now: number): void {
    this.#shared.onCall?.({
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
      ...(this.#holder === '' ? {} : { caller: this.#holder }),
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
