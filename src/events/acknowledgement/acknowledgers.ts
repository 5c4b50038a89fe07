/**
 * One acknowledger per credential. It outlives the channel, so that delivered events are acknowledged after the last
 * subscriber has left, and is removed when it is idle.
 */
import type { GatewayError } from '../../errors.ts';
import type { Credential } from '../../upstream/credential.ts';
import type { EventCounters } from '../counters.ts';
import { Acknowledger } from './acknowledger.ts';

export interface AcknowledgersOptions {
  /** Calls in flight at a time per credential. */
  readonly maxCallsInFlight: number;
  /** Limit of pending ids per credential. */
  readonly maxIds: number;
  readonly counters: EventCounters;
  /** Sends one acknowledgement call upstream. @param ids At most 50. @param isOfClient A client named them. */
  send(credential: Credential, ids: readonly string[], isOfClient: boolean): Promise<void>;
  onConfirmed(credentialKey: string, ids: readonly string[]): void;
  /** Acknowledgements were given up. */
  onAbandoned(credentialKey: string, ids: readonly string[]): void;
  onCredentialRejected(credentialKey: string, error: GatewayError): void;
}

export class Acknowledgers {
  readonly #options: AcknowledgersOptions;
  readonly #byCredential = new Map<string, Acknowledger>();
  #isClosed = false;

  constructor(options: AcknowledgersOptions) {
    this.#options = options;
  }

  /** Ids queued or in flight, of all credentials. */
  get pending(): number {
    let pending = 0;
    for (const acknowledger of this.#byCredential.values()) pending += acknowledger.pending;
    return pending;
  }

  /** Queues the id of a delivered event. After `close`, the event stays unacknowledged and is replayed. */
  add(credential: Credential, id: string): void {
    if (!this.#isClosed) this.#of(credential).add(id);
  }

  /** Acknowledges ids on behalf of a client. Resolves when the upstream has confirmed them. */
  acknowledgeNow(credential: Credential, ids: readonly string[]): Promise<void> {
    return this.#of(credential).acknowledgeNow(ids);
  }

  /** Drops the ids of delivered events that are queued for a credential and not in flight. */
  discard({ key }: Credential): void {
    this.#byCredential.get(key)?.discard();
  }

  /** Starts the last calls and accepts no further ids. Resolves when those calls have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#byCredential.values()].map((acknowledger) => acknowledger.close()));
    this.#byCredential.clear();
  }

  #of(credential: Credential): Acknowledger {
    const { key } = credential;
    const { maxIds, maxCallsInFlight, counters, send, onConfirmed, onAbandoned, onCredentialRejected } = this.#options;
    const existing = this.#byCredential.get(key);
    if (existing !== undefined) return existing;
    const acknowledger = new Acknowledger({
      send: (ids, isOfClient) => send(credential, ids, isOfClient),
      maxIds,
      maxCallsInFlight,
      onConfirmed: (ids) => {
        counters.acknowledged += ids.length;
        onConfirmed(key, ids);
      },
      onAbandoned: (ids) => {
        counters.abandoned += ids.length;
        onAbandoned(key, ids);
      },
      onCredentialRejected: (error) => onCredentialRejected(key, error),
      onIdle: () => this.#byCredential.delete(key),
    });
    this.#byCredential.set(key, acknowledger);
    return acknowledger;
  }
}
