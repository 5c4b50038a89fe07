import { limits } from '../bounds.ts';
import { forbidden } from '../http/http-error.ts';
import {
  bodyOf,
  empty,
  featuresOf,
  itemsOf,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { markMessage } from '../state/delivery.ts';
import { isExpired, knownMessage, mayReadStatuses } from '../state/message.ts';
import { messageStatusWire } from '../wire/message.ts';
import { requireAtMost } from './acting.ts';

/** Serves PUT, as in the public API listing, and POST, as all clients send. */
function updateStatus(context: RequestContext): Reply {
  const fields = bodyOf(context, 'updateMessageStatus');
  const [delivered, read] = [itemsOf(fields.delivered), itemsOf(fields.read)];
  requireAtMost('delivered and read', [...delivered, ...read], limits.bulkMarks);
  for (const id of delivered) markMessage(context.world, context.caller, id, 'Delivered');
  for (const id of read) markMessage(context.world, context.caller, id, 'Read');
  return empty();
}

export const statusRoutes: Routes = {
  updateMessageStatus: updateStatus,
  updateMessageStatusPost: updateStatus,

  getMessageStatus: (context) => {
    const { world, caller } = context;
    const message = knownMessage(world, caller, pathValue(context, 'message_token'));
    if (!mayReadStatuses(world, caller, message)) throw forbidden();
    return success(messageStatusWire(message, featuresOf(context)));
  },

  /** Messages whose statuses the caller may not read are omitted (NOTES.md, open question 8). */
  getBulkMessageStatus: (context) => {
    const { world, caller } = context;
    const { messages } = bodyOf(context, 'getBulkMessageStatus');
    requireAtMost('messages', messages, limits.bulkStatuses);
    const known = [...new Set(messages)].flatMap((id) => {
      const message = world.messages.get(id);
      if (message === undefined || isExpired(world, message)) return [];
      try {
        knownMessage(world, caller, id);
      } catch {
        return [];
      }
      return mayReadStatuses(world, caller, message) ? [messageStatusWire(message, featuresOf(context))] : [];
    });
    return success({ bulk_message_statuses: known });
  },
};
