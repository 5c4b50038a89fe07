/** Operations with a single response, as clients send them over each transport. */
import { acceptParts } from './multipart-parts.ts';
import { openAcknowledged, openSocket } from './raw-socket.ts';
import { basic, type Stack } from './stack.ts';

export interface OneAnswer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly locations?: unknown;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
  /** Of HTTP; undefined over a WebSocket. */
  readonly status?: number;
}

/** @param as Demo person; null for no credential, Ada when left out. */
export type OneAnswerTransport = (
  stack: Pick<Stack, 'gateway'>,
  query: string,
  variables?: object,
  as?: string | null,
) => Promise<OneAnswer>;

const credentialOf = (as: string | null): Record<string, string> => (as === null ? {} : { authorization: basic(as) });

/** Every transport that carries a query. All but those by GET carry a mutation too. */
export const transports: Readonly<Record<string, OneAnswerTransport>> = {
  async POST({ gateway }, query, variables = {}, as = 'ada') {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credentialOf(as) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as OneAnswer) };
  },
  async GET({ gateway }, query, variables = {}, as = 'ada') {
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    const response = await fetch(`${gateway.url}/graphql?${parameters}`, { headers: credentialOf(as) });
    return { status: response.status, ...((await response.json()) as OneAnswer) };
  },
  async 'SSE by GET'({ gateway }, query, variables = {}, as = 'ada') {
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    const response = await fetch(`${gateway.url}/graphql?${parameters}`, {
      headers: { accept: 'text/event-stream', ...credentialOf(as) },
    });
    const text = await response.text();
    return { status: response.status, ...JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}') };
  },
  async multipart({ gateway }, query, variables = {}, as = 'ada') {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables }));
    form.set('map', '{}');
    const headers = credentialOf(as);
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: form });
    return { status: response.status, ...((await response.json()) as OneAnswer) };
  },
  async SSE({ gateway }, query, variables = {}, as = 'ada') {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...credentialOf(as) },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { status: response.status, ...JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}') };
  },
  async 'multipart subscriptions'({ gateway }, query, variables = {}, as = 'ada') {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: acceptParts, ...credentialOf(as) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as OneAnswer) };
  },
  async 'multipart subscriptions by GET'({ gateway }, query, variables = {}, as = 'ada') {
    const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    const response = await fetch(`${gateway.url}/graphql?${parameters}`, {
      headers: { accept: acceptParts, ...credentialOf(as) },
    });
    return { status: response.status, ...((await response.json()) as OneAnswer) };
  },
  async WebSocket({ gateway }, query, variables = {}, as = 'ada') {
    const socket = as === null ? await openSocket(gateway.url) : await openAcknowledged(gateway.url, as);
    if (as === null) {
      socket.send({ type: 'connection_init' });
      await socket.message('connection_ack');
    }
    socket.send({ type: 'subscribe', id: '1', payload: { query, variables } });
    const message = await socket.answer('1');
    socket.socket.close();
    await socket.closed;
    return message.type === 'next'
      ? (message.payload as OneAnswer)
      : { errors: message.payload as OneAnswer['errors'] & object };
  },
};
