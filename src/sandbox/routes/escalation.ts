import {
  bodyOf,
  empty,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import {
  cancelEscalation,
  confirmEscalation,
  escalate,
  type NamedEscalation,
  skipEscalation,
} from '../state/escalation.ts';
import { readableMessage } from '../state/message.ts';
import type { Message } from '../state/world-types.ts';
import { escalationWire } from '../wire/escalation.ts';

/** Wrapped under `escalation` (contract, escalateMessage). */
function start(context: RequestContext): Reply {
  const { world, caller } = context;
  return success({ escalation: escalationWire(world, escalate(world, caller, messageOf(context))) });
}

/** Not wrapped (contract, confirmEscalation). */
function confirm(context: RequestContext): Reply {
  const { world, caller } = context;
  const as = bodyOf(context, 'confirmEscalation').confirm_as;
  return success(escalationWire(world, confirmEscalation(world, caller, named(context, as))));
}

function skip(context: RequestContext): Reply {
  const { world, caller } = context;
  const as = bodyOf(context, 'skipEscalation').skip_as;
  return success(escalationWire(world, skipEscalation(world, caller, named(context, as))));
}

function cancel(context: RequestContext): Reply {
  cancelEscalation(context.world, context.caller, messageOf(context));
  return empty();
}

export const escalationRoutes: Routes = {
  escalateMessage: start,
  escalateMessageV5: start,
  confirmEscalation: confirm,
  confirmEscalationV5: confirm,
  skipEscalation: skip,
  skipEscalationV5: skip,
  cancelEscalation: cancel,
  cancelEscalationV5: cancel,
};

function messageOf(context: RequestContext): Message {
  return readableMessage(context.world, context.caller, pathValue(context, 'message_token'));
}

function named(context: RequestContext, as: readonly string[]): NamedEscalation {
  return {
    message: pathValue(context, 'message_token'),
    escalation: pathValue(context, 'escalation_id'),
    as,
  };
}
