/** Message endpoints: send, forward, read, recall, delivery states. */

import type { Message, MessageStatus } from '../../domain.ts';
import type { ConversationState } from '../../conversation.ts';
import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { headerValue, type Lookup, type UpstreamReply, type UpstreamRequest } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeConversation } from '../wire/conversation.ts';
import { decodeMessage, decodeMessageStatus } from '../wire/message.ts';
import {
  encodeMessage,
  encodeMessageParts,
  encodeMessageToConversation,
  type MessageForward,
  type NewMessage,
} from '../wire/new-message.ts';
import { decodeOrError, decodeRowsByToken, readString, requireArray, requireObject } from '../wire/read.ts';
import { lookupPath, path } from './path.ts';

export interface SentMessage {
  readonly token: string;
  /** Undefined when the reply contains only the token. */
  readonly message: Message | undefined;
  /** The upstream processed this Request-ID before and stored nothing new. */
  readonly alreadyStored: boolean;
}

export interface StatusUpdate {
  /** Message tokens. */
  readonly delivered: readonly string[];
  readonly read: readonly string[];
}

/** Announces support for the delivery state Confirmed (contract, getMessage). */
const canConfirm = ['tt-x-features', 'can-confirm'] as const;

/** Maximum ids per call (contract, x-batch of updateMessageStatus). */
const maxIdsPerCall = 500;

const decodeMessageReply = ({ reply }: UpstreamReply): Message => decodeMessage(reply);

/**
 * Look-up of a message; yields undefined when it is unknown, expired, recalled or not visible to the caller. Never retried:
 * the first read may delete a message with `deleteOnRead`.
 */
export function messageLookup(token: string): Lookup<Message> {
  return {
    request: {
      operationId: 'getMessage',
      method: 'GET',
      path: lookupPath`/v2/message/${token}`,
      headers: canConfirm,
    },
    decode: decodeMessageReply,
  };
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

/** Look-up of a message with its conversation (v5); yields undefined as `messageLookup` does. Never retried either. */
export function messageLookupV5(token: string): Lookup<Message> {
  return {
    request: {
      operationId: 'getMessageV5',
      method: 'GET',
      path: lookupPath`/v5/message/${token}`,
      headers: canConfirm,
    },
    decode: ({ reply }) => {
      const { message, conversation_id: conversationId } = requireObject(reply, 'getMessageV5.reply');
      return decodeMessage({ ...requireObject(message, 'getMessageV5.message'), conversation_id: conversationId });
    },
  };
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

/** Recalls a message; a message that is already recalled is accepted. */
export async function recallMessage(upstream: Upstream, token: string): Promise<void> {
  await upstream.call({ operationId: 'deleteMessage', method: 'DELETE', path: path`/v2/message/${token}` });
}

/** Marks messages delivered or read, in sequential calls of up to 500 ids. Ids the caller may not mark are ignored. */
export async function updateMessageStatus(upstream: Upstream, update: StatusUpdate): Promise<void> {
  for (const chunk of chunks(update)) {
    await upstream.call({
      operationId: 'updateMessageStatus',
      method: 'POST',
      path: '/v2/message/status',
      json: {
        delivered: chunk.delivered.length === 0 ? undefined : chunk.delivered,
        read: chunk.read.length === 0 ? undefined : chunk.read,
      },
    });
  }
}

/** @returns Undefined when the message is unknown or its states are not visible to the caller. */
export function getMessageStatus(upstream: Upstream, token: string): Promise<MessageStatus | undefined> {
  return upstream.find({
    request: {
      operationId: 'getMessageStatus',
      method: 'GET',
      path: lookupPath`/v2/message/${token}/status`,
      headers: canConfirm,
      repeatable: true,
    },
    decode: ({ reply }) => decodeMessageStatus(reply),
  });
}

/**
 * @param tokens At most 20 (the official clients' limit).
 * @returns Status by message token. A row that breaks the contract yields its error; unknown messages are absent.
 */
export function getMessageStatusesBulk(
  upstream: Upstream,
  tokens: readonly string[],
): Promise<Map<string, MessageStatus | GatewayError>> {
  const call = {
    operationId: 'getBulkMessageStatus',
    method: 'POST',
    path: '/v2/get_bulk_message_status',
    json: { messages: tokens },
    headers: canConfirm,
    repeatable: true,
    batchSize: tokens.length,
  } as const;
  const field = 'getBulkMessageStatus.bulk_message_statuses';
  return upstream.read(call, ({ reply }) =>
    decodeRowsByToken(
      requireArray(requireObject(reply, field).bulk_message_statuses, field),
      'client_id',
      decodeMessageStatus,
    ),
  );
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

function* chunks({ delivered, read }: StatusUpdate): Generator<StatusUpdate> {
  const total = delivered.length + read.length;
  for (let start = 0; start < total; start += maxIdsPerCall) {
    const end = start + maxIdsPerCall;
    yield {
      delivered: delivered.slice(start, end),
      read: read.slice(Math.max(0, start - delivered.length), Math.max(0, end - delivered.length)),
    };
  }
}
