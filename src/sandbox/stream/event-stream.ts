/** One open event stream: replay, live events, heartbeats, closing. wire/event.ts builds the payloads. */

import type { ServerResponse } from 'node:http';
import { limits } from '../bounds.ts';
import { announcePresence, isPresent } from '../state/audience.ts';
import { markMessage } from '../state/delivery.ts';
import { isExpired } from '../state/message.ts';
import { acknowledge, ephemeralEventId } from '../state/outbox.ts';
import type { World } from '../state/world.ts';
import type { Account, EventStream, SandboxEvent, Session } from '../state/world-types.ts';
import { condensedReplay } from './condensed-replay.ts';
import { type Frame, frameOf } from './event-frame.ts';

export interface StreamOptions {
  /** The stream is closed after this time (EVENTS.md §8.4). */
  readonly lifetimeMs: number;
  /** Replaces the interval requested with `heartbeat_<n>`. */
  readonly heartbeatMs: number | undefined;
  /** A fault: every event is written twice. */
  readonly repeatsEvents?: boolean;
}

/** Options of the stream from its request. */
interface StreamForm {
  /** The form of payloads and of the replay. */
  readonly version: 'v2' | 'v5';
}

const streamHeaders = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
const maxHeartbeatMs = 5_000;
const bang = 'tigertext:iq:bang';

/**
 * Opens the stream on a response: `replay_start`, the unacknowledged events (oldest first), `replay_stop`, stored
 * notices (bang), then live events. `replay_message_count` is the number of events between the two advisories.
 *
 * Features without an effect here: `msg_delivery_delay` (its unit is unknown, and every client sends 0),
 * `single_conversation` and `vwr` (outside the contract). Unknown names are ignored, as the contract requires.
 */
export function openEventStream(
  world: World,
  account: Account,
  session: Session,
  features: ReadonlySet<string>,
  response: ServerResponse,
  options: StreamOptions & StreamForm,
): EventStream {
  const stream = new OpenEventStream(world, account, session, features, response, options);
  stream.begin();
  return stream;
}

class OpenEventStream implements EventStream {
  readonly features: ReadonlySet<string>;
  readonly #world: World;
  readonly #account: Account;
  readonly #session: Session;
  readonly #response: ServerResponse;
  readonly #options: StreamOptions & StreamForm;
  readonly #timers: NodeJS.Timeout[] = [];
  #isStalled = false;
  #isClosed = false;
  #last: Frame | undefined;

  constructor(
    world: World,
    account: Account,
    session: Session,
    features: ReadonlySet<string>,
    response: ServerResponse,
    options: StreamOptions & StreamForm,
  ) {
    this.#world = world;
    this.#account = account;
    this.#session = session;
    this.features = features;
    this.#response = response;
    this.#options = options;
  }

