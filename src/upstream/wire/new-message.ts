/** Encodes messages to send or forward, as JSON or as multipart parts. */

import type { MessageDatum, Priority } from '../../domain/domain.ts';
import { headerValue, type Part } from '../request.ts';
import type { Upload } from '../upload.ts';

export interface NewMessage {
  /** Token of a user, group or list, or a user's e-mail address, phone number or login name. */
  readonly recipient: string;
  readonly body?: string | undefined;
  /** Token of the role to speak as; default: the caller. */
  readonly role?: string | undefined;
  /** Starts the escalation configured for the recipient; default: false. */
  readonly escalate?: boolean | undefined;
  readonly attachment?: Upload | undefined;
  /** Minutes until the message expires; -1: never. */
  readonly ttl?: number | undefined;
  readonly deleteOnRead?: boolean | undefined;
  readonly priority?: Priority | undefined;
  readonly data?: readonly MessageDatum[] | undefined;
  readonly senderOrganization?: string | undefined;
  /** Default: `senderOrganization`. */
  readonly recipientOrganization?: string | undefined;
  /** Idempotency key: the upstream stores one message per Request-ID, so a send can be repeated. */
  readonly requestId: string;
}

export type MessageForward = Pick<
  NewMessage,
  'recipient' | 'priority' | 'data' | 'senderOrganization' | 'recipientOrganization' | 'requestId'
>;

const priorities = { LOW: -1, NORMAL: 0, HIGH: 1 } as const satisfies Record<Priority, number>;

/** The contract's MessageSend, or MessageForward for a forwarded message. Undefined fields are not sent. */
export function encodeMessage(message: Omit<NewMessage, 'attachment'>): Readonly<Record<string, unknown>> {
  return {
    recipient: message.recipient,
    body: message.body,
    sender: message.role,
    escalate: message.escalate,
    sender_organization: message.senderOrganization,
    recipient_organization: message.recipientOrganization ?? message.senderOrganization,
    ttl: message.ttl,
    dor: message.deleteOnRead,
    priority: message.priority === undefined ? undefined : priorities[message.priority],
    data: message.data?.map(({ mimeType, namespace, payload }) => ({ mimetype: mimeType, namespace, payload })),
  };
}

/** The contract's MessageSendV5: the conversation takes the place of the recipient and of both organizations. */
export function encodeMessageToConversation(
  conversation: string,
  message: Omit<NewMessage, 'attachment' | 'recipient' | 'role'>,
): Readonly<Record<string, unknown>> {
  const { recipient: _recipient, ...fields } = encodeMessage({ ...message, recipient: '' });
  return {
    ...fields,
    sender_organization: undefined,
    recipient_organization: undefined,
    conversation_id: conversation,
  };
}

/**
 * The same as multipart parts: numbers and booleans as text, one part per datum with its namespace in a header (contract,
 * sendMessage, multipart encoding), and the file as the last part.
 */
export function encodeMessageParts(message: NewMessage, attachment: Upload): Part[] {
  const { data: _data, ...fields } = encodeMessage(message);
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) parts.push({ name, text: String(value) });
  }
  for (const [index, datum] of (message.data ?? []).entries()) {
    parts.push({
      name: 'data',
      text: datum.payload,
      contentType: datum.mimeType,
      headers: ['TT-X-Namespace', headerValue(`input.data.${index}.namespace`, datum.namespace)],
    });
  }
  parts.push({ name: 'attachment', file: attachment });
  return parts;
}
