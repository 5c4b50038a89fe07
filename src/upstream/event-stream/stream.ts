/**
 * Supervised event stream of one credential: connected or reconnecting, until it is closed or the upstream rejects the
 * credential.
 *
 * Guarantees to the listener: events of one connection keep the order of the upstream. After a loss the upstream replays
 * every unacknowledged event under the same id (EVENTS §5), so stored events are never missed but may repeat; the listener
 * must deduplicate them. Events that are not stored (typing, presence) are lost with the connection.
 */
import { randomUUID } from 'node:crypto';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import { GatewayError } from '../../errors.ts';
import { describeUnexpected } from '../../observability/log.ts';
import { type ApiVersion, isVersionStatus } from '../api-version.ts';
import { type Credential, rejectionMessage } from '../credential.ts';
import { type ConnectionLoss, EventConnection } from './connection.ts';
import { ConnectionHistory } from './connection-history.ts';
import { decodeFrame, type ReceivedEvent, type StreamControl, skippedEvent } from './decode-frame.ts';
import type { SkippedFrame } from './frame-limit.ts';
import { type EventStreamSettings, streamRequest } from './stream-request.ts';
import { StreamStatus } from './stream-status.ts';

/** Stored notices (bang) may follow the end of the replay; the official client waits this long for them (EVENTS §4). */
const replayGraceMs = 5_000;
/** Length in characters counted for the event that replaces a skipped frame. */
const gapLength = 256;

export interface EventStreamListener {
  /**
   * @param length Length of the frame in characters: a measure of the memory the event uses.
   * @param text The frame's JSON; undefined when it was over the length limit and skipped.
   */
  onEvent(received: ReceivedEvent, length: number, text: string | undefined): void;
  /** A frame could not be decoded, not even as UNKNOWN. */
  onMalformed(): void;
  /** A frame over the length limit was skipped; `onEvent` receives a SUBSCRIPTION_GAP in its place. */
  onOversized(): void;
  onStatus(status: ConnectionStatus): void;
  /** The upstream has sent everything stored when the connection opened, including the notices after the advisory. */
  onReplayed(): void;
  /** The upstream rejected the credential. Called once, as the last call. */
  onCredentialRejected(error: GatewayError): void;
}

export class EventStream {
  readonly #settings: EventStreamSettings;
  readonly #credential: Credential;
  readonly #listener: EventStreamListener;
  #connection: EventConnection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isClosed = false;
  readonly #history = new ConnectionHistory();
  /** Time of the end of this connection's replay; infinite before that and after `onReplayed`. */
  #replayedAt = Number.POSITIVE_INFINITY;
  readonly #status: StreamStatus;
  #version: ApiVersion = 'v2';

  constructor(settings: EventStreamSettings, credential: Credential, listener: EventStreamListener) {
    this.#settings = settings;
    this.#credential = credential;
    this.#listener = listener;
    this.#status = new StreamStatus((status) => listener.onStatus(status));
    this.#connect();
  }

  /** Version of the stream that is open or opening; while it is lost, of the next one. */
  get version(): ApiVersion {
    return this.#connection === undefined && !this.#isClosed ? this.#nextVersion : this.#version;
  }

