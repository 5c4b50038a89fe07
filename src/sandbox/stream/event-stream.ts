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

/** What the request decides. */
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
  { lifetimeMs, heartbeatMs, version, repeatsEvents = false }: StreamOptions & StreamForm,
): EventStream {
  const isMultiOrg = features.has('multi-org');
  const isShown = !features.has('hidden');
  let isStalled = false;
  let isClosed = false;
  let last: Frame | undefined;

  const write = (text: string) => {
    if (isClosed || isStalled) return;
    response.write(text);
    if (response.writableLength > limits.streamBacklogBytes) response.destroy();
  };
  const frame = (id: string, type: string, payload: object) =>
    write(`data: ${JSON.stringify({ event_id: id, event: { [type]: payload } })}\n\n`);
  const ephemeral = (name: string, payload: object) =>
    frame(ephemeralEventId, `tigertext:iq:${name}`, { xmlns: `tigertext:iq:${name}`, ...payload });

  const isWanted = (event: Pick<SandboxEvent, 'needs' | 'organization'>) =>
    (event.needs === undefined || features.has(event.needs)) &&
    (isMultiOrg || event.organization === undefined || event.organization === account.defaultOrganization);
  const isAlive = ({ messageId }: SandboxEvent) => {
    if (messageId === undefined) return true;
    const message = world.messages.get(messageId);
    return message !== undefined && !message.recalled && !isExpired(world, message);
  };

  const send = (next: Frame) => {
    frame(next.id, next.type, next.payload);
    if (repeatsEvents) frame(next.id, next.type, next.payload);
    last = next;
    if (isStalled || isClosed) return;
    if (features.has('auto-deliver') && next.messageId !== undefined) {
      markMessage(world, account, next.messageId, 'Delivered');
    }
    if (features.has('auto-ack')) acknowledge(session, new Set([next.id]));
  };
  const framesOf = (events: readonly SandboxEvent[]) =>
    events.filter(isWanted).flatMap((event) => frameOf(event, version, features, session) ?? []);

  const stream: EventStream = {
    features,
    offer: (event) => {
      for (const next of framesOf([event])) send(next);
    },
    close: () => {
      if (isClosed) return;
      response.end();
      end();
    },
    stall: () => {
      isStalled = true;
    },
    repeatLast: () => {
      if (last !== undefined) frame(last.id, last.type, last.payload);
    },
    destroy: () => response.destroy(),
    writeRaw: write,
  };

  const timers: NodeJS.Timeout[] = [];
  const end = () => {
    isClosed = true;
    for (const timer of timers) clearTimeout(timer);
    if (session.streams.delete(stream) && isShown && !isPresent(world, account)) {
      announcePresence(world, account, 'unavailable');
    }
  };

  response.writeHead(200, streamHeaders);
  response.socket?.setNoDelay(true);
  response.on('close', end);
  response.on('error', end);

  const before = new Set([...session.queue, ...session.pending.others]);
  const isReplaying = !features.has('no-offline-messages');
  const waiting =
    version === 'v5' || !isReplaying ? [] : session.queue.filter((event) => isWanted(event) && isAlive(event));
  const condensed =
    version === 'v2' || !isReplaying ? [] : condensedReplay(world, account, session, features, isWanted);
  const replayed = version === 'v5' ? condensed : framesOf(waiting.filter(({ type }) => type !== bang));
  ephemeral('client_advisory', { advisory: { name: 'replay_start', replay_message_count: replayed.length } });
  for (const next of replayed) send(next);
  ephemeral('client_advisory', { advisory: { name: 'replay_stop' } });
  for (const next of framesOf(waiting.filter(({ type }) => type === bang))) send(next);

  if (features.has('close-after-messages')) {
    stream.close();
    return stream;
  }
  const [oldest] = session.streams;
  if (oldest !== undefined && session.streams.size >= limits.streamsPerSession) oldest.close();
  const wasPresent = isPresent(world, account);
  session.streams.add(stream);
  if (isShown && (!wasPresent || session.presence === 'away')) announcePresence(world, account, session.presence);
  // Replaying can queue events before this stream is registered: auto-deliver sends statuses, also to the caller.
  const queue = version === 'v5' ? session.pending.others : session.queue;
  for (const event of queue) if (!before.has(event)) stream.offer(event);

  timers.push(
    ...startBeats(features, heartbeatMs, ephemeral),
    setTimeout(() => stream.close(), lifetimeMs),
  );
  for (const timer of timers) timer.unref();
  return stream;
}

/** Heartbeats, the first at once, and keep-alives, as far as they were asked for. @param heartbeatMs See `StreamOptions`. */
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
