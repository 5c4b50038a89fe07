/**
 * Sources of subscriptions to one kind of event, on the same stream as `events`. Events are acknowledged once written to the
 * client's connection. An event over STREAM_MAX_FRAME may be of any kind: each subscription reports it as an error and continues.
 */
import type { GatewayContext } from '../../context.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { GatewayError } from '../../errors.ts';
import type { Delivery, EventDelivery } from '../../events/hub.ts';
import type { EventNode } from './event.ts';
import { type MappedSource, mapSource } from './source.ts';

/** Delivery of an event over STREAM_MAX_FRAME, whose type and content are unknown. */
export type Skipped = EventNode<'SUBSCRIPTION_GAP'>;

function isSkipped(item: object): item is Skipped {
  return 'event' in item && (item as EventDelivery).event.type === 'SUBSCRIPTION_GAP'; // items with an event are deliveries
}

/** @throws GatewayError `EVENT_TOO_LARGE` for a skipped event. */
export function present<Item extends object>(item: Item | Skipped): Item {
  if (isSkipped(item)) throw new GatewayError('EVENT_TOO_LARGE');
  return item;
}

/**
 * Subscribes to the events of a typed subscription field, acknowledged on delivery. Skipped events, which were too large, are among them.
 * @param itemsOf The items of one event.
 */
export function subscribe<Item>(
  context: GatewayContext,
  wants: (event: GatewayEvent) => boolean,
  itemsOf: (delivery: EventDelivery) => readonly Item[],
): MappedSource<Item | Skipped> {
  const subscription = context.services.hub.subscribe(context.credential, {
    wants: (event) => event.type === 'SUBSCRIPTION_GAP' || wants(event),
    acknowledge: 'AUTO',
    cancellation: context.caller.cancellation,
  });
  return mapSource(subscription, (delivery: Delivery): readonly (Item | Skipped)[] => {
    if (delivery.kind !== 'event') return [];
    return isSkipped(delivery) ? [delivery] : itemsOf(delivery);
  });
}

/** The events of one type that pass `test`. */
export function subscribeTo<Type extends GatewayEvent['type']>(
  context: GatewayContext,
  type: Type,
  test: (event: EventNode<Type>['event']) => boolean = () => true,
): MappedSource<EventNode<Type> | Skipped> {
  const isOfType = (event: GatewayEvent): event is GatewayEvent & EventNode<Type>['event'] => event.type === type;
  // The delivery itself, not a copy: its identity lets subscribers of one caller share results.
  const isDelivery = (delivery: EventDelivery): delivery is EventDelivery & EventNode<Type> => isOfType(delivery.event);
  return subscribe(
    context,
    (event) => isOfType(event) && test(event),
    (delivery) => (isDelivery(delivery) ? [delivery] : []),
  );
}
