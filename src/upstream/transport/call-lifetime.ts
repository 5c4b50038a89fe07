/** The lifetime of a call: its deadline and its cancellation by the client. */
import { GatewayError, isAbort } from '../../errors.ts';
import { CancellableTask } from '../cancellation.ts';
import type { Caller } from '../upstream.ts';
import type { CallServices } from './call-services.ts';
import { clearDeadline, startDeadline, type Timed } from './deadline.ts';
import { UpstreamFailure } from './failure.ts';

export abstract class CallLifetime extends CancellableTask implements Timed {
  protected readonly services: CallServices;
  protected readonly caller: Caller;
  protected readonly startedAt = performance.now();
  deadlineAt: number;
  deadlineTimer: NodeJS.Timeout | undefined;

  constructor(services: CallServices, caller: Caller) {
    super();
    this.services = services;
    this.caller = caller;
    this.deadlineAt = Math.min(this.startedAt + services.timeoutMs, caller.deadlineAt ?? Number.POSITIVE_INFINITY);
  }

  /** The call is cancelled from now on when its client disconnects or its deadline passes. Either may be the case already. */
  protected begin(): void {
    this.caller.cancellation?.register(this);
    if (this.deadlineAt > this.startedAt) startDeadline(this);
    else this.expire();
  }

  /** Bytes of an upload were sent: the timeout of the call restarts. */
  onProgress(): void {
    const { deadlineAt = Number.POSITIVE_INFINITY } = this.caller;
    this.deadlineAt = Math.min(performance.now() + this.services.timeoutMs, deadlineAt);
  }

  expire(): void {
    this.cancel(new GatewayError('UPSTREAM_TIMEOUT', { cause: new UpstreamFailure('deadline') }));
  }

  /** The deadline no longer applies: the response has arrived. */
  protected clearDeadline(): void {
    clearDeadline(this);
  }

  /** The call has ended. */
  protected end(): void {
    this.clearDeadline();
    this.caller.cancellation?.unregister(this);
    this.services.onCallEnd();
  }

  /**
   * Whether the deadline ended an attempt and this counts against the upstream: only if the attempt had at least half of the
   * call's timeout.
   */
  protected isUpstreamTimeout(error: Error, durationMs: number): boolean {
    return error === this.reason && !isAbort(error) && durationMs >= this.services.timeoutMs / 2;
  }
}
