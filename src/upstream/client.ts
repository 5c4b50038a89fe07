/** The client of the upstream's REST API: one per gateway, with one connection pool for calls and one for files. */
import type { Readable } from 'node:stream';
import { buildConnector } from 'undici';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Tracing } from '../tracing.ts';
import type { Departure } from './cancellation.ts';
import type { Told } from './completion.ts';
import type { Credential } from './credential.ts';
import type { Lookup, UpstreamReply, UpstreamRequest } from './request.ts';
import { Lanes } from './transport/admission.ts';
import type { Shared } from './transport/call.ts';
import { CallerUpstream } from './transport/caller-client.ts';
import type { BreakerState } from './transport/circuit-breaker.ts';
import { Breakers } from './transport/circuit-breakers.ts';
import { Connections } from './transport/connection-pool.ts';
import { CredentialStanding } from './transport/credential-standing.ts';
import { Deadlines } from './transport/deadline-timer.ts';
import { upstreamStatus } from './transport/failure.ts';
import { RetryBudget } from './transport/retry.ts';
import { readTlsFiles } from './transport/tls.ts';
import { TracedUpstream } from './transport/traced-client.ts';
import type { WriteLog } from './transport/write-log.ts';

/** Who asks, on behalf of which operation. */
export interface Caller {
  /** Undefined only for signing in, and where what was sent is none. */
  readonly credential: Credential | undefined;
  /** Why what was sent is no credential; undefined when it is one, or nothing was sent. */
  readonly credentialError?: GatewayError | undefined;
  /** Sent upstream as X-Request-ID. */
  readonly requestId: string;
  /** Where its connection comes from; undefined for what the gateway does by itself. */
  readonly address?: string | undefined;
  /** When the client leaves, its calls end with the reason it left with, and their sockets are freed within 100 ms. */
  readonly departure?: Departure | undefined;
  /** `performance.now()` at which the whole operation ends. */
  readonly deadlineAt?: number | undefined;
  /** Of a mutation: what it may have changed. */
  readonly writes?: WriteLog | undefined;
  /** W3C trace context to continue upstream. */
  readonly traceparent?: string | undefined;
  /** Counts the requests sent for it. */
  readonly usage?: { upstreamCalls: number } | undefined;
}

/** An answer whose body is streamed. */
export interface OpenReply {
  readonly status: number;
  /** @param name Lower case. */
  header(name: string): string | undefined;
  /** Destroying it frees the connection. It fails when no byte moves for `upstreamStallMs`. */
  readonly body: Readable;
}

/** Calls made for one caller. */
export interface Upstream {
  readonly caller: Caller;
  /**
   * One call, retries included.
   * @throws GatewayError with a code of the upstream table; the reason the client left with.
   */
  call(request: UpstreamRequest): Promise<UpstreamReply>;
  /** The same, as what `decode` makes of the reply; what it throws is the call's failure, logged and counted as such. */
  read<Value>(request: UpstreamRequest, decode: (answer: UpstreamReply) => Value): Promise<Value>;
  /** The same for a lookup: undefined where the upstream has nothing, or nothing for this caller to see. */
  find<Value>(lookup: Lookup<Value>): Promise<Value | undefined>;
  /** The same, told instead of promised; it may be told before this returns. */
  seek<Value>(lookup: Lookup<Value>, told: Told<Value | undefined>): void;
  /** One call whose answer is streamed; never retried. */
  open(request: UpstreamRequest): Promise<OpenReply>;
}

export interface UpstreamClient {
  /** Cheap: made anew for every operation. */
  for(caller: Caller): Upstream;
  /** False while the circuit breaker refuses the calls of all callers; true again as soon as it would let one try. */
  readonly isAvailable: boolean;
  /** True from when the circuit breaker of the whole upstream opens until a trial has succeeded. */
  readonly isCircuitOpen: boolean;
  readonly load: UpstreamLoad;
  /** What the upstream thinks of credentials. */
  readonly standing: CredentialStanding;
  /**
   * Refuses new calls, lets those in flight end, then closes the sockets: what is still in flight after `timeoutMs`, by
   * default the deadline of a call, fails with `SHUTTING_DOWN`. A second call may only shorten the wait.
   */
  close(timeoutMs?: number): Promise<void>;
}

/** One request that was sent, or one call that was refused before anything was sent (`attempt` 0). */
export interface CallRecord {
  readonly operationId: string;
  /** `OK`, an error code of the table, or `ABORTED` when the client left. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
  /** Keys a bulk call asked for. */
  readonly batchSize?: number | undefined;
}

/** What is going on at the moment. */
export interface UpstreamLoad {
  /** Calls that hold a place. */
  readonly running: number;
  /** Calls that wait for one. */
  readonly waiting: number;
}

/** The settings the client goes by; `upstreamUrl` is the only origin a credential is ever sent to. */
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
  | 'refusedCredentialMs'
  | 'upstreamConcurrencyUnproven'
>;

