/**
 * A supervised event stream of one credential: it is always there, or being made again, until it is closed or the upstream
 * refuses the credential.
 *
 * What is promised to the listener: events in the order the upstream sent them on one connection. After a loss the upstream
 * sends every unacknowledged event again, under the same id (EVENTS §5), so nothing stored is missed and repeats are
 * possible; telling them apart is the listener's work. Events that are not stored (typing, presence) are gone with the
 * connection.
 */
import { randomUUID } from 'node:crypto';
import type { buildConnector } from 'undici';
import { GatewayError } from '../../errors.ts';
import type { ConnectionStatus } from '../../gateway-event.ts';
import { describeUnexpected, type Log } from '../../log.ts';
import type { Credential } from '../credential.ts';
import type { CredentialStanding } from '../transport/credential-standing.ts';
import { type ConnectionLoss, EventConnection } from './connection.ts';
import { decodeFrame, type ReceivedEvent, type StreamControl, skippedEvent } from './decode-frame.ts';
import type { SkippedFrame } from './frame-limit.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

/** What this gateway asks of a stream (EVENTS §2). */
const features = 'can-confirm,heartbeat_5,dl_sender_event,is-typing,msg_delivery_delay:0,multi-org,render_metadata';

/** A stream that worked this long before it was lost comes back quickly. */
const stableAfterMs = 5_000;
/** Stored notices (bang) may follow the end of the replay; the official client waits as long for them (EVENTS §4). */
const replayGraceMs = 5_000;
/** Heartbeats slower than asked for are believed up to this pace. */
const maxHeartbeatSeconds = 60;
/** Characters that stand for a skipped frame in the bounds of queues. */
const gapLength = 256;

export interface EventStreamListener {
  /** @param length Of the frame, in characters: a measure of the memory the event takes. */
  onEvent(received: ReceivedEvent, length: number): void;
  /** A frame that could not be read at all. */
  onMalformed(): void;
  /** A frame over the bound was skipped; `onEvent` is told of what stands for it. */
  onOversized(): void;
  onStatus(status: ConnectionStatus): void;
  /** The upstream has sent all it had stored when the connection was opened, the notices after the advisory included. */
  onReplayed(): void;
  /** Called once, and last: the upstream refuses the credential. */
  onCredentialRejected(error: GatewayError): void;
}

/** What all streams of one gateway have in common. */
export interface EventStreamSettings {
  /** The upstream, without path. */
  readonly origin: string;
  /** One for all streams, so that they share TLS sessions. */
  readonly connector: buildConnector.connector;
  readonly openTimeoutMs: number;
  /** Longest silence before a connection counts as dead; more when the upstream announces slower heartbeats. */
  readonly idleTimeoutMs: number;
  /** In characters. */
  readonly maxFrameLength: number;
  /** Number of streams this process holds; widens the window in which they come back. */
  readonly streamCount: () => number;
  /** Told whether the upstream takes the credential. */
  readonly standing?: CredentialStanding | undefined;
  readonly log: Log;
}

export class EventStream {
  readonly #settings: EventStreamSettings;
  readonly #credential: Credential;
  readonly #listener: EventStreamListener;
  #connection: EventConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isClosed = false;
  /** Attempts since the stream last worked, however shortly. */
  #attempts = 0;
  /** Losses since it last worked well. */
  #losses = 0;
  #hasWorked = false;
  #workingSince: number | undefined;
  #lostAt = performance.now();
  /** When this connection's replay ended; infinite before, and once it has been told. */
  #replayedAt = Number.POSITIVE_INFINITY;
  #status: ConnectionStatus = status('CONNECTING', 0);

  constructor(settings: EventStreamSettings, credential: Credential, listener: EventStreamListener) {
    this.#settings = settings;
    this.#credential = credential;
    this.#listener = listener;
    this.#connect();
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Stops reading, so that the upstream's own buffers fill; nothing is lost. */
  pause(): void {
    this.#isPaused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#connection?.resume();
  }

  /** Gives the connection up and makes it again at once: the upstream then sends what is unacknowledged once more. */
  reopen(): void {
    if (this.#connection === undefined) return; // waiting for the next attempt, which does the same
    const connection = this.#connection;
    this.#connection = undefined;
    this.#stopped();
    connection.end('replaced');
    this.#connect();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#connection?.end('replaced');
    this.#connection = undefined;
  }

  #connect(): void {
    const requestId = randomUUID();
    this.#attempts += 1;
    this.#replayedAt = Number.POSITIVE_INFINITY;
    this.#setStatus(status(this.#hasWorked ? 'RECONNECTING' : 'CONNECTING', this.#attempts));
    const { origin, connector, openTimeoutMs, idleTimeoutMs, maxFrameLength } = this.#settings;
    const { authorization, deviceId } = this.#credential;
    const connection = new EventConnection(
      {
        origin,
        connector,
        openTimeoutMs,
        idleTimeoutMs,
        maxFrameLength,
        headers: {
          'user-agent': 'tigerconnect-graphql',
          authorization,
          ...(deviceId === undefined ? {} : { 'x-device-id': deviceId }),
          'tt-x-features': features,
          'x-request-id': requestId,
        },
      },
      {
        onFrame: (data) => this.#read(data),
        onSkipped: (frame) => this.#skip(frame),
        onLoss: (loss) => {
          if (this.#connection === connection) this.#lost(loss, requestId);
        },
      },
    );
    this.#connection = connection;
    if (this.#isPaused) connection.pause();
    connection.open();
  }

  /** Nothing may escape: a throw would end the connection, and the same frame would come again. */
  #read(data: string): void {
    try {
      if (this.#workingSince === undefined) this.#started();
      const frame = decodeFrame(data);
      if (frame === undefined) this.#listener.onMalformed();
      else if (frame.kind === 'control') this.#handleControl(frame.control);
      else {
        if (this.#status.state !== 'REPLAYING') this.#setState('LIVE');
        this.#listener.onEvent(frame.received, data.length);
      }
    } catch (error) {
      this.#settings.log.error('event dropped by a fault', {
        caller: this.#credential.key,
        code: 'INTERNAL',
        ...describeUnexpected(error),
      });
    }
  }

  #skip({ id }: SkippedFrame): void {
    try {
      if (this.#workingSince === undefined) this.#started();
      this.#settings.log.warn('event over the length limit skipped', { caller: this.#credential.key });
      this.#listener.onOversized();
      this.#listener.onEvent(skippedEvent(id), gapLength);
    } catch (error) {
      this.#settings.log.error('event dropped by a fault', {
        caller: this.#credential.key,
        code: 'INTERNAL',
        ...describeUnexpected(error),
      });
    }
  }

