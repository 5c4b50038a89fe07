/** Connections of the chaos run's clients: one subscription each, over graphql-transport-ws, SSE or multipart. */
import { createParser } from 'eventsource-parser';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { acceptParts, PartsReader } from '../support/multipart-parts.ts';

export interface ChaosResult {
  readonly data?: {
    readonly events: { readonly id: string; readonly __typename: string; readonly gapReason?: string };
  } | null;
  readonly errors?: unknown;
}

export interface ChaosOperation {
  readonly authorization: string;
  readonly variables: { readonly acknowledge: 'AUTO' | 'MANUAL'; readonly after: string | null };
}

export interface ChaosConnection {
  /** Cuts the connection without a message. */
  leave(): void | Promise<void>;
}

export type Listen = (operation: ChaosOperation, onResult: (result: ChaosResult) => void) => ChaosConnection;

const query =
  'subscription ($after: ID, $acknowledge: AcknowledgeMode!) { events(after: $after, acknowledge: $acknowledge) { __typename id ... on SubscriptionGap { gapReason } } }';

/** A socket that may be cut before it is open, which `ws` reports as an error. */
class CutSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols);
    this.on('error', () => {});
  }
}

export const overWebSocket =
  (url: string): Listen =>
  ({ authorization, variables }, onResult) => {
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: CutSocket,
      retryAttempts: 0,
      connectionParams: { authorization },
    });
    client.subscribe(
      { query, variables: { ...variables } },
      { next: (result) => onResult(result as ChaosResult), error: () => {}, complete: () => {} },
    );
    return {
      leave() {
        client.terminate();
        return client.dispose();
      },
    };
  };

/** @param createReader Reader of the texts of one response. */
const overHttp =
  (accept: string, createReader: (onResult: (result: ChaosResult) => void) => (text: string) => void) =>
  (url: string): Listen =>
  ({ authorization, variables }, onResult) => {
    const abort = new AbortController();
    const read = async () => {
      const headers = { accept, 'content-type': 'application/json', authorization };
      const body = JSON.stringify({ query, variables });
      const response = await fetch(url, { method: 'POST', headers, body, signal: abort.signal });
      const take = createReader(onResult);
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) take(decoder.decode(chunk, { stream: true }));
    };
    read().catch(() => {}); // the stream was closed or failed; lost events are counted at the end
    return { leave: () => abort.abort() };
  };

export const overSse = overHttp('text/event-stream', (onResult) => {
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'next') onResult(JSON.parse(data));
    },
  });
  return (text) => parser.feed(text);
});

export const overMultipart = overHttp(acceptParts, (onResult) => {
  const reader = new PartsReader();
  return (text) => {
    for (const result of reader.read(text)) onResult(result as ChaosResult); // of the query above
  };
});
