/** The view of each GraphQL client on a subscription, as short notes: where a code appears, and the end. */
import { ApolloClient, CombinedGraphQLErrors, CombinedProtocolErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { subscriptionExchange, Client as UrqlClient } from '@urql/core';
import { parse } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocket, type Sink } from 'graphql-ws';
import {
  type ConcreteRequest,
  Environment,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { WebSocket } from 'ws';

export interface SubscribeOptions {
  /** Of the gateway, with path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly variables: { readonly after?: string };
  /** Called with each note. */
  readonly note: (text: string) => void;
}

/** @returns Function that ends the subscription and the connection. */
type SubscribeWith = (options: SubscribeOptions) => () => void;

const query = `subscription Live($after: ID) {
  events(after: $after) { __typename id ... on MessageReceived { message { sender { displayName } } } }
}`;

interface Result {
  readonly data?: { readonly events: { readonly __typename: string } } | null | undefined;
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } | undefined }[] | undefined;
}

const codesIn = (errors: Result['errors'] = []) => errors.map(({ extensions }) => String(extensions?.code)).join();

/** Notes an event, if it is a gap, or the codes of errors at a place. */
function noteResult({ data, errors }: Result, note: (text: string) => void, place = 'next: errors'): void {
  if (errors !== undefined) note(`${place} ${codesIn(errors)}`);
  else if (data?.events.__typename === 'SubscriptionGap') note('next: data SubscriptionGap');
}

function socketOf({ url, headers }: SubscribeOptions) {
  return createSocket({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { ...headers },
    retryAttempts: 0,
  });
}

/** The sink of graphql-ws and graphql-sse. */
const sinkOf = ({ note }: SubscribeOptions) => ({
  next: (result: unknown) => noteResult(result as Result, note), // of the query above
  error: (error: unknown) => note(Array.isArray(error) ? `error: array ${codesIn(error)}` : `error: ${error}`),
  complete: () => note('complete'),
});

function withApollo(link: HttpLink | GraphQLWsLink, { variables, note }: SubscribeOptions): () => void {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const noteError = (place: string, error: unknown) => {
    for (const kind of [CombinedGraphQLErrors, CombinedProtocolErrors])
      if (kind.is(error))
        note(
          `${place} ${kind === CombinedGraphQLErrors ? 'CombinedGraphQLErrors' : 'CombinedProtocolErrors'} ${codesIn(error.errors)}`,
        );
  };
  const subscription = client.subscribe({ query: parse(query), variables }).subscribe({
    next: ({ data, error }) => {
      if (error === undefined)
        noteResult({ data: data as Result['data'] }, note); // of the query above
      else noteError('next: error', error);
    },
    error: (error) => noteError('error:', error),
    complete: () => note('complete'),
  });
  return () => {
    subscription.unsubscribe();
    client.stop();
  };
}

function withUrql(options: SubscribeOptions): () => void {
  const socket = socketOf(options);
  const client = new UrqlClient({
    url: options.url,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query: text = '', variables = {} }) => ({
          // Both libraries mean the same sink.
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: text, variables }, sink as Sink) }),
        }),
      }),
    ],
  });
  let isFailed = false;
  const { unsubscribe } = client.subscription(query, options.variables).subscribe(({ data, error, hasNext }) => {
    // The last result has the error once more.
    if (error !== undefined && !isFailed) options.note(`result: error.graphQLErrors ${codesIn(error.graphQLErrors)}`);
    else if (hasNext) noteResult({ data }, options.note);
    isFailed ||= error !== undefined;
    if (!hasNext) options.note('hasNext false');
  });
  return () => {
    unsubscribe();
    void socket.dispose();
  };
}

/** As Relay's compiler writes it for the fields that are looked at. */
const fields = [{ alias: null, args: null, kind: 'ScalarField', name: '__typename', storageKey: null }] as const;
const selections = [
  {
    alias: null,
    args: null,
    concreteType: null,
    kind: 'LinkedField',
    name: 'events',
    plural: false,
    selections: fields,
    storageKey: null,
  },
] as const;
const relayRequest: ConcreteRequest = {
  kind: 'Request',
  fragment: {
    argumentDefinitions: [],
    kind: 'Fragment',
    metadata: null,
    name: 'Live',
    selections,
    type: 'Subscription',
    abstractKey: null,
  },
  operation: { argumentDefinitions: [], kind: 'Operation', name: 'Live', selections },
  params: { cacheID: 'live', id: null, metadata: {}, name: 'Live', operationKind: 'subscription', text: query },
};

function withRelay(options: SubscribeOptions): () => void {
  const { note } = options;
  const socket = socketOf(options);
  const environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(
      () => Promise.reject(new Error('only subscriptions')),
      ({ text }) =>
        // The two libraries declare the same results in two ways.
        Observable.create((sink) =>
          socket.subscribe({ query: text ?? '', variables: options.variables }, sink as never),
        ),
    ),
  });
  const { dispose } = requestSubscription(environment, {
    subscription: relayRequest,
    variables: {},
    onNext: (data) => noteResult({ data: data as Result['data'] }, note), // as above
    onError: (error) => {
      const { source } = error as Error & { readonly source?: Result };
      note(
        Array.isArray(error) ? `onError: array ${codesIn(error)}` : `onError: source.errors ${codesIn(source?.errors)}`,
      );
    },
    onCompleted: () => note('onCompleted'),
  });
  return () => {
    dispose();
    void socket.dispose();
  };
}

/** In the order of the table in schema/operations/README.md. */
export const subscriptionClients: Readonly<Record<string, SubscribeWith>> = {
  'graphql-ws': (options) => {
    const socket = socketOf(options);
    socket.subscribe({ query, variables: options.variables }, sinkOf(options));
    return () => void socket.dispose();
  },
  'graphql-sse': (options) => {
    const client = createSseClient({ url: options.url, headers: options.headers, retryAttempts: 0 });
    client.subscribe({ query, variables: options.variables }, sinkOf(options));
    return () => client.dispose();
  },
  'Apollo, `HttpLink`': (options) => withApollo(new HttpLink({ uri: options.url, headers: options.headers }), options),
  'Apollo, `GraphQLWsLink`': (options) => withApollo(new GraphQLWsLink(socketOf(options)), options),
  'urql, graphql-ws': withUrql,
  'Relay, graphql-ws': withRelay,
};
