/** The whole stream, and the state of the connection behind it. */
import type { ConnectionStatus } from '../gateway-event.ts';
import { builder } from './builder.ts';
import { EventRef, EventTypeRef } from './event/event.ts';
import { eventNodes, mapSource } from './event/source.ts';
import { intOf } from './numbers.ts';

builder.subscriptionType({
  description:
    'Live events of the caller’s own stream. All subscriptions of a caller share one stream. Lost connections to the upstream are made again without an error; a subscription ends with a code in `errors`: UNAUTHENTICATED, FORBIDDEN, SLOW_CONSUMER (the client takes events too slowly) or SHUTTING_DOWN (subscribe again, with `after`).',
});

const AcknowledgeModeRef = builder.enumType('AcknowledgeMode', {
  description: 'When the upstream may forget an event. What it may not forget it sends again.',
  values: {
    AUTO: { description: 'Once the event was handed to this client’s connection.' },
    MANUAL: {
      description:
        'Once the client names it in `acknowledgeEvents`, whatever AUTO subscriptions of the same caller are handed. A client that was cut off is given what it did not name when it subscribes again with the same `types`, with or without `after`, within the time the gateway holds it (MANUAL_HOLD_MS, two minutes); later only what no AUTO subscription was handed.',
    },
  },
});

const ConnectionStateRef = builder.enumType('ConnectionState', {
  description: 'State of the connection between gateway and upstream.',
  values: {
    CONNECTING: { description: 'The first connection is being made.' },
    REPLAYING: { description: 'Stored events are coming.' },
    LIVE: { description: 'New events come as they happen.' },
    RECONNECTING: { description: 'The connection was lost and is being made again; nothing stored gets lost.' },
    CLOSED: { description: 'It will not come back: subscribe anew.' },
  } satisfies Record<ConnectionStatus['state'], object>,
});

const ConnectionStatusRef = builder.objectRef<ConnectionStatus>('ConnectionStatus').implement({
  description: 'The connection between gateway and upstream that carries the caller’s events.',
  fields: (t) => ({
    state: t.expose('state', { type: ConnectionStateRef, nullable: false, description: 'Its state.' }),
    attempt: t.exposeInt('attempt', {
      nullable: false,
      description: 'Attempts to connect since it last worked, the running one included; 0 while it works.',
    }),
    since: t.expose('since', { type: 'DateTime', nullable: false, description: 'When this state began.' }),
    replayCount: t.int({
      description: 'Stored events the upstream announced; null outside REPLAYING, and when it does not say.',
      resolve: ({ replayCount }) => intOf(replayCount, 'advisory.replay_message_count'),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  events: t.field({
    type: EventRef,
    nullable: false,
    description: 'Everything that happens to the caller, in the upstream’s order: first what was stored, then live.',
    args: {
      types: t.arg({
        type: [EventTypeRef],
        description: 'Only these; all when left out. The others stay stored upstream. Gaps are always told.',
      }),
      acknowledge: t.arg({
        type: AcknowledgeModeRef,
        required: true,
        defaultValue: 'AUTO',
        description: 'When the upstream may forget an event.',
      }),
      after: t.arg.id({
        description:
          'Resume after the event with this id: also with events that are acknowledged, as long as the gateway has them (minutes). A `SubscriptionGap` comes first when it cannot tell what was missed.',
      }),
    },
    subscribe: (_root, { types, acknowledge, after }, context) => {
      const wanted = types == null ? undefined : new Set<string>(types);
      const subscription = context.services.hub.subscribe(context.credential, {
        wants: ({ type }) => wanted === undefined || type === 'SUBSCRIPTION_GAP' || wanted.has(type),
        acknowledge,
        filter: wanted === undefined ? '*' : [...wanted].sort().join(' '),
        after: after ?? undefined,
        signal: context.caller.cancellation?.signal,
      });
      return mapSource(subscription, eventNodes);
    },
    resolve: (event) => event,
  }),
  connectionStatus: t.field({
    type: ConnectionStatusRef,
    nullable: false,
    description: 'The state of the connection behind the caller’s subscriptions: at once, then whenever it changes.',
    subscribe: (_root, _args, context) => {
      const subscription = context.services.hub.subscribe(context.credential, {
        wants: () => false,
        acknowledge: 'AUTO',
        signal: context.caller.cancellation?.signal,
        includeStatus: true,
      });
      return mapSource(subscription, (delivery) => (delivery.kind === 'status' ? [delivery.status] : []));
    },
    resolve: (status) => status,
  }),
}));
