import { badRequest } from '../http-error.ts';
import {
  bodyOf,
  type Exchange,
  empty,
  featuresOf,
  isTrue,
  pathValue,
  type Reply,
  type Routes,
  success,
} from '../request-context.ts';
import { recallMessage } from '../state/delivery.ts';
import { type Message, readableMessage } from '../state/message.ts';
import { type Outgoing, sendMessage } from '../state/send.ts';
import { messageWire } from '../wire/message.ts';

export const messageRoutes: Routes = {
  sendMessage: (exchange) => {
    const fields = bodyOf(exchange, 'sendMessage');
    const recipient = fields.recipient || (exchange.query.get('recipient') ?? '');
    if (recipient === '') throw badRequest('recipient is required');
    if (fields.body === undefined && exchange.file === undefined && fields.data === undefined) {
      throw badRequest('body is required, unless there is an attachment or data');
    }
    return once(exchange, (requestId) => {
      const message = sendMessage(exchange.world, exchange.caller, {
        recipient,
        body: fields.body ?? '',
        sender: fields.sender,
        senderOrganization: fields.sender_organization || undefined,
        recipientOrganization: fields.recipient_organization || undefined,
        ttl: minutes(fields.ttl),
        deleteOnRead: fields.dor === undefined ? undefined : isTrue(fields.dor),
        priority: priorityOf(fields.priority),
        data: fields.data,
        file: exchange.file,
        subType: fields.sub_type,
        requestId,
      });
      const headers = { 'TT-X-Message-Id': message.id };
      const wantsMessage = exchange.query.get('response_format') === 'message';
      const reply = () => success(messageWire(exchange.world, exchange.caller, message, featuresOf(exchange)), headers);
      return { message, reply: wantsMessage ? reply() : empty(headers) };
    });
  },

  /** The new message carries the old one's text, data and file; its origin stays the first one however often it moves on. */
  forwardMessage: (exchange) => {
    const { world, caller } = exchange;
    const fields = bodyOf(exchange, 'forwardMessage');
    const recipient = fields.recipient || fields.recipient_token || '';
    if (recipient === '') throw badRequest('recipient is required');
    return once(exchange, (requestId) => {
      // Not before: a repeated forward is answered alike when its original went meanwhile.
      const original = readableMessage(world, caller, pathValue(exchange, 'message_token'));
      const message = sendMessage(world, caller, forwarded(exchange, original, { recipient, requestId }, fields));
      return { message, reply: empty({ 'TT-X-Message-Id': message.id }) };
    });
  },

  getMessage: (exchange) => {
    const { world, caller } = exchange;
    const message = readableMessage(world, caller, pathValue(exchange, 'message_token'));
    return success(messageWire(world, caller, message, featuresOf(exchange)));
  },

  deleteMessage: (exchange) => {
    recallMessage(exchange.world, exchange.caller, pathValue(exchange, 'message_token'));
    return empty();
  },
};

function forwarded(
  { world }: Exchange,
  original: Message,
  to: Pick<Outgoing, 'recipient' | 'requestId'>,
  fields: ReturnType<typeof bodyOf<'forwardMessage'>>,
): Outgoing {
  const file = world.files.get(original.id);
  return {
    ...to,
    body: original.body,
    senderOrganization: fields.sender_organization || undefined,
    recipientOrganization: fields.recipient_organization || undefined,
    // The life its author chose, counted anew.
    ttl: original.ttl,
    deleteOnRead: original.deleteOnRead,
    priority: priorityOf(fields.priority) ?? original.priority,
    data: fields.data ?? original.data,
    ...(file === undefined ? {} : { file }),
    origin: original.origin ?? {
      messageId: original.id,
      sender: original.sender,
      senderName: world.accounts.get(original.sender)?.displayName ?? '',
      createdAt: original.createdAt,
      data: original.data,
    },
  };
}

/** "A second call with the same value answers 304 and the original TT-X-Message-Id": per caller, sends and forwards alike. */
function once(exchange: Exchange, send: (requestId: string | undefined) => { message: Message; reply: Reply }): Reply {
  const requestId = exchange.header('Request-ID') || undefined;
  if (requestId === undefined) return send(undefined).reply;
  const key = `${exchange.caller.token} ${requestId}`;
  const original = exchange.world.requestIds.get(key);
  if (original !== undefined) return { status: 304, headers: { 'TT-X-Message-Id': original } };
  const { message, reply } = send(requestId);
  exchange.world.requestIds.set(key, message.id);
  return reply;
}

/** Numbers, or the same as text; minutes, -1 never. */
function minutes(value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || (number < 1 && number !== -1))
    throw badRequest('ttl: expected minutes, or -1 for never');
  return number;
}

function priorityOf(value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (![-1, 0, 1].includes(number)) throw badRequest('priority: expected -1, 0 or 1');
  return number;
}
