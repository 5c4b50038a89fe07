/** The shared sources of all callers of this replica; passes the messages of other replicas to them. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, ConfigError } from '../config/config.ts';
import type { OwnChange } from '../domain/gateway-event.ts';
import type { EventSource, EventSourceListener } from '../events/source/source.ts';
import type { SharedStreamOptions, StreamSharing } from '../events/source/stream-sharing.ts';
import type { Log } from '../observability/log.ts';
import type { Credential } from '../upstream/credential.ts';
import type { CredentialKeys } from './credential-key.ts';
import { Encryption } from './log/encryption.ts';
import { EventLog } from './log/event-log.ts';
import { formatOf, sharedFormat } from './log/format.ts';
import { Mailbox } from './membership/mailbox.ts';
import { Membership } from './membership/membership.ts';
import type { Message } from './membership/message.ts';
import { putSent } from './owner/sent-messages.ts';
import type { RedisConnection } from './redis/connection.ts';
import { KeyNames } from './redis/key-names.ts';
import { maxBehindMs } from './source/roles.ts';
import { SharedSource } from './source/shared-source.ts';

export type SharingSettings = Pick<
  Config,
  | 'redisPrefix'
  | 'redisLeaseMs'
  | 'resumeEvents'
  | 'resumeBytes'
  | 'resumeAgeMs'
  | 'rememberedEventIds'
  | 'manualHoldMs'
>;

export interface SharedStreamsOptions {
  readonly connection: RedisConnection;
  readonly keys: CredentialKeys;
  /** `REDIS_KEYS`. */
  readonly operatorKeys: readonly Buffer[];
  /** Id of this replica. */
  readonly replica: string;
  readonly settings: SharingSettings;
  readonly log: Log;
  /** Maximum time for which a source stands alone because the log lacks events of its own stream. Default: a minute. */
  readonly maxBehindMs?: number | undefined;
}

export interface SharedStreamFigures {
  /** Sources by state. */
  readonly states: Readonly<Record<string, number>>;
  /** Streams that this replica took over, by reason. */
  readonly takeovers: Readonly<Record<string, number>>;
  /** Replicas that are alive. */
  readonly replicas: number;
  /** Events in Redis that could not be decrypted. */
  readonly unreadable: number;
}

/** Maximum time for which reading the inbox blocks. */
const maxBlockMs = 1_000;
/** Maximum wait for the hand-over of all streams. */
const leaveMs = 2_000;

/** @param format Format of the other replicas. */
function otherFormatText(format: string): string {
  return `replicas that share event streams in format ${format} are alive at this Redis, this one has format ${sharedFormat}; stop all of one format before the other starts.`;
}

export class SharedStreams implements StreamSharing {
  readonly #options: SharedStreamsOptions;
  readonly #names: KeyNames;
  readonly #membership: Membership;
  readonly #mailbox: Mailbox;
  /** By keyed hash of the credential. */
  readonly #sources = new Map<string, SharedSource>();
  readonly #leaving = new Map<string, Promise<void>>();
  /** By reason. */
  readonly #takeovers: Record<string, number> = {};
  #unreadable = 0;
  #isStarted = false;
  /** Replicas of another format joined after the start. */
  #isRejected = false;

