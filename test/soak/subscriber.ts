/** A client of a relay that does as little as it can, so that thousands of them fit beside what they measure. */
import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';

export interface Subscriber {
  readonly socket: WebSocket;
  close(): void;
}

/** @param onNext Given the whole text of each result. */
export async function subscribeTo(
  gatewayUrl: string,
  { authorization, query }: { readonly authorization: string; readonly query: string },
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

/** Milliseconds since the upstream's process wrote the message in the result; undefined when there is none. */
export function delayOf(text: string): number | undefined {
  const written = /"body":"([\d.]+) /.exec(text)?.[1];
  return written === undefined ? undefined : performance.timeOrigin + performance.now() - Number(written);
}
