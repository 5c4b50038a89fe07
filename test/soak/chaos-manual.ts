/**
 * A MANUAL subscriber beside the AUTO subscriber of the same credential. It names events some time after it received them, and
 * forgets those it has not named when its connection is cut: they have to come again.
 */
import type { ChaosConnection, Listen } from './chaos-client.ts';
import type { Random } from './random.ts';

/** Milliseconds between receiving an event and naming it. */
const namedWithinMs = 400;

export class ManualCaller {
  /** Numbers of events that were named. */
  readonly named = new Set<number>();
  subscriptions = 0;
  /** Events one subscription received twice. */
  repeated = 0;
  disordered = 0;
  failed = 0;
  gaps = 0;
  /** Events that were received and forgotten, because the connection was cut before they were named. */
  forgotten = 0;
  readonly #gateway: string;
  readonly #authorization: string;
  readonly #listen: Listen;
  readonly #random: Random;
  #connection: ChaosConnection | undefined;
  #received = new Map<number, string>();
  #timer: NodeJS.Timeout | undefined;
  #lastNamed: string | undefined;

  constructor(gateway: string, authorization: string, listen: Listen, random: Random) {
    this.#gateway = gateway;
    this.#authorization = authorization;
    this.#listen = listen;
    this.#random = random;
  }

  connect(): void {
    this.subscriptions += 1;
    let last = 0;
    const seen = new Set<number>();
    const after = this.#random.next() < 0.5 ? (this.#lastNamed ?? null) : null;
    const operation = { authorization: this.#authorization, variables: { acknowledge: 'MANUAL', after } } as const;
    const connection = this.#listen(operation, ({ data, errors }) => {
      if (errors !== undefined) this.failed += 1;
      if (data == null || connection !== this.#connection) return;
      const { id, __typename, gapReason } = data.events;
      if (__typename === 'SubscriptionGap') {
        if (gapReason !== 'TOO_LARGE') this.gaps += 1;
        return;
      }
      if (!id.startsWith('event-')) return;
      const number = Number(id.slice('event-'.length));
      if (seen.has(number)) this.repeated += 1;
      else if (number < last) this.disordered += 1;
      seen.add(number);
      last = number;
      this.#received.set(number, id);
      this.#timer ??= setTimeout(() => this.#name(), this.#random.below(namedWithinMs));
    });
    this.#connection = connection;
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const number of this.#received.keys()) if (!this.named.has(number)) this.forgotten += 1;
    this.#received.clear();
    await connection?.leave();
  }

  /** Names what was received so far. An acknowledgement that fails is left to the upstream's next replay. */
  #name(): void {
    this.#timer = undefined;
    const received = this.#received;
    this.#received = new Map();
    for (const [number, id] of received) {
      this.named.add(number);
      this.#lastNamed = id;
    }
    const query = 'mutation ($ids: [ID!]!) { acknowledgeEvents(input: { eventIds: $ids }) { acknowledgedEventIds } }';
    const body = { query, variables: { ids: [...received.values()] } };
    fetch(`${this.#gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: this.#authorization },
      body: JSON.stringify(body),
    })
      .then((response) => response.text())
      .catch(() => {});
  }
}