export interface UpstreamClientOptions {
  readonly config: UpstreamSettings;
  readonly log: Log;
  /** Told of every request sent, and of every call refused before. Must not throw. */
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  /** Told when the circuit breaker changes its state. Must not throw. */
  readonly onState?: ((state: BreakerState) => void) | undefined;
  /** Undefined: traces are off. */
  readonly tracing?: Tracing | undefined;
}

/**
 * The upstream does not know this bulk endpoint (404, 405, 501): read one by one instead. A proxy's page with such a status
 * says nothing of the kind.
 */
export function isBulkUnsupported(error: unknown): boolean {
  if (error instanceof GatewayError && error.code === 'UPSTREAM_UNAVAILABLE') return false;
  const status = upstreamStatus(error);
  return status === 404 || status === 405 || status === 501;
}

/** @throws ConfigError when a TLS file cannot be read. */
export function createUpstreamClient(options: UpstreamClientOptions): UpstreamClient {
  return new Client(options);
}

/** What the calls of all callers share; `CallerUpstream` is made of it. */
export class Client implements UpstreamClient {
  readonly shared: Shared;
  readonly standing: CredentialStanding;
  readonly calls: Connections;
  readonly callLanes: Lanes;
  readonly files: Connections;
  readonly fileLanes: Lanes;
  readonly maxReplyBytes: number;
  readonly stallMs: number;
  readonly #tracing: Tracing | undefined;
  #active = 0;
  #closed: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;
  /** Ends the wait for calls in flight when closing. */
  #hurry: (() => void) | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor({ config, log, onCall, onState, tracing }: UpstreamClientOptions) {
    this.#tracing = tracing;
    const { upstreamUrl: origin, upstreamTimeoutMs: timeoutMs, upstreamTransfers: transfers } = config;
    const { upstreamQueue: queue, upstreamQueuePerCaller: queuePerCaller } = config;
    this.standing = new CredentialStanding(config.refusedCredentialMs);
    this.shared = {
      standing: this.standing,
      breaker: new Breakers({
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
      deadlines: new Deadlines(),
      timeoutMs,
      retries: config.upstreamRetries,
      log,
      onCall,
      onEnd: () => this.#ended(),
    };
    this.maxReplyBytes = config.upstreamMaxReplyBytes;
    this.stallMs = config.upstreamStallMs;
    const connector = buildConnector({ ...readTlsFiles(config), timeout: timeoutMs });
    this.calls = new Connections(origin, connector, config.upstreamConnections);
    this.files = new Connections(origin, connector, transfers);
    // Without a credential there is only signing in, and nothing to prove.
    const isProven = (holder: string) => holder === '' || this.standing.isProven({ holder });
    const unprovenUpTo = (most: number) => ({ places: Math.min(config.upstreamConcurrencyUnproven, most), isProven });
    const filesPerCaller = Math.max(1, Math.floor(transfers / 4));
    this.callLanes = new Lanes({
      places: config.upstreamConnections,
      placesPerCaller: config.upstreamConcurrencyPerCaller,
      unproven: unprovenUpTo(config.upstreamConcurrencyPerCaller),
      queue,
      queuePerCaller,
    });
    this.fileLanes = new Lanes({
      places: transfers,
      placesPerCaller: filesPerCaller,
      unproven: unprovenUpTo(filesPerCaller),
      queue,
      queuePerCaller,
    });
  }

  for(caller: Caller): Upstream {
    return this.#tracing === undefined
      ? new CallerUpstream(this, caller)
      : new TracedUpstream(this, caller, this.#tracing);
  }

  get isAvailable(): boolean {
    return this.shared.breaker.upstreamRemainingMs(performance.now()) === 0;
  }

  get isCircuitOpen(): boolean {
    return this.shared.breaker.isUpstreamOpen;
  }

  get load(): UpstreamLoad {
    const { callLanes, fileLanes } = this;
    return { running: callLanes.running + fileLanes.running, waiting: callLanes.waiting + fileLanes.waiting };
  }

  /** @throws GatewayError `SHUTTING_DOWN` after `close`. */
  began(): void {
    if (this.#closed !== undefined) throw new GatewayError('SHUTTING_DOWN');
    this.#active++;
  }

  #ended(): void {
    this.#active--;
    if (this.#active === 0) this.#whenIdle?.();
  }

  close(timeoutMs = this.shared.timeoutMs): Promise<void> {
    this.#closed ??= this.#close();
    if (timeoutMs === 0) this.#hurry?.();
    else if (this.#hurry !== undefined) this.#timers.add(setTimeout(this.#hurry, timeoutMs));
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#active > 0) {
      await new Promise<void>((resolve) => {
        this.#hurry = resolve;
        this.#whenIdle = resolve;
      });
    }
    this.#hurry = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
    const reason = new GatewayError('SHUTTING_DOWN');
    await Promise.all([this.calls.destroy(reason), this.files.destroy(reason)]);
  }
}
