/** Endpoints that create a message: send and forward, to a recipient or into a conversation. */

import type { ConversationState } from '../../domain/conversation.ts';
import type { Message } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../util/is-record.ts';
import { headerValue, type UpstreamReply, type UpstreamRequest } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeConversation } from '../wire/conversation.ts';
import { decodeMessage } from '../wire/message.ts';
import {
  encodeMessage,
  encodeMessageParts,
  encodeMessageToConversation,
  type MessageForward,
  type NewMessage,
} from '../wire/new-message.ts';
import { decodeOrError, readString } from '../wire/read.ts';
import { path } from './path.ts';

export interface SentMessage {
  readonly token: string;
  /** Undefined when the reply contains only the token. */
  readonly message: Message | undefined;
  /** The upstream processed this Request-ID before and stored nothing new. */
  readonly alreadyStored: boolean;
}

/** Sends a message. Retried with the same Request-ID, unless bytes of an attachment have already been sent. */
export async function sendMessage(upstream: Upstream, message: NewMessage): Promise<SentMessage> {
  const call: UpstreamRequest = {
    operationId: 'sendMessage',
    method: 'POST',
    path: '/v2/message?response_format=message',
    headers: ['request-id', headerValue('requestId', message.requestId)],
    idempotencyKey: message.requestId,
    ...(message.attachment === undefined
      ? { json: encodeMessage(message) }
      : { parts: encodeMessageParts(message, message.attachment) }),
    repeatable: true,
    acceptNotModified: true,
  };
  return upstream.read(call, (response) => decodeSent(response, 'sendMessage'));
}

/** A message that was sent into a conversation, and the conversation as the sender sees it now. */
export interface SentToConversation extends SentMessage {
  /** Undefined when the upstream had stored the message before, or its reply breaks the contract. */
  readonly state: ConversationState | undefined;
}

/**
 * Sends a message without a file into a conversation (v5). Retried with the same Request-ID.
 * @param conversation The upstream's id.
 */
export function sendToConversation(
  upstream: Upstream,
  conversation: string,
  message: Omit<NewMessage, 'attachment' | 'recipient' | 'role'>,
): Promise<SentToConversation> {
  const call: UpstreamRequest = {
    operationId: 'sendMessageV5',
    method: 'POST',
    path: '/v5/message',
    headers: ['request-id', headerValue('requestId', message.requestId)],
    idempotencyKey: message.requestId,
    json: encodeMessageToConversation(conversation, message),
    repeatable: true,
    acceptNotModified: true,
  };
  return upstream.read(call, (response) => {
    const decoded = response.reply === undefined ? undefined : decodeOrError(response.reply, decodeConversation);
    const state = decoded instanceof GatewayError ? undefined : decoded;
    const last = state?.lastMessage;
    const token = response.header('tt-x-message-id') ?? last?.token;
    if (token === undefined || token === '') throw invalidReply('sendMessageV5.TT-X-Message-Id');
    // The last message is the new one, unless the header names another (contract, sendMessageV5).
    const isWhole = last?.token === token && last.sender !== undefined;
    return { token, message: isWhole ? last : undefined, alreadyStored: response.status === 304, state };
  });
}

/** Forwards a message to a user or group. Retried with the same Request-ID. */
export async function forwardMessage(upstream: Upstream, token: string, forward: MessageForward): Promise<SentMessage> {
  const call: UpstreamRequest = {
    operationId: 'forwardMessage',
    method: 'POST',
    path: path`/v2/message/${token}/forward`,
    headers: ['request-id', headerValue('requestId', forward.requestId)],
    idempotencyKey: forward.requestId,
    json: encodeMessage(forward),
    repeatable: true,
    acceptNotModified: true,
  };
  return upstream.read(call, (response) => decodeSent(response, 'forwardMessage'));
}

/**
 * Forwards a message into a conversation (v5). Retried with the same Request-ID.
 * @param conversation The upstream's id.
 */
export function forwardToConversation(
  upstream: Upstream,
  token: string,
  conversation: string,
  forward: Pick<MessageForward, 'priority' | 'data' | 'requestId'>,
): Promise<SentMessage> {
  const call: UpstreamRequest = {
    operationId: 'forwardMessageV5',
    method: 'POST',
    path: path`/v5/message/${token}/forward`,
    headers: ['request-id', headerValue('requestId', forward.requestId)],
    idempotencyKey: forward.requestId,
    json: encodeMessageToConversation(conversation, forward),
    repeatable: true,
    acceptNotModified: true,
  };
  return upstream.read(call, (response) => {
    const { reply } = response;
    const id = readString(reply, 'conversation_id') ?? conversation;
    const message = isRecord(reply) && isRecord(reply.message) ? { ...reply.message, conversation_id: id } : undefined;
    return decodeSent({ ...response, reply: message, header: (name) => response.header(name) }, 'forwardMessageV5');
  });
}

/**
 * The token is in the header, in the message, or in both. The message was sent even if the rest of the reply breaks the
 * contract; the result then contains only the token.
 */
function decodeSent(response: UpstreamReply, operationId: string): SentMessage {
  const stored = readString(response.reply, 'message_id') ?? readString(response.reply, 'client_id');
  const token = stored ?? response.header('tt-x-message-id');
  const decoded = stored === undefined ? undefined : decodeOrError(response.reply, decodeMessage);
  const message = decoded instanceof GatewayError ? undefined : decoded;
  if (token === undefined || token === '') throw invalidReply(`${operationId}.TT-X-Message-Id`);
  return { token, message, alreadyStored: response.status === 304 };
}
