import { maxAcknowledgedIds } from '../../config/event-settings.ts';
import { GatewayError } from '../../errors.ts';
import { idsPerCall } from '../../events/acknowledgement/acknowledger.ts';
import { dropEventConnections } from '../../upstream/endpoints/events.ts';
import { attributeErrorTo } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';

const AcknowledgeEventsInput = builder.inputType('AcknowledgeEventsInput', {
  description: 'The events to acknowledge upstream.',
  fields: (t) => ({
    eventIds: t.idList({
      required: true,
      description: `Ids of events, from \`Event.id\`; at most ${maxAcknowledgedIds}. Repeated and unknown ids cause no error.`,
    }),
  }),
});

const AcknowledgeEventsPayload = builder
  .objectRef<{ eventIds: readonly string[] }>('AcknowledgeEventsPayload')
  .implement({
    description: 'The upstream has accepted the acknowledgement.',
    fields: (t) => ({
      acknowledgedEventIds: t.idList({
        nullable: false,
        description:
          'The ids from the input. An event that another subscription still holds is acknowledged upstream once that subscription releases it.',
        resolve: ({ eventIds }) => [...eventIds],
      }),
    }),
  });

const DropEventConnectionsPayload = builder.objectRef<{ count: number }>('DropEventConnectionsPayload').implement({
  description: 'The event connections that were closed.',
  fields: (t) => ({
    count: t.exposeInt('count', {
      nullable: false,
      description:
        'Number of closed connections, on all devices of the caller. Connections of live subscriptions reconnect.',
    }),
  }),
});

builder.mutationFields((t) => ({
  acknowledgeEvents: t.field({
    type: AcknowledgeEventsPayload,
    extensions: costs({ perItem: 1 / idsPerCall, items: { by: 'list', argument: 'input.eventIds' } }),
    description:
      'Acknowledges events, so that the upstream does not send them again: for subscriptions with `acknowledge: MANUAL`. It does not mark messages as read; see `updateMessageStatus`.',
    args: {
      input: t.arg({ type: AcknowledgeEventsInput, required: true, description: 'The events to acknowledge, by id.' }),
    },
    resolve: async (_root, { input: { eventIds } }, context) => {
      const acknowledgement = context.services.hub.acknowledge(context.credential, eventIds);
      // The hub sends one call for several clients at once, so its start is unknown here.
      const write = context.caller.writes?.track({ operationId: 'ackEvents', method: 'POST' });
      write?.sent();
      await attributeErrorTo('input.eventIds', 'ids of events', acknowledgement).catch((error: unknown) => {
        write?.attemptFailed(error instanceof GatewayError && (!error.retryable || error.code === 'RATE_LIMITED'));
        throw error;
      });
      return { eventIds };
    },
  }),
  dropEventConnections: t.field({
    type: DropEventConnectionsPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Makes the upstream close all event connections of the caller, on every device.',
    resolve: async (_root, _args, { upstream, services, credential }) => ({
      count: await dropEventConnections(upstream, services.conversationMemory.versions.streamOf(credential)),
    }),
  }),
}));
