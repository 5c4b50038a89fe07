/** A WebSocket client that speaks graphql-transport-ws only as far as a test requires. */
import { type RawData, WebSocket } from 'ws';
import { basic } from './stack.ts';
import { within } from './wait.ts';

export interface RawMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface RawSocket {
  readonly socket: WebSocket;
  /** Everything received so far. */
  readonly messages: readonly RawMessage[];
  /** Sends a message, or a text unchanged. */
  send(message: object | string): void;
  /** The first message of the type. @throws when none arrives in time, or the socket closes before. */
  message(type: string, id?: string): Promise<RawMessage>;
  /** The first result or error of an operation. @throws as `message` does. */
  answer(id: string): Promise<RawMessage>;
  /** Close code and reason, waited for. */
  readonly closed: Promise<readonly [number, string]>;
}

/** @param protocol Requested subprotocol; `null` for none. */
export async function openSocket(
  url: string,
  protocol: string | null = 'graphql-transport-ws',
  headers: Readonly<Record<string, string>> = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol === null ? [] : protocol, { headers });
  const messages: RawMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data: RawData) => {
    messages.push(JSON.parse(String(data)));
    for (const check of waiting) check();
  });
  socket.on('error', () => {}); // the close code tells
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.on('close', (code, reason) => resolve([code, String(reason)]));
  });
  await Promise.race([new Promise((resolve) => socket.once('open', resolve)), closed]);
  const first = (fits: (message: RawMessage) => boolean): Promise<RawMessage> =>
    within(
      new Promise((resolve, reject) => {
        const check = () => {
          const message = messages.find(fits);
          if (message === undefined) return;
          waiting.delete(check);
          resolve(message);
        };
        waiting.add(check);
        void closed.then(([code]) => reject(new Error(`closed with ${code} before the message`)));
        check();
      }),
    );
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    message: (type, id) => first((message) => message.type === type && (id === undefined || message.id === id)),
    answer: (id) => first(({ type, id: of }) => (type === 'next' || type === 'error') && of === id),
  };
}

/** The same, introduced as a demo person. */
export async function openAcknowledged(url: string, as = 'ada'): Promise<RawSocket> {
  const socket = await openSocket(url);
  socket.send({ type: 'connection_init', payload: { authorization: basic(as) } });
  await socket.message('connection_ack');
  return socket;
}