  constructor(options: SharedStreamsOptions) {
    const { connection, settings, replica } = options;
    this.#options = options;
    this.#names = new KeyNames(settings.redisPrefix);
    this.#membership = new Membership({
      client: connection.client,
      names: this.#names,
      replica,
      leaseMs: settings.redisLeaseMs,
      onUp: (provenBefore) => {
        if (this.#isRejected) options.log.info('replicas of another format are gone: event streams are shared again');
        this.#isRejected = false;
        for (const source of this.#sources.values()) source.redisUp(provenBefore);
      },
      onAway: () => {
        for (const source of this.#sources.values()) source.redisAway();
      },
      onOtherFormat: (format) => {
        if (!this.#isStarted) return;
        this.#isRejected = true;
        options.log.error(`event streams are not shared: ${otherFormatText(format)}`, {
          setting: 'SHARE_EVENT_STREAMS',
        });
      },
    });
    this.#mailbox = new Mailbox({
      connection,
      names: this.#names,
      replica,
      // At rest a proof is a quarter of a lease old: the duration of two reads.
      blockMs: Math.min(maxBlockMs, settings.redisLeaseMs / 8),
      isDead: (other) => this.#membership.isDead(other),
      onAlive: (from, at) => this.#membership.recordAlive(from, at),
      onMessage: (from, message) => this.#received(from, message),
      onLoss: (from) => {
        for (const source of this.#sources.values()) source.lostMessagesOf(from);
      },
    });
  }

  /**
   * Waits for the first heartbeat, and for the entries of stopped replicas of another format to expire.
   * @throws ConfigError when such replicas are alive.
   */
  async start(): Promise<void> {
    const { redisLeaseMs: leaseMs } = this.#options.settings;
    this.#mailbox.start();
    await this.#membership.start();
    const endsAt = performance.now() + 1.25 * leaseMs;
    while (this.#membership.otherFormat !== undefined && performance.now() < endsAt) await pause(leaseMs / 16);
    const { otherFormat } = this.#membership;
    if (otherFormat !== undefined) {
      await this.close();
      throw new ConfigError([`SHARE_EVENT_STREAMS: ${otherFormatText(otherFormat)}`]);
    }
    this.#isStarted = true;
  }

  /** Replicas that are alive. */
  get replicas(): number {
    return this.#membership.size;
  }

  /** Figures for the metrics endpoint. */
  get gauges(): SharedStreamFigures {
    const states = { joining: 0, owner: 0, follower: 0, alone: 0 };
    const { isAway } = this.#membership;
    for (const { state } of this.#sources.values()) {
      // Its lease term continues, in case Redis is back in time.
      if (state === 'owner' && isAway) states.alone += 1;
      else if (state !== 'closed') states[state] += 1;
    }
    return { states, takeovers: this.#takeovers, replicas: this.#membership.size, unreadable: this.#unreadable };
  }

  open(credential: Credential, options: SharedStreamOptions, listener: EventSourceListener): EventSource {
    const { settings, keys, log } = this.#options;
    const name = keys.of(credential);
    const source: SharedSource = new SharedSource(
      {
        name,
        replica: this.#options.replica,
        log: this.#logOf(credential, name),
        membership: this.#membership,
        inboxProvenAt: () => this.#mailbox.provenAt,
        leaseMs: settings.redisLeaseMs,
        maxBehindMs: this.#options.maxBehindMs ?? maxBehindMs,
        holdMs: settings.manualHoldMs,
        bounds: {
          events: settings.resumeEvents,
          bytes: settings.resumeBytes,
          ids: settings.rememberedEventIds,
          ageMs: settings.resumeAgeMs,
        },
        ready: this.#leaving.get(name) ?? Promise.resolve(),
        send: (to, message, onSent) => this.#mailbox.send(to, message, onSent),
        openStream: (own) => options.openStream(own),
        acknowledge: (id) => options.acknowledge(id),
        publishOwn: (event) => options.publishOwn(event),
        discardAcknowledgements: () => options.discardAcknowledgements(),
        onState: (state, reason, durationMs) => {
          if (reason !== undefined) this.#takeovers[reason] = (this.#takeovers[reason] ?? 0) + 1;
          log.debug(`event stream: ${state}${reason === undefined ? '' : ` (${reason})`}`, {
            caller: name,
            durationMs: Math.round(durationMs),
          });
        },
        onLeaving: (left) => this.#leaves(name, source, left),
        onUnreadable: () => {
          this.#unreadable += 1;
          log.warn('an event in Redis could not be decrypted', { caller: credential.key });
        },
      },
      listener,
    );
    this.#sources.set(name, source);
    return source;
  }

  acknowledged(credential: Credential, ids: readonly string[]): void {
    const name = this.#options.keys.of(credential);
    this.#ownerOf(name).then(
      (owner) => {
        if (owner !== undefined) this.#mailbox.send(owner, { k: 'acknowledged', n: name, ids });
      },
      () => undefined, // the upstream has it; the owner learns of it with the next replay
    );
  }

  publishOwn(credential: Credential, event: OwnChange): boolean {
    const name = this.#options.keys.of(credential);
    if (this.#sources.get(name)?.hasStream === true) return false;
    this.#relaySent(credential, name, event).catch(() => {
      this.#options.log.warn('own message not relayed: Redis is away', { caller: name });
    });
    return true;
  }

  async #relaySent(credential: Credential, name: string, event: OwnChange): Promise<void> {
    const owner = await this.#ownerOf(name);
    if (owner === undefined) return;
    const sent = await putSent(this.#logOf(credential, name), event);
    this.#mailbox.send(owner, { k: 'sent', n: name, ...sent });
  }

  async #ownerOf(name: string): Promise<string | undefined> {
    const owner = await this.#options.connection.client.hget(this.#names.of(name).owner, 'r');
    if (owner === null || owner === '') return undefined;
    return formatOf(owner) === formatOf(this.#options.replica) ? owner : undefined;
  }

  #logOf(credential: Credential, name: string): EventLog {
    const { connection, operatorKeys, settings } = this.#options;
    return new EventLog({
      client: connection.client,
      keys: this.#names.of(name),
      encryption: new Encryption(operatorKeys, credential, name),
      replica: this.#options.replica,
      contentMs: settings.resumeAgeMs,
    });
  }

  /** Hands the streams over to replicas that follow them, now or later. */
  drain(): void {
    for (const source of this.#sources.values()) source.drain();
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, leaveMs);
    });
    const leaving = [...this.#sources.values()].map((source) => source.leave());
    await Promise.race([Promise.all([...leaving, ...this.#leaving.values()]), timeout]);
    clearTimeout(timer);
    await this.#mailbox.close(500);
    this.#membership.close();
  }

  #leaves(name: string, source: SharedSource, left: Promise<void>): void {
    if (this.#sources.get(name) === source) this.#sources.delete(name);
    const leaving = left.finally(() => {
      if (this.#leaving.get(name) === leaving) this.#leaving.delete(name);
    });
    this.#leaving.set(name, leaving);
  }

  #received(from: string, message: Message): void {
    const source = this.#sources.get(message.n);
    if (source !== undefined) source.received(from, message);
    else if (message.k === 'hello' || message.k === 'report') {
      this.#mailbox.send(from, { k: 'left', n: message.n, t: message.t });
    } else if (message.k === 'wake') this.#mailbox.send(from, { k: 'bye', n: message.n, t: message.t });
  }
}
