/** A GraphQL subscription as clients make it, over each transport that carries one. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/gateway.ts';
import { basic } from './stack.ts';
import { within } from './wait.ts';

/** @typeParam Data The part of the data that a test reads. */
export interface LiveResult<Data = unknown> {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface LiveSubscription<Data = unknown> extends AsyncDisposable {
  /** The next result. @throws when none comes in time, or the subscription is over. */
  next(): Promise<LiveResult<Data>>;
  /** Results until the subscription is over. */
  rest(): Promise<LiveResult<Data>[]>;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly variables?: Record<string, unknown>;
  /** Demo person; Ada by default. */
  readonly as?: string;
}

export type Transport = <Data>(gateway: Gateway, query: string, options?: LiveOptions) => LiveSubscription<Data>;

function liveSubscription<Data>(
  results: AsyncIterator<LiveResult<Data>>,
  close: () => Promise<void>,
): LiveSubscription<Data> {
  return {
    async next() {
      const result = await within(results.next());
      if (result.done === true) throw new Error('the subscription is over');
      return result.value;
    },
    async rest() {
      const rest: LiveResult<Data>[] = [];
      for (let item = await within(results.next()); item.done !== true; item = await within(results.next())) {
        rest.push(item.value);
      }
      return rest;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** graphql-transport-ws. */
export function overWebSocket<Data = unknown>(
  gateway: Gateway,
  query: string,
  options: LiveOptions = {},
): LiveSubscription<Data> {
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: basic(options.as ?? 'ada') },
  });
  const arrived: LiveResult<Data>[] = [];
  let isOver = false;
  let wake: () => void = () => {};
  const end = () => {
    isOver = true;
    wake();
  };
  const stop = client.subscribe<Data>(
    { query, ...(options.variables === undefined ? {} : { variables: options.variables }) },
    {
      next: (result) => {
        arrived.push(result as LiveResult<Data>); // the library allows null data as well
        wake();
      },
      // A closed socket, or errors instead of a subscription.
      error: (error) => {
        if (Array.isArray(error)) arrived.push({ errors: error });
        end();
      },
      complete: end,
    },
  );
  async function* results(): AsyncGenerator<LiveResult<Data>> {
    for (;;) {
      const result = arrived.shift();
      if (result !== undefined) yield result;
      else if (isOver) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return liveSubscription(results(), async () => {
    stop();
    await client.dispose();
  });
}

/** GraphQL over SSE, distinct connections mode. */
export function overSse<Data = unknown>(
  gateway: Gateway,
  query: string,
  options: LiveOptions = {},
): LiveSubscription<Data> {
  const abort = new AbortController();
  const answer = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: basic(options.as ?? 'ada'),
    },
    body: JSON.stringify({ query, variables: options.variables }),
    signal: abort.signal,
  });
  async function* read(): AsyncGenerator<LiveResult<Data>> {
    const response = await answer;
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const data = /^data: (\{.*)$/m.exec(frame)?.[1];
        if (frame.startsWith('event: next') && data !== undefined) yield JSON.parse(data);
      }
    }
  }
  return liveSubscription(read(), async () => abort.abort());
}

export const transports: Readonly<Record<string, Transport>> = { WebSocket: overWebSocket, SSE: overSse };
