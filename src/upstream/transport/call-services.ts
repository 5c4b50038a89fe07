/** What the calls of one upstream client share. */
import type { FairSemaphore } from './admission/admission.ts';
import type { CircuitBreakers } from './breaker/circuit-breakers.ts';
import type { CredentialStanding } from './breaker/credential-standing.ts';
import type { CallReporter } from './call-reporter.ts';
import type { ConnectionPool } from './http/connection-pool.ts';
import type { RetryBudget } from './retry.ts';

/** Services shared by all calls of one upstream client. */
export interface CallServices {
  readonly breakers: CircuitBreakers;
  readonly standing: CredentialStanding;
  readonly retryBudget: RetryBudget;
  readonly reporter: CallReporter;
  /** Milliseconds a call may take, including waiting and retries. */
  readonly timeoutMs: number;
  /** Maximum number of attempts after the first. */
  readonly retries: number;
  /** Called when a call has ended and released its resources. */
  readonly onCallEnd: () => void;
}

/** Options of one call. */
export interface CallOptions {
  /** Resolve with undefined when the entity does not exist or is not visible to the caller. Default: false. */
  readonly mayBeAbsent?: boolean;
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
