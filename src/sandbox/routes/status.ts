import { limits } from '../bounds.ts';
import { forbidden } from '../http-error.ts';
import {
  bodyOf,
  type Exchange,
  empty,
  featuresOf,
  itemsOf,
  pathValue,
  type Reply,
  type Routes,
  success,
} from '../request-context.ts';
import { markMessage } from '../state/delivery.ts';
import { isExpired, knownMessage, mayReadStatuses } from '../state/message.ts';
import { messageStatusWire } from '../wire/message.ts';
import { requireAtMost } from './acting.ts';

/** Served under both verbs: the listing says PUT, every client says POST. */
function updateStatus(exchange: Exchange): Reply {
  const fields = bodyOf(exchange, 'updateMessageStatus');
  const [delivered, read] = [itemsOf(fields.delivered), itemsOf(fields.read)];
  requireAtMost('delivered and read', [...delivered, ...read], limits.bulkMarks);
  for (const id of delivered) markMessage(exchange.world, exchange.caller, id, 'Delivered');
  for (const id of read) markMessage(exchange.world, exchange.caller, id, 'Read');
  return empty();
}

export const statusRoutes: Routes = {
  updateMessageStatus: updateStatus,
  updateMessageStatusPost: updateStatus,

  getMessageStatus: (exchange) => {
    const { world, caller } = exchange;
    const message = knownMessage(world, caller, pathValue(exchange, 'message_token'));
    if (!mayReadStatuses(world, caller, message)) throw forbidden();
    return success(messageStatusWire(message, featuresOf(exchange)));
  },

  /** What the caller may not read is left out (NOTES.md, open question 8). */
  getBulkMessageStatus: (exchange) => {
    const { world, caller } = exchange;
    const { messages } = bodyOf(exchange, 'getBulkMessageStatus');
    requireAtMost('messages', messages, limits.bulkStatuses);
    const known = [...new Set(messages)].flatMap((id) => {
      const message = world.messages.get(id);
      if (message === undefined || isExpired(world, message)) return [];
      try {
        knownMessage(world, caller, id);
      } catch {
        return [];
      }
      return mayReadStatuses(world, caller, message) ? [messageStatusWire(message, featuresOf(exchange))] : [];
    });
    return success({ bulk_message_statuses: known });
  },
};
