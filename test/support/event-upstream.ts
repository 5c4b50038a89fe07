/**
 * An upstream with event endpoints only, for faults on the wire: a real server with stored events per credential, replay
 * until acknowledged, and streams that tests cut, stall, reject or fill with garbage.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { waitUntil } from './wait.ts';

export interface StoredEvent {
  readonly id: string;
  /** The frame's JSON. */
  readonly json: string;
}

/** One event stream as the server sees it. */
export interface OpenStream {
  readonly authorization: string;
  readonly headers: IncomingMessage['headers'];
  readonly openedAt: number;
  write(text: string | Buffer): void;
  /** Ends the response of the stream. */
  end(): void;
  /** Resets the connection. */
  destroy(): void;
  /** Writes nothing more; the connection stays open. */
  stall(): void;
}

export type Opening = (request: IncomingMessage, response: ServerResponse) => boolean;

const heartbeat = frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:sse:heartbeat', {});

export function json(id: string, type: string, payload: unknown): string {
  return JSON.stringify({ event_id: id, event: { [type]: payload } });
}

export function frame(id: string, type: string, payload: unknown): string {
  return `data: ${json(id, type, payload)}\n\n`;
}

export class EventUpstream implements AsyncDisposable {
  readonly streams = new Set<OpenStream>();
  /** Acknowledging calls: time, caller and ids. */
  readonly acknowledgements: { readonly at: number; readonly authorization: string; readonly ids: string[] }[] = [];
  /** Requests for a stream, with or without a response. */
  attempts: { readonly at: number; readonly authorization: string }[] = [];
  /** Called first for each request of a stream; true: it has sent a response. */
  onOpen: Opening | undefined;
  /** Status of responses to acknowledgements; 204 accepts the ids. */
  acknowledgeStatus: number | (() => number) = 204;
  /** Send `replay_start` and `replay_stop`. */
  advises = true;
  heartbeatMs = 1000;
  readonly #outboxes = new Map<string, Map<string, string>>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #sockets = new Set<Socket>();

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // listens
    return `http://127.0.0.1:${port}`;
  }

  static async start(): Promise<EventUpstream> {
    const upstream = new EventUpstream();
    upstream.#server.on('connection', (socket) => {
      upstream.#sockets.add(socket);
      socket.on('close', () => upstream.#sockets.delete(socket));
    });
    await upstream.listen(0);
    return upstream;
  }

  /** Listens again on a port, after `stop`. */
  listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  /** Resets every connection and accepts no new ones. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  streamsOf(authorization: string): OpenStream[] {
    return [...this.streams].filter((stream) => stream.authorization === authorization);
  }

  /** Waits for the stream that a subscription opens. */
  async stream(authorization = 'Basic YQ=='): Promise<OpenStream> {
    await waitUntil(() => this.streamsOf(authorization).length > 0);
    return this.streamsOf(authorization).at(-1) as OpenStream; // there is one by the line above
  }

  /** Unacknowledged events, oldest first. */
  stored(authorization: string): string[] {
    return [...(this.#outboxes.get(authorization)?.keys() ?? [])];
  }

  acknowledged(authorization?: string): string[] {
    return this.acknowledgements
      .filter((call) => authorization === undefined || call.authorization === authorization)
      .flatMap(({ ids }) => ids);
  }

  /** Stores an event and sends it on every stream of the credential. */
  push(authorization: string, event: StoredEvent): void {
    this.#outbox(authorization).set(event.id, event.json);
    this.send(authorization, `data: ${event.json}\n\n`);
  }

  /** Sends on every stream of the credential without storing. */
  send(authorization: string, text: string): void {
    for (const stream of this.streamsOf(authorization)) stream.write(text);
  }

  #outbox(authorization: string): Map<string, string> {
    let outbox = this.#outboxes.get(authorization);
    if (outbox === undefined) {
      outbox = new Map();
      this.#outboxes.set(authorization, outbox);
    }
    return outbox;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/v2/events/ack') this.#acknowledge(request, response);
    else if (request.url === '/v2/events') this.#open(request, response);
    // There is nothing else, which only the upstream's own envelope says (NOTES, "Envelope and errors").
    else response.writeHead(404).end(JSON.stringify({ status: 'fail' }));
  }

  #acknowledge(request: IncomingMessage, response: ServerResponse): void {
    const authorization = request.headers.authorization ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { events }: { events: string[] } = JSON.parse(Buffer.concat(chunks).toString());
      const status = typeof this.acknowledgeStatus === 'number' ? this.acknowledgeStatus : this.acknowledgeStatus();
      if (status === 204) {
        this.acknowledgements.push({ at: performance.now(), authorization, ids: events });
        for (const id of events) this.#outbox(authorization).delete(id);
      }
      response.writeHead(status);
      // Only the upstream's own envelope says what a status says (NOTES, "Envelope and errors").
      response.end(status < 400 ? undefined : JSON.stringify({ status: 'fail' }));
    });
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    const authorization = request.headers.authorization ?? '';
    this.attempts.push({ at: performance.now(), authorization });
    if (this.onOpen?.(request, response) === true) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let isStalled = false;
    const stream: OpenStream = {
      authorization,
      headers: request.headers,
      openedAt: performance.now(),
      write: (text) => {
        if (!isStalled && !response.destroyed) response.write(text);
      },
      end: () => response.end(),
      destroy: () => response.destroy(),
      stall: () => {
        isStalled = true;
      },
    };
    const advise = (name: string, more: object = {}) =>
      stream.write(
        frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:client_advisory', { advisory: { name, ...more } }),
      );
    const stored = [...this.#outbox(authorization).values()];
    if (this.advises) advise('replay_start', { replay_message_count: stored.length });
    for (const event of stored) stream.write(`data: ${event}\n\n`);
    if (this.advises) advise('replay_stop');
    stream.write(heartbeat);
    const timer = setInterval(() => stream.write(heartbeat), this.heartbeatMs);
    this.streams.add(stream);
    response.on('close', () => {
      clearInterval(timer);
      this.streams.delete(stream);
    });
  }
}
