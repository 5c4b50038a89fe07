/** A GraphQL subscription as clients make it, over each transport that carries one. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/gateway.ts';
import { basic } from './stack.ts';
import { within } from './wait.ts';

export interface LiveResult {
  // Tests look into results freely; the typed documents have tests of their own.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
}

export interface LiveSubscription extends AsyncDisposable {
  /** The next result. @throws when none comes in time, or the subscription is over. */
  next(): Promise<LiveResult>;
  /** Results until the subscription is over. */
  rest(): Promise<LiveResult[]>;
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly variables?: Record<string, unknown>;
  /** Demo person; Ada by default. */
  readonly as?: string;
}

export type Transport = (gateway: Gateway, query: string, options?: LiveOptions) => LiveSubscription;

function liveSubscription(results: AsyncIterator<LiveResult>, close: () => Promise<void>): LiveSubscription {
  return {
    async next() {
      const result = await within(results.next());
      if (result.done === true) throw new Error('the subscription is over');
      return result.value;
    },
    async rest() {
      const rest: LiveResult[] = [];
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
export function overWebSocket(gateway: Gateway, query: string, options: LiveOptions = {}): LiveSubscription {
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: basic(options.as ?? 'ada') },
  });
  const arrived: LiveResult[] = [];
  let isOver = false;
  let wake: () => void = () => {};
  const end = () => {
    isOver = true;
    wake();
  };
  const stop = client.subscribe<LiveResult['data']>(
    { query, ...(options.variables === undefined ? {} : { variables: options.variables }) },
    {
      next: (result) => {
        arrived.push(result as LiveResult);
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
  async function* results(): AsyncGenerator<LiveResult> {
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
export function overSse(gateway: Gateway, query: string, options: LiveOptions = {}): LiveSubscription {
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
  async function* read(): AsyncGenerator<LiveResult> {
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
