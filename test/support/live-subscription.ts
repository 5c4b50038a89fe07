/** A GraphQL subscription of a client, over each transport for subscriptions. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/gateway.ts';
import { acceptParts, PartsReader } from './multipart-parts.ts';
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
  /** In place of the demo person's own key pair. */
  readonly authorization?: string;
}

export type Transport = <Data>(
  gateway: Pick<Gateway, 'url'>,
  query: string,
  options?: LiveOptions,
) => LiveSubscription<Data>;

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
  gateway: Pick<Gateway, 'url'>,
  query: string,
  options: LiveOptions = {},
): LiveSubscription<Data> {
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: options.authorization ?? basic(options.as ?? 'ada') },
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

/** Results of a body of server-sent events. */
async function* eventsIn(texts: AsyncIterable<string>): AsyncGenerator<LiveResult> {
  let text = '';
  for await (const chunk of texts) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const [event, data] = frame.split('\n');
      if (event === 'event: next') yield JSON.parse(data?.slice('data: '.length) ?? '');
    }
  }
}

/** Results of a body in parts. @throws When it ends without the final boundary. */
async function* partsIn(texts: AsyncIterable<string>): AsyncGenerator<LiveResult> {
  const reader = new PartsReader();
  for await (const text of texts) yield* reader.read(text);
  if (!reader.isComplete) throw new Error('the final boundary is missing');
}

async function* textsOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) yield decoder.decode(chunk, { stream: true });
}

function overHttp<Data>(
  accept: string,
  resultsIn: (texts: AsyncIterable<string>) => AsyncGenerator<LiveResult>,
  gateway: Pick<Gateway, 'url'>,
  query: string,
  options: LiveOptions,
): LiveSubscription<Data> {
  const abort = new AbortController();
  const answer = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      accept,
      'content-type': 'application/json',
      authorization: options.authorization ?? basic(options.as ?? 'ada'),
    },
    body: JSON.stringify({ query, variables: options.variables }),
    signal: abort.signal,
  });
  async function* read(): AsyncGenerator<LiveResult> {
    const response = await answer;
    // What fails before the stream has begun is one document.
    if (response.headers.get('content-type')?.includes('json') === true) yield (await response.json()) as LiveResult;
    else yield* resultsIn(textsOf(response));
  }
  const results = read() as AsyncGenerator<LiveResult<Data>>; // the test says what its query selects
  return liveSubscription(results, async () => abort.abort());
}

/** GraphQL over SSE, distinct connections mode. */
export const overSse = <Data = unknown>(gateway: Pick<Gateway, 'url'>, query: string, options: LiveOptions = {}) =>
  overHttp<Data>('text/event-stream', eventsIn, gateway, query, options);

/** Apollo's multipart protocol for subscriptions. */
export const overMultipart = <Data = unknown>(
  gateway: Pick<Gateway, 'url'>,
  query: string,
  options: LiveOptions = {},
) => overHttp<Data>(acceptParts, partsIn, gateway, query, options);

export const transports: Readonly<Record<string, Transport>> = {
  WebSocket: overWebSocket,
  SSE: overSse,
  multipart: overMultipart,
};
