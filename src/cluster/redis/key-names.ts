/** The keys in Redis. Those of one caller share a hash tag, so that a script reaches all of them on one node of a cluster. */

export interface CallerKeys {
  /** Hash: replica that owns the upstream stream, and token of its lease term. */
  readonly owner: string;
  /** Hash: replicas with subscribers. */
  readonly participants: string;
  /** Stream: the last events, without their content. */
  readonly log: string;
  /** Hash: outcomes of events, by their id in the log. */
  readonly marks: string;
  /** Start of the key of an event's content; its id in the log follows. */
  readonly content: string;
}

export class KeyNames {
  readonly #prefix: string;

  /** @param prefix `REDIS_PREFIX`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Sorted set: replicas by the time until which they count as alive. */
  get members(): string {
    return `${this.#prefix}:{members}`;
  }

  /** Time of the first heartbeat that this data set has seen. */
  get since(): string {
    return `${this.#prefix}:{members}:since`;
  }

  /** Stream: messages to a replica. */
  inbox(replica: string): string {
    return `${this.#prefix}:{${replica}}:in`;
  }

  /** @param name Keyed hash of the credential. */
  of(name: string): CallerKeys {
    const start = `${this.#prefix}:{${name}}`;
    return {
      owner: `${start}:own`,
      participants: `${start}:with`,
      log: `${start}:log`,
      marks: `${start}:ack`,
      content: `${start}:c:`,
    };
  }
}
