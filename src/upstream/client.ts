/** The client of the upstream's REST API: one per gateway, with one connection pool for calls and one for files. */

import type { Config } from '../config/config.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../observability/log.ts';
import type { Tracing } from '../observability/tracing.ts';
import { FairSemaphore, withoutCredential } from './transport/admission/admission.ts';
import type { BreakerState } from './transport/breaker/circuit-breaker.ts';
import { CircuitBreakers } from './transport/breaker/circuit-breakers.ts';
import { CredentialStanding } from './transport/breaker/credential-standing.ts';
import { CallReporter } from './transport/call-reporter.ts';
import type { CallServices, ClientServices } from './transport/call-services.ts';
import { CallerClient } from './transport/caller-client.ts';
import { ConnectionPool } from './transport/http/connection-pool.ts';
import { createConnector } from './transport/http/connector.ts';
import { readTlsFiles } from './transport/http/tls.ts';
import { RetryBudget } from './transport/retry.ts';
import { TracedClient } from './transport/traced-client.ts';
import type { Caller, CallRecord, Upstream, UpstreamClient, UpstreamLoad } from './upstream.ts';

/** The settings the client uses. `upstreamUrl` is the only origin that receives credentials. */
type UpstreamSettings = { readonly upstreamUrl: string } & Pick<
  Config,
  | 'upstreamTimeoutMs'
  | 'upstreamConnections'
  | 'upstreamConcurrencyPerCaller'
  | 'upstreamQueuePerCaller'
  | 'upstreamQueue'
  | 'upstreamTransfers'
  | 'upstreamStallMs'
  | 'upstreamMaxReplyBytes'
  | 'upstreamRetries'
  | 'upstreamBreakerFailures'
  | 'upstreamBreakerPauseMs'
  | 'upstreamCaFile'
  | 'upstreamCertFile'
  | 'upstreamKeyFile'
  | 'upstreamProxy'
  | 'refusedCredentialMs'
  | 'upstreamConcurrencyUnproven'
>;

export interface UpstreamClientOptions {
  readonly config: UpstreamSettings;
  readonly log: Log;
  /** Called for every request sent, and for every call that failed before a request was sent. Must not throw. */
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  /** Called for every call that waited for its first permit. Must not throw. */
  readonly onWaited?: ((waitedMs: number) => void) | undefined;
  /** Called when the circuit breaker of the whole upstream changes its state. Must not throw. */
  readonly onState?: ((state: BreakerState) => void) | undefined;
  /** Undefined: tracing is off. */
  readonly tracing?: Tracing | undefined;
  /** All callers' credentials were accepted by another server: none of them has the limits of an unaccepted one. */
  readonly areCallersAccepted?: boolean | undefined;
}

/** @throws ConfigError when a TLS file cannot be read. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  return new UpstreamHttpClient(options);
}

/** Credentials that the upstream has not accepted yet share a quarter of the permits and of the places in the queue. */
const unacceptedShares = 4;

