/** The whole stream, and the state of the connection behind it. */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import { builder } from '../builder.ts';
import { EventRef, EventTypeRef } from '../event/event.ts';
import { eventNodes, mapSource } from '../event/source.ts';
import { intOf } from '../numbers.ts';

builder.subscriptionType({
  description:
    'Live events of the caller’s own stream. All subscriptions of a caller share one stream. Lost connections to the upstream are reopened without an error. A subscription ends with a code in `errors`: UNAUTHENTICATED, FORBIDDEN, SLOW_CONSUMER (the client takes events too slowly) or SHUTTING_DOWN (subscribe again, with `after`).',
});

const AcknowledgeModeRef = builder.enumType('AcknowledgeMode', {
  description:
    'Condition under which an event is acknowledged upstream. The upstream sends unacknowledged events again.',
  values: {
    AUTO: { description: 'Acknowledged once the event is written to this client’s connection.' },
    MANUAL: {
      description:
        'Acknowledged once the client sends the id to `acknowledgeEvents`, even when AUTO subscriptions of the same caller received it. A disconnected client that subscribes again with the same `types`, with or without `after`, receives the events it did not acknowledge, for as long as the gateway holds them (MANUAL_HOLD_MS, two minutes by default). After that time it receives only events that no AUTO subscription received.',
    },
  },
});

const ConnectionStateRef = builder.enumType('ConnectionState', {
  description: 'State of the connection between gateway and upstream.',
  values: {
    CONNECTING: { description: 'The first connection is being opened.' },
    REPLAYING: { description: 'Connected; stored events are arriving.' },
    LIVE: { description: 'Connected; events arrive as they happen.' },
    RECONNECTING: { description: 'The connection was lost and is being reopened; stored events are not lost.' },
    CLOSED: { description: 'The connection has ended for good; subscribe again.' },
  } satisfies Record<ConnectionStatus['state'], object>,
});

const ConnectionStatusRef = builder.objectRef<ConnectionStatus>('ConnectionStatus').implement({
  description: 'The connection between gateway and upstream that carries the caller’s events.',
  fields: (t) => ({
    state: t.expose('state', { type: ConnectionStateRef, nullable: false, description: 'State of the connection.' }),
    attempt: t.exposeInt('attempt', {
      nullable: false,
      description:
        'Number of attempts to connect since the connection last worked, including the current attempt; 0 while it works.',
    }),
    since: t.expose('since', { type: 'DateTime', nullable: false, description: 'Time this state began.' }),
    replayCount: t.int({
      description:
        'Number of stored events that the upstream announced; null outside REPLAYING, and when the upstream does not say.',
      resolve: ({ replayCount }) => intOf(replayCount, 'advisory.replay_message_count'),
    }),
  }),
});

builder.subscriptionFields((t) => ({
  events: t.field({
    type: EventRef,
    nullable: false,
    description: 'All events of the caller, in the upstream’s order: first stored events, then live ones.',
    args: {
      types: t.arg({
        type: [EventTypeRef],
        description:
          'Types of events to deliver; all types when left out. Other events stay stored upstream. A `SubscriptionGap` is always delivered.',
      }),
      acknowledge: t.arg({
        type: AcknowledgeModeRef,
        required: true,
        defaultValue: 'AUTO',
        description: 'Condition under which an event is acknowledged upstream.',
      }),
      after: t.arg.id({
        description:
          'Resumes after the event with this id. Acknowledged events are delivered again while the gateway holds them (minutes). A `SubscriptionGap` comes first when events may be missing. A stored notice may come again when the upstream repeats it after this event.',
      }),
    },
    subscribe: (_root, { types, acknowledge, after }, context) => {
      const wanted = types == null ? undefined : new Set<string>(types);
      const subscription = context.services.hub.subscribe(context.credential, {
        wants: ({ type }) => wanted === undefined || type === 'SUBSCRIPTION_GAP' || wanted.has(type),
        acknowledge,
        filter: wanted === undefined ? '*' : [...wanted].sort().join(' '),
        after: after ?? undefined,
        cancellation: context.caller.cancellation,
      });
      return mapSource(subscription, eventNodes);
    },
    resolve: (event) => event,
  }),
  connectionStatus: t.field({
    type: ConnectionStatusRef,
    nullable: false,
    description:
      'State of the upstream connection that carries the caller’s events: the current state first, then every change.',
    subscribe: (_root, _args, context) => {
      const subscription = context.services.hub.subscribe(context.credential, {
        wants: () => false,
        acknowledge: 'AUTO',
        cancellation: context.caller.cancellation,
        includeStatus: true,
      });
      return mapSource(subscription, (delivery) => (delivery.kind === 'status' ? [delivery.status] : []));
    },
    resolve: (status) => status,
  }),
}));
