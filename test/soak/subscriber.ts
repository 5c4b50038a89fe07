/** A minimal client of a relay, so that thousands of them fit beside the measured process. */
import { once } from 'node:events';
import { request } from 'node:http';
import { type RawData, WebSocket } from 'ws';

export interface Subscriber {
  readonly socket: WebSocket;
  close(): void;
}

interface Subscribing {
  readonly authorization: string;
  readonly query: string;
}

/**
 * Over HTTP.
 * @param accept Media type of the stream.
 * @param onData Given what came at once of it, when it has a result in it.
 */
export async function streamFrom(
  gatewayUrl: string,
  { authorization, query }: Subscribing,
  accept: string,
  onData: (text: string) => void,
): Promise<Pick<Subscriber, 'close'>> {
  const headers = { accept, authorization, 'content-type': 'application/json' };
  const sent = request(`${gatewayUrl}/graphql`, { method: 'POST', headers, agent: false });
  sent.on('error', () => {}); // the measurement shows that nothing comes
  sent.end(JSON.stringify({ query }));
  const [response] = await once(sent, 'response');
  response.on('data', (data: Buffer) => {
    if (data.includes('"data":')) onData(String(data));
  });
  return { close: () => sent.destroy() };
}

/** @param onNext Given the whole text of each result. */
export async function subscribeTo(
  gatewayUrl: string,
  { authorization, query }: Subscribing,
  onNext: (text: string) => void,
): Promise<Subscriber> {
  const socket = new WebSocket(`${gatewayUrl.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  socket.on('error', () => {}); // the measurement shows that nothing arrives
  await once(socket, 'open');
  const greeted = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await greeted;
  socket.on('message', (data: RawData) => {
    const text = String(data);
    if (text.includes('"type":"next"')) onNext(text);
  });
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  return { socket, close: () => socket.terminate() };
}

/** Milliseconds since the upstream's process wrote the message in the result; undefined for a result without a message. */
export function delayOf(text: string): number | undefined {
  const written = /"body":"([\d.]+) /.exec(text)?.[1];
  return written === undefined ? undefined : performance.timeOrigin + performance.now() - Number(written);
}