  begin(): void {
    const response = this.#response;
    response.writeHead(200, streamHeaders);
    response.socket?.setNoDelay(true);
    response.on('close', () => this.#end());
    response.on('error', () => this.#end());
    const { queue, pending } = this.#session;
    const before = new Set([...queue, ...pending.others]);
    this.#replay();
    if (this.features.has('close-after-messages')) this.close();
    else this.#goLive(before);
  }

  offer(event: SandboxEvent): void {
    for (const frame of this.#framesOf([event])) this.#send(frame);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#response.end();
    this.#end();
  }

  stall(): void {
    this.#isStalled = true;
  }

  repeatLast(): void {
    if (this.#last !== undefined) this.#writeFrame(this.#last.id, this.#last.type, this.#last.payload);
  }

  destroy(): void {
    this.#response.destroy();
  }

  writeRaw(text: string): void {
    if (this.#isClosed || this.#isStalled) return;
    this.#response.write(text);
    if (this.#response.writableLength > limits.streamBacklogBytes) this.#response.destroy();
  }

  #replay(): void {
    const isReplaying = !this.features.has('no-offline-messages');
    const stored = isReplaying
      ? this.#session.queue.filter((event) => this.#isWanted(event) && this.#isAlive(event))
      : [];
    const isV5 = this.#options.version === 'v5';
    const replayed = isV5 ? this.#condensed(isReplaying) : this.#framesOf(stored.filter(({ type }) => type !== bang));
    this.#writeEphemeral('client_advisory', {
      advisory: { name: 'replay_start', replay_message_count: replayed.length },
    });
    for (const frame of replayed) this.#send(frame);
    this.#writeEphemeral('client_advisory', { advisory: { name: 'replay_stop' } });
    if (isV5) return;
    for (const frame of this.#framesOf(stored.filter(({ type }) => type === bang))) this.#send(frame);
  }

  #condensed(isReplaying: boolean): readonly Frame[] {
    if (!isReplaying) return [];
    return condensedReplay(this.#world, this.#account, this.#session, this.features, (event) => this.#isWanted(event));
  }

  /** @param before Events that were queued when the replay began. */
  #goLive(before: ReadonlySet<SandboxEvent>): void {
    const session = this.#session;
    const [oldest] = session.streams;
    if (oldest !== undefined && session.streams.size >= limits.streamsPerSession) oldest.close();
    const wasPresent = isPresent(this.#world, this.#account);
    session.streams.add(this);
    if (this.#isShown && (!wasPresent || session.presence === 'away')) {
      announcePresence(this.#world, this.#account, session.presence);
    }
    // Replaying can queue events before this stream is registered: auto-deliver sends statuses, also to the caller.
    const queue = this.#options.version === 'v5' ? session.pending.others : session.queue;
    for (const event of queue) if (!before.has(event)) this.offer(event);
    const { heartbeatMs, lifetimeMs } = this.#options;
    this.#timers.push(
      ...startBeats(this.features, heartbeatMs, (name, payload) => this.#writeEphemeral(name, payload)),
      setTimeout(() => this.close(), lifetimeMs),
    );
    for (const timer of this.#timers) timer.unref();
  }

  #end(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#session.streams.delete(this) && this.#isShown && !isPresent(this.#world, this.#account)) {
      announcePresence(this.#world, this.#account, 'unavailable');
    }
  }

  get #isShown(): boolean {
    return !this.features.has('hidden');
  }

  #isWanted({ needs, organization }: Pick<SandboxEvent, 'needs' | 'organization'>): boolean {
    if (needs !== undefined && !this.features.has(needs)) return false;
    if (organization === undefined || organization === this.#account.defaultOrganization) return true;
    return this.features.has('multi-org');
  }

  #isAlive({ messageId }: SandboxEvent): boolean {
    if (messageId === undefined) return true;
    const message = this.#world.messages.get(messageId);
    return message !== undefined && !message.recalled && !isExpired(this.#world, message);
  }

  #framesOf(events: readonly SandboxEvent[]): Frame[] {
    return events
      .filter((event) => this.#isWanted(event))
      .flatMap((event) => frameOf(event, this.#options.version, this.features, this.#session) ?? []);
  }

  #send(frame: Frame): void {
    this.#writeFrame(frame.id, frame.type, frame.payload);
    if (this.#options.repeatsEvents === true) this.#writeFrame(frame.id, frame.type, frame.payload);
    this.#last = frame;
    if (this.#isStalled || this.#isClosed) return;
    if (this.features.has('auto-deliver') && frame.messageId !== undefined) {
      markMessage(this.#world, this.#account, frame.messageId, 'Delivered');
    }
    if (this.features.has('auto-ack')) acknowledge(this.#session, new Set([frame.id]));
  }

  #writeFrame(id: string, type: string, payload: object): void {
    this.writeRaw(`data: ${JSON.stringify({ event_id: id, event: { [type]: payload } })}\n\n`);
  }

  #writeEphemeral(name: string, payload: object): void {
    this.#writeFrame(ephemeralEventId, `tigertext:iq:${name}`, { xmlns: `tigertext:iq:${name}`, ...payload });
  }
}

/**
 * Starts the requested heartbeats, the first at once, and keep-alives.
 * @param heartbeatMs See `StreamOptions`.
 */
function startBeats(
  features: ReadonlySet<string>,
  heartbeatMs: number | undefined,
  send: (name: string, payload: object) => void,
): NodeJS.Timeout[] {
  const timers: NodeJS.Timeout[] = [];
  const heartbeat = heartbeatIntervalMs(features);
  if (heartbeat !== undefined) {
    const beat = () => send('sse:heartbeat', { frequency: heartbeat / 1000 });
    beat();
    timers.push(setInterval(beat, heartbeatMs ?? heartbeat));
  }
  const keepAlive = numberAfter(features, /^keep_alive_(\d+)_\d+$/);
  if (keepAlive !== undefined) timers.push(setInterval(() => send('sse:keepalive', {}), keepAlive * 1000));
  return timers;
}

/** "A heartbeat every 5 s or less when a heartbeat feature was asked for" (EVENTS.md §8.2). */
function heartbeatIntervalMs(features: ReadonlySet<string>): number | undefined {
  const seconds = numberAfter(features, /^heartbeat_(\d+)$/);
  return seconds === undefined ? undefined : Math.min(seconds * 1000, maxHeartbeatMs);
}

function numberAfter(features: ReadonlySet<string>, pattern: RegExp): number | undefined {
  for (const feature of features) {
    const digits = pattern.exec(feature)?.[1];
    if (digits !== undefined) return Math.min(Math.max(1, Number(digits)), 3600);
  }
  return undefined;
}
