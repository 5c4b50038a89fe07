/** The options of a subscription, and the subscription itself. */
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { CancellationSource } from '../../upstream/cancellation.ts';
import type { AckIterator, AckSource } from '../acknowledgement/ack-source.ts';
import type { Delivery } from '../record/delivery.ts';

export interface SubscribeOptions {
  /** Filter of the events to deliver; others stay unacknowledged. An exception ends this subscription with INTERNAL. */
  wants(event: GatewayEvent): boolean;
  /** AUTO: an event is acknowledged upstream after its delivery. MANUAL: after the client acknowledges its id. */
  readonly acknowledge: 'AUTO' | 'MANUAL';
  /**
   * Key of the filter: equal keys promise equal results of `wants`. It matches a returning MANUAL subscriber with the interest
   * of one that left. Default: the identity of the `wants` function.
   */
  readonly filter?: string | undefined;
  /** Resume after this event id. */
  readonly after?: string | undefined;
  /** Cancels the subscription when its client disconnects. */
  readonly cancellation?: CancellationSource | undefined;
  /** Also yield the connection status, once at the start and on every change. Default false. */
  readonly includeStatus?: boolean | undefined;
}

/**
 * A subscription offers two ways to read. As an AckSource, the consumer confirms deliveries with `ack()`. As an iterator, a
 * request for the next item confirms the one before. An item that was read but not confirmed counts as undelivered when the
 * subscriber cancels. After an error such an item can still be confirmed, but its acknowledgement does not wait for that.
 */
export interface EventSubscription extends AckSource<Delivery>, AckIterator<Delivery> {}