/** The resources shared by the calls of all callers. `for` creates a client of one caller on top of them. */
class UpstreamHttpClient implements UpstreamClient, ClientServices {
  readonly services: CallServices;
  readonly standing: CredentialStanding;
  readonly callPool: ConnectionPool;
  readonly callSemaphore: FairSemaphore;
  readonly filePool: ConnectionPool;
  readonly fileSemaphore: FairSemaphore;
  readonly maxReplyBytes: number;
  readonly stallMs: number;
  readonly #tracing: Tracing | undefined;
  #active = 0;
  #closed: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;
  /** Set while closing: ends the wait for calls in flight. */
  #forceClose: (() => void) | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: UpstreamClientOptions) {
    const { config, log, onCall, onWaited, onState, tracing, areCallersAccepted = false } = options;
    this.#tracing = tracing;
    const { upstreamUrl: origin, upstreamTimeoutMs: timeoutMs, upstreamTransfers: transfers } = config;
    const { upstreamQueue: queue, upstreamQueuePerCaller: queuePerCaller } = config;
    this.standing = new CredentialStanding(config.refusedCredentialMs);
    this.services = {
      standing: this.standing,
      breakers: new CircuitBreakers({
        failures: config.upstreamBreakerFailures,
        pauseMs: config.upstreamBreakerPauseMs,
        trialMs: config.upstreamTimeoutMs,
        onOperationState(operationId, state, pauseMs) {
          if (state === 'open') log.warn('operation circuit open', { operationId, delayMs: Math.round(pauseMs) });
          else if (state === 'closed') log.info('operation circuit closed', { operationId });
        },
        onState(state, pauseMs) {
          if (state === 'open') log.warn('upstream circuit open', { delayMs: Math.round(pauseMs) });
          else log.info(state === 'closed' ? 'upstream circuit closed' : 'upstream circuit half-open');
          onState?.(state);
        },
      }),
      retryBudget: new RetryBudget(),
      timeoutMs,
      retries: config.upstreamRetries,
      reporter: new CallReporter(log, onCall, onWaited),
      onCallEnd: () => this.#callEnded(),
    };
    this.maxReplyBytes = config.upstreamMaxReplyBytes;
    this.stallMs = config.upstreamStallMs;
    const connector = createConnector({ tls: readTlsFiles(config), timeoutMs, proxy: config.upstreamProxy });
    this.callPool = new ConnectionPool(origin, connector, config.upstreamConnections);
    this.filePool = new ConnectionPool(origin, connector, transfers);
    // Calls without a credential are sign-ins: no credential can be accepted before them.
    const isAccepted = (principalKey: string) =>
      areCallersAccepted || principalKey === withoutCredential || this.standing.isAccepted({ principalKey });
    const unaccepted = (permits: number, permitsPerCaller: number) => ({
      permits: Math.ceil(permits / unacceptedShares),
      permitsPerCaller: Math.min(config.upstreamConcurrencyUnproven, permitsPerCaller),
      queue: Math.ceil(queue / unacceptedShares),
      isAccepted,
    });
    const filesPerCaller = Math.max(1, Math.floor(transfers / 4));
    this.callSemaphore = new FairSemaphore({
      permits: config.upstreamConnections,
      permitsPerCaller: config.upstreamConcurrencyPerCaller,
      unaccepted: unaccepted(config.upstreamConnections, config.upstreamConcurrencyPerCaller),
      queue,
      queuePerCaller,
    });
    this.fileSemaphore = new FairSemaphore({
      permits: transfers,
      permitsPerCaller: filesPerCaller,
      unaccepted: unaccepted(transfers, filesPerCaller),
      queue,
      queuePerCaller,
    });
  }

  for(caller: Caller): Upstream {
    return this.#tracing === undefined ? new CallerClient(this, caller) : new TracedClient(this, caller, this.#tracing);
  }

  get isAvailable(): boolean {
    return this.services.breakers.upstreamRemainingMs(performance.now()) === 0;
  }

  get isCircuitOpen(): boolean {
    return this.services.breakers.isUpstreamOpen;
  }

  get load(): UpstreamLoad {
    const { callSemaphore, fileSemaphore } = this;
    return {
      running: callSemaphore.running + fileSemaphore.running,
      waiting: callSemaphore.waiting + fileSemaphore.waiting,
    };
  }

  /** @throws GatewayError `SHUTTING_DOWN` after `close`. */
  callStarted(): void {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    this.#active++;
  }

  #callEnded(): void {
    this.#active--;
    if (this.#active === 0) this.#onIdle?.();
  }

  close(timeoutMs = this.services.timeoutMs): Promise<void> {
    this.#closed ??= this.#close();
    if (timeoutMs === 0) this.#forceClose?.();
    else if (this.#forceClose !== undefined) this.#timers.add(setTimeout(this.#forceClose, timeoutMs));
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#active > 0) {
      await new Promise<void>((resolve) => {
        this.#forceClose = resolve;
        this.#onIdle = resolve;
      });
    }
    this.#forceClose = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    const reason = new GatewayError('SHUTTING_DOWN');
    await Promise.all([this.callPool.destroy(reason), this.filePool.destroy(reason)]);
  }
}
