/**
 * A client that never gives up: it subscribes over graphql-ws or graphql-sse, resumes after its last event whenever the
 * connection ends, and notes what it gets.
 */
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { EventJudge } from './event-judge.ts';
import type { Random } from './random.ts';

interface MovingResult {
  readonly data?: {
    readonly events: { readonly id: string; readonly __typename: string; readonly gapReason?: string };
  } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

interface Connection {
  /** Breaks the connection, as a network does. */
  cut(): void;
}

type Connect = (
  url: string,
  authorization: string,
  payload: { readonly query: string; readonly variables: Record<string, unknown> },
  sink: { next(result: MovingResult): void; ended(error?: unknown): void },
) => Connection;

const query =
  'subscription ($after: ID) { events(after: $after) { __typename id ... on SubscriptionGap { gapReason } } }';

/** Cut while it connects, it says so after graphql-ws has stopped listening. */
class CutWebSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args);
    this.on('error', () => {});
  }
}

const overWebSocket: Connect = (url, authorization, payload, sink) => {
  const client = createWebSocketClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: CutWebSocket,
    retryAttempts: 0,
    connectionParams: { authorization },
  });
  client.subscribe(payload, {
    next: (result) => sink.next(result as MovingResult),
    error: (error) => sink.ended(error),
    complete: () => sink.ended(),
  });
  return { cut: () => client.terminate() };
};

const overSse: Connect = (url, authorization, payload, sink) => {
  const client = createSseClient({ url, headers: { authorization }, retryAttempts: 0 });
  client.subscribe(payload, {
    next: (result) => sink.next(result as MovingResult),
    error: (error) => sink.ended(error),
    complete: () => sink.ended(),
  });
  return { cut: () => client.dispose() };
};

export interface SeenGap {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string;
  /** The event behind which events may be missing. */
  readonly after: string;
  /** First thing that the subscription got: its position was not known. */
  readonly isFirst: boolean;
}

export interface MovingClientOptions {
  /** Of the load balancer, with path. */
  readonly url: string;
  readonly authorization: string;
  readonly transport: 'graphql-ws' | 'graphql-sse';
  readonly random: Random;
}

/** The newest lines of what a client got. */
class Journal {
  readonly #lines: { readonly at: number; text: string; first?: number; last?: number }[] = [];

  add(text: string): void {
    this.#lines.push({ at: Date.now(), text });
  }

  got(number: number): void {
    const line = this.#lines.at(-1);
    if (line?.last === number - 1) {
      line.last = number;
      line.text = `${line.first} to ${number}`;
    } else this.#lines.push({ at: Date.now(), text: String(number), first: number, last: number });
  }

  /** Around an event, that it got or not. @param startedAt Times are from then on, in milliseconds since the epoch. */
  around(number: number, startedAt: number): string {
    const before = this.#lines.findLastIndex(({ last }) => last !== undefined && last < number);
    const shown = this.#lines.slice(Math.max(0, before - 6), before + 14);
    return shown.map(({ at, text }) => `${at - startedAt} ms ${text}`).join('\n  ');
  }
}

/** Number of an event, from its id; undefined for others. */
export type EventNumber = (id: string) => number | undefined;

export class MovingClient {
  readonly judge = new EventJudge();
  /** Subscriptions begun. */
  subscriptions = 0;
  /** Errors by code, of subscriptions that the gateway ended. */
  readonly errors: Record<string, number> = {};
  /** Gaps it was given, by time. */
  readonly gaps: SeenGap[] = [];
  /** What it got, by time: subscriptions, gaps, and events in runs without a gap. */
  readonly journal = new Journal();
  readonly #options: MovingClientOptions;
  readonly #numberOf: EventNumber;
  #connection: Connection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId: string | undefined;
  #isClosed = false;
  #hasReceived = false;

  constructor(options: MovingClientOptions, numberOf: EventNumber) {
    this.#options = options;
    this.#numberOf = numberOf;
    this.#connect();
  }

  /** Loses its connection without a word and comes back, to whichever replica the balancer gives it. */
  cut(): void {
    this.#connection?.cut();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#connection?.cut();
  }

  #connect(): void {
    this.subscriptions += 1;
    this.#hasReceived = false;
    this.judge.subscribed();
    this.journal.add(`subscription ${this.subscriptions} after ${this.#lastId ?? 'nothing'}`);
    const { url, authorization, transport, random } = this.#options;
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => this.#connect(), 20 + random.below(130));
    };
    const connect = transport === 'graphql-ws' ? overWebSocket : overSse;
    const variables = { after: this.#lastId ?? null };
    const connection = connect(
      url,
      authorization,
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (isOver) return; // what comes after the client has left was not shown to its user
          for (const { extensions } of errors ?? []) {
            const code = extensions?.code ?? 'none';
            this.errors[code] = (this.errors[code] ?? 0) + 1;
            this.journal.add(code);
          }
          if (data != null) this.#event(data.events);
        },
        ended: end,
      },
    );
    this.#connection = {
      cut: () => {
        connection.cut();
        end();
      },
    };
  }

  #event({ id, __typename, gapReason }: NonNullable<MovingResult['data']>['events']): void {
    const isFirst = !this.#hasReceived;
    this.#hasReceived = true;
    const where = `(${this.#options.transport} ${this.subscriptions})`;
    if (__typename === 'SubscriptionGap') {
      this.gaps.push({ at: Date.now(), reason: gapReason ?? '', after: id, isFirst });
      this.journal.add(`gap ${gapReason ?? ''} after ${id}`);
      this.judge.gap(`${gapReason ?? ''} ${where}`, this.#numberOf(id));
      return;
    }
    const number = this.#numberOf(id);
    if (number === undefined) return;
    this.judge.got(number, where);
    this.journal.got(number);
    this.#lastId = id;
  }
}
