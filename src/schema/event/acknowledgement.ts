import { maxAcknowledgedIds } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { idsPerCall } from '../../events/acknowledger.ts';
import { dropEventConnections } from '../../upstream/endpoints/events.ts';
import { attributeErrorTo } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';

const AcknowledgeEventsInput = builder.inputType('AcknowledgeEventsInput', {
  description: 'Events the upstream may forget.',
  fields: (t) => ({
    eventIds: t.idList({
      required: true,
      description: `Ids of events, as \`Event.id\` gives them; at most ${maxAcknowledgedIds}. Repeats and unknown ones are no error.`,
    }),
  }),
});

const AcknowledgeEventsPayload = builder
  .objectRef<{ eventIds: readonly string[] }>('AcknowledgeEventsPayload')
  .implement({
    description: 'The upstream has taken the acknowledgement.',
    fields: (t) => ({
      acknowledgedEventIds: t.idList({
        nullable: false,
        description: 'The ids that were named. One that another subscription still waits for follows on its own.',
        resolve: ({ eventIds }) => [...eventIds],
      }),
    }),
  });

const DropEventConnectionsPayload = builder.objectRef<{ count: number }>('DropEventConnectionsPayload').implement({
  description: 'The event connections that were closed.',
  fields: (t) => ({
    count: t.exposeInt('count', {
      nullable: false,
      description: 'How many, on all devices of the caller. Those of live subscriptions come back by themselves.',
    }),
  }),
});

builder.mutationFields((t) => ({
  acknowledgeEvents: t.field({
    type: AcknowledgeEventsPayload,
    extensions: costs({ perItem: 1 / idsPerCall, items: { by: 'list', argument: 'input.eventIds' } }),
    description:
      'Tells the upstream that events need not come again: for subscriptions with `acknowledge: MANUAL`. Acknowledging is not reading; see `updateMessageStatus`.',
    args: { input: t.arg({ type: AcknowledgeEventsInput, required: true, description: 'Which.' }) },
    resolve: async (_root, { input: { eventIds } }, context) => {
      const acknowledgement = context.services.hub.acknowledge(context.credential, eventIds);
      await attributeErrorTo('input.eventIds', 'ids of events', acknowledgement).catch((error: unknown) => {
        // The hub makes the call, for several clients at once: whether it left is not known here.
        if (error instanceof GatewayError && error.retryable && error.code !== 'RATE_LIMITED') {
          context.caller.writes?.sent({ operationId: 'ackEvents', method: 'POST' });
        }
        throw error;
      });
      return { eventIds };
    },
  }),
  dropEventConnections: t.field({
    type: DropEventConnectionsPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Makes the upstream close all event connections of the caller, on every device.',
    resolve: async (_root, _args, context) => ({ count: await dropEventConnections(context.upstream) }),
  }),
}));
