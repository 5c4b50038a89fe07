import { badRequest } from '../http/http-error.ts';
import {
  bodyOf,
  empty,
  featuresOf,
  isTrue,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import type { Outgoing } from '../state/addressing.ts';
import { recallMessage } from '../state/delivery.ts';
import { escalate, isEscalated } from '../state/escalation.ts';
import { readableMessage } from '../state/message.ts';
import { sendMessage } from '../state/send.ts';
import type { Message } from '../state/world-types.ts';
import { messageWire } from '../wire/message.ts';

export const messageRoutes: Routes = {
  sendMessage: (context) => {
    const fields = bodyOf(context, 'sendMessage');
    const recipient = fields.recipient || (context.query.get('recipient') ?? '');
    if (recipient === '') throw badRequest('recipient is required');
    if (fields.body === undefined && context.file === undefined && fields.data === undefined) {
      throw badRequest('body is required, unless there is an attachment or data');
    }
    return once(context, (requestId) => {
      const message = sendMessage(context.world, context.caller, {
        recipient,
        body: fields.body ?? '',
        sender: fields.sender,
        senderOrganization: fields.sender_organization || undefined,
        recipientOrganization: fields.recipient_organization || undefined,
        ttl: minutesIn(fields.ttl),
        deleteOnRead: fields.dor === undefined ? undefined : isTrue(fields.dor),
        priority: priorityOf(fields.priority),
        data: fields.data,
        file: context.file,
        subType: fields.sub_type,
        requestId,
        cause: context.session,
      });
      escalateSent(context, message, fields.escalate);
      const headers = { 'TT-X-Message-Id': message.id };
      const wantsMessage = context.query.get('response_format') === 'message';
      const reply = () => success(messageWire(context.world, context.caller, message, featuresOf(context)), headers);
      return { message, reply: wantsMessage ? reply() : empty(headers) };
    });
  },

  /** Copies text, data and file. `origin` refers to the first message, also when a forwarded message is forwarded again. */
  forwardMessage: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'forwardMessage');
    const recipient = fields.recipient || fields.recipient_token || '';
    if (recipient === '') throw badRequest('recipient is required');
    return once(context, (requestId) => {
      // Read inside `once`, so that a repeated forward gets the same answer after the original has expired.
      const original = readableMessage(world, caller, pathValue(context, 'message_token'));
      const to = {
        recipient,
        requestId,
        senderOrganization: fields.sender_organization || undefined,
        recipientOrganization: fields.recipient_organization || undefined,
      };
      const message = sendMessage(world, caller, forwarded(context, original, to, fields));
      return { message, reply: empty({ 'TT-X-Message-Id': message.id }) };
    });
  },

  getMessage: (context) => {
    const { world, caller } = context;
    const message = readableMessage(world, caller, pathValue(context, 'message_token'));
    return success(messageWire(world, caller, message, featuresOf(context)));
  },

  deleteMessage: (context) => {
    recallMessage(context.world, context.caller, pathValue(context, 'message_token'));
    return empty();
  },
};

/** "A send may start one at once", and a policy may start one for every message. */
export function escalateSent({ world, caller }: RequestContext, message: Message, wanted: unknown): void {
  if (isEscalated(world, message, isTrue(wanted))) escalate(world, caller, message);
}

/** A message with the content of another: text, data, file, and the same ttl, starting now. */
export function forwarded(
  { world, session }: RequestContext,
  original: Message,
  to: Pick<Outgoing, 'recipient' | 'requestId' | 'senderOrganization' | 'recipientOrganization'>,
  fields: Pick<ReturnType<typeof bodyOf<'forwardMessage'>>, 'priority' | 'data'>,
): Outgoing {
  const file = world.files.get(original.id);
  return {
    ...to,
    cause: session,
    body: original.body,
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

/** "A second call with the same value answers 304 and the original TT-X-Message-Id": per caller, for sends and forwards. */
export function once(
  context: RequestContext,
  send: (requestId: string | undefined) => { message: Message; reply: Reply },
): Reply {
  const requestId = context.header('Request-ID') || undefined;
  if (requestId === undefined) return send(undefined).reply;
  const key = `${context.caller.token} ${requestId}`;
  const original = context.world.requestIds.get(key);
  if (original !== undefined) return { status: 304, headers: { 'TT-X-Message-Id': original } };
  const { message, reply } = send(requestId);
  context.world.requestIds.set(key, message.id);
  return reply;
}

/** Minutes, or -1 for no expiry, as a number or text. */
export function minutesIn(value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = wholeNumber(value);
  if (!Number.isSafeInteger(number) || (number < 1 && number !== -1))
    throw badRequest('ttl: expected minutes, or -1 for never');
  return number;
}

/**
 * The priority of a message; undefined when left out.
 * @throws HttpError 400 for any other value.
 */
export function priorityOf(value: number | string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = wholeNumber(value);
  if (![-1, 0, 1].includes(number)) throw badRequest('priority: expected -1, 0 or 1');
  return number;
}

/** NaN for text that is no whole number in decimal digits, such as `0x10`, `1e3` and a blank one. */
function wholeNumber(value: number | string): number {
  return typeof value === 'number' || /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
}