  get #nextVersion(): ApiVersion {
    return this.#settings.versions?.streamOf(this.#credential) ?? 'v2';
  }

  get status(): ConnectionStatus {
    return this.#status.current;
  }

  /** Stops reading, so that backpressure reaches the upstream; no event is lost. */
  pause(): void {
    this.#isPaused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#connection?.resume();
  }

  /** Replaces the connection at once; the upstream then replays all unacknowledged events. */
  reopen(): void {
    if (this.#connection === undefined) return; // the pending reconnect has the same effect
    const connection = this.#connection;
    this.#connection = undefined;
    this.#history.stopped();
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
    this.#history.attempts += 1;
    this.#replayedAt = Number.POSITIVE_INFINITY;
    this.#status.connecting(this.#history.hasWorked, this.#history.attempts);
    this.#version = this.#nextVersion;
    const connection = new EventConnection(streamRequest(this.#settings, this.#credential, this.#version, requestId), {
      onFrame: (data) => this.#handleFrame(data),
      onSkipped: (frame) => this.#handleSkipped(frame),
      onLoss: (loss) => {
        if (this.#connection === connection) this.#handleLoss(loss, requestId);
      },
    });
    this.#connection = connection;
    if (this.#isPaused) connection.pause();
    connection.open();
  }

  /** Must not throw: that would end the connection, and the replay would repeat the same frame. */
  #handleFrame(data: string): void {
    try {
      if (!this.#history.isWorking) this.#markWorking();
      const frame = decodeFrame(data);
      if (frame === undefined) this.#listener.onMalformed();
      else if (frame.kind === 'control') this.#handleControl(frame.control);
      else {
        if (this.#status.current.state !== 'REPLAYING') this.#status.enter('LIVE');
        this.#listener.onEvent(frame.received, data.length, data);
      }
    } catch (error) {
      this.#logDropped(error);
    }
  }

  #handleSkipped({ id }: SkippedFrame): void {
    try {
      if (!this.#history.isWorking) this.#markWorking();
      this.#settings.log.warn('event over the length limit skipped', { caller: this.#credential.key });
      this.#listener.onOversized();
      this.#listener.onEvent(skippedEvent(id), gapLength, undefined);
    } catch (error) {
      this.#logDropped(error);
    }
  }

  #logDropped(error: unknown): void {
    this.#settings.log.error('event dropped: internal error', {
      caller: this.#credential.key,
      code: 'INTERNAL',
      ...describeUnexpected(error),
    });
  }

  #markWorking(): void {
    if (!this.#history.hasWorked) this.#settings.standing?.accepted(this.#credential);
    this.#history.working();
  }

  #handleControl(control: StreamControl): void {
    switch (control.kind) {
      case 'replay-started':
        this.#status.replaying(control.count);
        return;
      case 'replay-ended':
        this.#status.enter('LIVE');
        this.#replayedAt = performance.now();
        return;
      case 'heartbeat':
        // Without advisories the first heartbeat shows that the stream is live.
        if (this.#status.current.state !== 'REPLAYING') this.#status.enter('LIVE');
        if (control.everySeconds !== undefined) this.#connection?.setHeartbeatInterval(control.everySeconds);
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

  #handleLoss(loss: ConnectionLoss, requestId: string): void {
    this.#connection = undefined;
    if (this.#isClosed) return;
    // The credential may be valid on v2, whose replay has every unacknowledged event.
    if (this.#version === 'v5' && loss.reason === 'rejected' && isVersionStatus(loss.status)) {
      this.#settings.versions?.streamRefused(this.#credential);
      this.#connect();
      return;
    }
    if (loss.isCredentialRejected === true) {
      this.#isClosed = true;
      if (loss.status === 401) this.#settings.standing?.rejected(this.#credential, `/${this.#version}/events`);
      const error =
        loss.status === 401
          ? new GatewayError('UNAUTHENTICATED', { message: rejectionMessage(this.#credential) })
          : new GatewayError('FORBIDDEN');
      this.#status.closed();
      this.#listener.onCredentialRejected(error);
      return;
    }
    const delayMs = this.#history.lost(this.#settings.streamCount(), loss.retryAfterMs);
    const { attempts, hasWorked } = this.#history;
    // `info` for the first loss of an outage only; `debug` for further failed attempts.
    const level = attempts <= 1 ? 'info' : 'debug';
    this.#settings.log[level](`event stream lost: ${loss.reason}`, {
      caller: this.#credential.key,
      requestId,
      operationId: 'createEvents',
      attempt: attempts,
      delayMs,
      ...(loss.status === undefined ? {} : { status: loss.status }),
      ...(loss.errorCode === undefined ? {} : { errorCode: loss.errorCode }),
    });
    this.#status.connecting(hasWorked, attempts + 1);
    this.#retry = setTimeout(() => this.#connect(), delayMs);
  }
}