  #started(): void {
    this.#workingSince = performance.now();
    if (!this.#hasWorked) this.#settings.standing?.succeeded(this.#credential);
    this.#hasWorked = true;
    this.#attempts = 0;
  }

  #handleControl(control: StreamControl): void {
    switch (control.kind) {
      case 'replay-started':
        this.#setStatus({ ...status('REPLAYING', 0), replayCount: control.count });
        return;
      case 'replay-ended':
        this.#setState('LIVE');
        this.#replayedAt = performance.now();
        return;
      case 'heartbeat':
        // A service that leaves the advisories out is live by its first sign of life.
        if (this.#status.state !== 'REPLAYING') this.#setState('LIVE');
        if (control.everySeconds !== undefined) this.#applyHeartbeatInterval(control.everySeconds);
        if (performance.now() - this.#replayedAt >= replayGraceMs) {
          this.#replayedAt = Number.POSITIVE_INFINITY;
          this.#listener.onReplayed();
        }
        return;
      case 'reconnect':
        this.#connection?.end('closed');
        return;
    }
  }

  /** Two missed heartbeats and some grace, as the official client allows 12 s at a pace of 5 (EVENTS §4). */
  #applyHeartbeatInterval(everySeconds: number): void {
    const intervalMs = Math.min(Math.max(everySeconds, 0), maxHeartbeatSeconds) * 1000;
    this.#connection?.setIdleTimeout(Math.max(this.#settings.idleTimeoutMs, 2 * intervalMs + 2_000));
  }

  #stopped(): void {
    const now = performance.now();
    if (this.#workingSince === undefined) return;
    if (now - this.#workingSince >= stableAfterMs) this.#losses = 0;
    this.#workingSince = undefined;
    this.#lostAt = now;
  }

  #lost(loss: ConnectionLoss, requestId: string): void {
    this.#connection = undefined;
    if (this.#isClosed) return;
    if (loss.isRefusal === true) {
      this.#isClosed = true;
      if (loss.status === 401) this.#settings.standing?.refused(this.#credential);
      const error = new GatewayError(loss.status === 401 ? 'UNAUTHENTICATED' : 'FORBIDDEN');
      this.#setStatus(status('CLOSED', 0));
      this.#listener.onCredentialRejected(error);
      return;
    }
    this.#stopped();
    this.#losses += 1;
    const delayMs = reconnectDelayMs({
      attempt: this.#losses,
      outageMs: performance.now() - this.#lostAt,
      streams: this.#settings.streamCount(),
      retryAfterMs: loss.retryAfterMs,
      random: Math.random(),
    });
    // The first loss is news; what follows until the upstream is back is not.
    const level = this.#attempts <= 1 ? 'info' : 'debug';
    this.#settings.log[level](`event stream lost: ${loss.reason}`, {
      caller: this.#credential.key,
      requestId,
      operationId: 'createEvents',
      attempt: this.#attempts,
      delayMs,
      ...(loss.status === undefined ? {} : { status: loss.status }),
    });
    this.#setStatus(status(this.#hasWorked ? 'RECONNECTING' : 'CONNECTING', this.#attempts + 1));
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }

  #setState(state: ConnectionStatus['state']): void {
    if (this.#status.state !== state) this.#setStatus(status(state, 0));
  }

  #setStatus(next: ConnectionStatus): void {
    const { state, attempt } = this.#status;
    if (state === next.state && attempt === next.attempt) return;
    // An attempt that goes on in the same state did not start it anew.
    this.#status = state === next.state && state !== 'REPLAYING' ? { ...next, since: this.#status.since } : next;
    this.#listener.onStatus(this.#status);
  }
}

function status(state: ConnectionStatus['state'], attempt: number): ConnectionStatus {
  return { state, attempt, since: new Date().toISOString(), replayCount: undefined };
}
