/** Event streams of the stand-in: frames on order, at a pace or as fast as the reader takes them. */
import type { Socket } from 'node:net';
import { message, messageTokens } from './world.ts';

export interface Emission {
  /** Events for each open stream. */
  readonly events: number;
  /** Events a second for each stream; undefined: as fast as they are read. */
  readonly perSecond: number | undefined;
}

/** EVENTS §4.4: one heartbeat every 5 s or faster. */
const heartbeatEveryMs = 5_000;
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n';

function frame(id: string, type: string, payload: string): string {
  return `data: {"event_id":"${id}","event":{"tigertext:iq:${type}":${payload}}}\n\n`;
}

/** Shared by frames that are never stored (EVENTS §3). */
const sharedId = '00000000-0000-0000-0000-000000000001';
const opening =
  frame(sharedId, 'client_advisory', '{"advisory":{"name":"replay_start","replay_message_count":0}}') +
  frame(sharedId, 'client_advisory', '{"advisory":{"name":"replay_stop"}}');
const heartbeat = frame(sharedId, 'sse:heartbeat', '{"frequency":5}');

/** One message event, cut where its id and its moment go in. */
const { message_id: _restOnly, body: _body, ...rest } = message(messageTokens[0] ?? '', 0);
// Sent now: an event about a message that has expired is not relayed.
const created_time = new Date().toISOString();
const tail = JSON.stringify({ xmlns: 'tigertext:iq:group_message', ...rest, created_time }).slice(1);

/** The body names the moment the event left, in microseconds of the machine's monotonic clock: `at:123456`. */
function messageFrame(number: number, atMicros: number): string {
  const suffix = number.toString(16).padStart(12, '0');
  const payload = `{"client_id":"50000000-0000-4000-8000-${suffix}","body":"at:${atMicros}",${tail}`;
  return frame(`60000000-0000-4000-8000-${suffix}`, 'group_message', payload);
}

function nowMicros(): number {
  return Math.floor(Number(process.hrtime.bigint()) / 1000);
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      socket.off('drain', go);
      socket.off('close', go);
      resolve();
    };
    socket.once('drain', go);
    socket.once('close', go);
  });
}

export class Streams {
  readonly #sockets = new Set<Socket>();
  readonly #heartbeats = setInterval(() => this.#beat(), heartbeatEveryMs / 10);
  #beaten = 0;
  #emitted = 0;

  get size(): number {
    return this.#sockets.size;
  }

  open(socket: Socket, _caller: string): void {
    socket.write(head + opening);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  /** @returns When all events were handed to the sockets. */
  async emit({ events, perSecond }: Emission): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => this.#emitTo(socket, events, perSecond)));
  }

  close(): void {
    clearInterval(this.#heartbeats);
    for (const socket of this.#sockets) socket.destroy();
  }

  async #emitTo(socket: Socket, events: number, perSecond: number | undefined): Promise<void> {
    const startedAt = performance.now();
    let sent = 0;
    while (sent < events && !socket.destroyed) {
      const due =
        perSecond === undefined
          ? Math.min(events, sent + 64)
          : Math.min(events, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
      if (due > sent) {
        let frames = '';
        const at = nowMicros();
        for (; sent < due; sent += 1) frames += messageFrame(this.#emitted++, at);
        if (!socket.write(frames)) {
          await drained(socket);
        } else if (perSecond === undefined) await new Promise((resolve) => setImmediate(resolve));
      } else await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** A tenth of the streams at a time, so that ten thousand idle ones are no burst. */
  #beat(): void {
    let index = 0;
    for (const socket of this.#sockets) if (index++ % 10 === this.#beaten % 10) socket.write(heartbeat);
    this.#beaten += 1;
  }
}
