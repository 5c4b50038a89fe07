import { limits } from '../../bounds.ts';
import { badRequest } from '../../http/http-error.ts';
import {
  bodyOf,
  featuresOf,
  isTrue,
  itemsOf,
  pathValue,
  type RequestContext,
  type Routes,
  success,
} from '../../http/request-context.ts';
import { counterpartOf, findConversation, isParticipant } from '../../state/conversation.ts';
import type { Conversation } from '../../state/conversation-types.ts';
import { summaryOf } from '../../state/conversation-view.ts';
import { markMessage } from '../../state/delivery.ts';
import { readableMessage } from '../../state/message.ts';
import { sendMessage } from '../../state/send.ts';
import type { Message } from '../../state/world-types.ts';
import { countsWire } from '../../wire/v5/conversation.ts';
import { timelineMessage } from '../../wire/v5/message.ts';
import { requireAtMost } from '../acting.ts';
import { attachmentRoutes } from '../attachment.ts';
import { escalateSent, forwarded, minutesIn, once, priorityOf } from '../message.ts';
import { itemFor } from './conversation.ts';

export const messageRoutesV5: Routes = {
  /** Returns the conversation with the new message as its last; the sender's counts are not raised by it. */
  sendMessageV5: (context) => {
    const { world, caller, session, file } = context;
    const fields = bodyOf(context, 'sendMessageV5');
    if (fields.body === undefined && file === undefined && fields.data === undefined) {
      throw badRequest('body is required, unless there is an attachment or data');
    }
    return once(context, (requestId) => {
      const conversation = findConversation(world, caller, fields.conversation_id);
      const message = sendMessage(world, caller, {
        ...addressOf(context, conversation),
        body: fields.body ?? '',
        ttl: minutesToLive(fields.ttl),
        deleteOnRead: fields.dor === undefined ? undefined : isTrue(fields.dor),
        priority: priorityOf(fields.priority),
        data: fields.data?.map((datum) => ({ ...datum, mimetype: 'application/json' })),
        file,
        subType: fields.sub_type,
        requestId,
        cause: session,
      });
      escalateSent(context, message, fields.escalate);
      const headers = { 'TT-X-Message-Id': message.id };
      // Read again: the first message makes a conversation part of the world.
      const after = findConversation(world, caller, conversation.id);
      return { message, reply: success(itemFor(context, after), headers) };
    });
  },

  /** Returns the new message under `message`: with a conversation, the JavaScript SDK counts the forward as failed. */
  forwardMessageV5: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'forwardMessageV5');
    return once(context, (requestId) => {
      const original = readableMessage(world, caller, pathValue(context, 'message_token'));
      const conversation = findConversation(world, caller, fields.conversation_id);
      const to = { ...addressOf(context, conversation), requestId };
      // The client sends an empty list for "no data of its own".
      const { data = [], priority } = fields;
      const own = { ...(priority === undefined ? {} : { priority }), ...(data.length === 0 ? {} : { data }) };
      const message = sendMessage(world, caller, forwarded(context, original, to, own));
      return { message, reply: success(inConversation(context, message), { 'TT-X-Message-Id': message.id }) };
    });
  },

  getMessageV5: (context) => {
    const { world, caller } = context;
    return success(inConversation(context, readableMessage(world, caller, pathValue(context, 'message_token'))));
  },

  getMessageAttachmentV5: attachmentRoutes.getMessageAttachment,

  /** Returns the counts of the conversations of all named messages that the caller may mark. */
  updateMessageStatusV5: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'updateMessageStatusV5');
    const [delivered, read] = [itemsOf(fields.delivered), itemsOf(fields.read)];
    requireAtMost('delivered and read', [...delivered, ...read], limits.bulkMarks);
    for (const id of delivered) markMessage(world, caller, id, 'Delivered');
    for (const id of read) markMessage(world, caller, id, 'Read');
    const touched = new Set([...delivered, ...read].flatMap((id) => world.messages.get(id)?.conversationId ?? []));
    const counts = [...touched].flatMap((id) => {
      const conversation = world.conversations.get(id);
      if (conversation === undefined || !isParticipant(world, caller, conversation)) return [];
      return [[id, countsWire(summaryOf(world, caller.token, conversation))] as const];
    });
    return success(Object.fromEntries(counts));
  },
};

/** The counterpart of a conversation as the recipient of a message, in the organization of the conversation. */
function addressOf({ caller }: RequestContext, conversation: Conversation) {
  const { organization } = conversation;
  return {
    recipient: counterpartOf(conversation, caller.token).token,
    senderOrganization: organization,
    recipientOrganization: organization,
  };
}

function inConversation(context: RequestContext, message: Message) {
  return {
    ...(message.conversationId === undefined ? {} : { conversation_id: message.conversationId }),
    message: timelineMessage(context.world, context.caller, message, featuresOf(context)),
  };
}

/** "-1, which the SDK sends by default, leaves it to the organization" (contract, MessageSendV5). */
function minutesToLive(value: number | string | undefined): number | undefined {
  const minutes = minutesIn(value);
  return minutes === -1 ? undefined : minutes;
}
