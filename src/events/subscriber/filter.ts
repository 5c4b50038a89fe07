/** Evaluates the filters of a channel's subscribers. A filter that throws ends its subscription, and no other. */

import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { GatewayError } from '../../errors.ts';
import { describeUnexpected, type Log } from '../../observability/log.ts';
import type { EventRecord } from '../record/record.ts';
import type { Subscriber } from './subscriber.ts';

/** The filters of the subscribers of one channel. */
export class EventFilter {
  readonly #log: Log;
  readonly #caller: string;

  /** @param caller Credential key, for the log. */
  constructor(log: Log, caller: string) {
    this.#log = log;
    this.#caller = caller;
  }

  /** Whether the subscriber wants an event; false when the content is gone. */
  wantsRecord(subscriber: Subscriber, { delivery }: EventRecord): boolean {
    return delivery !== undefined && this.wants(subscriber, delivery.event);
  }

  wants(subscriber: Subscriber, event: GatewayEvent): boolean {
    try {
      return subscriber.options.wants(event);
    } catch (error) {
      this.#log.error('subscriber failed', { caller: this.#caller, code: 'INTERNAL', ...describeUnexpected(error) });
      subscriber.end(new GatewayError('INTERNAL', { cause: error }));
      return false;
    }
  }
}

/** Whether a replayed event is already settled for this subscriber. */
export function isSettledFor(
  { options, settledBefore }: Subscriber,
  { settledOrder, ackedByClient }: EventRecord,
): boolean {
  return options.acknowledge === 'AUTO' ? settledOrder !== 0 && settledOrder <= settledBefore : ackedByClient;
}
