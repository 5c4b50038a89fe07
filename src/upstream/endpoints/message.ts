/** Message endpoints: send, forward, read, recall, delivery states, typing. */

import type { Message, MessageStatus } from '../../domain.ts';
import { GatewayError } from '../../errors.ts';
import { headerValue, type Lookup, type UpstreamReply, type UpstreamRequest } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeMessage, decodeMessageStatus } from '../wire/message.ts';
import { encodeMessage, encodeMessageParts, type MessageForward, type NewMessage } from '../wire/new-message.ts';
import { decodeOrError, decodeRowsByToken, readString, requireArray, requireObject } from '../wire/read.ts';
import { lookupPath, path } from './path.ts';

export interface SentMessage {
  readonly token: string;
  /** Undefined when the upstream named only its token. */
  readonly message: Message | undefined;
  /** The upstream had processed this Request-ID before; nothing new was stored. */
  readonly alreadyStored: boolean;
}

export interface StatusUpdate {
  /** Message tokens. */
  readonly delivered: readonly string[];
  readonly read: readonly string[];
}

/** Announces that Confirmed is understood (contract, getMessage). */
const canConfirm = ['tt-x-features', 'can-confirm'] as const;

/** Ids per call (contract, x-batch of updateMessageStatus). */
const maxIdsPerCall = 500;

const messageIn = ({ reply }: UpstreamReply): Message => decodeMessage(reply);

/**
 * One message; nothing when it is unknown, expired, recalled or not the caller's. Never retried: reading may burn a message
 * that is deleted on read.
 */
export function messageLookup(token: string): Lookup<Message> {
  return {
    request: {
      operationId: 'getMessage',
      method: 'GET',
      path: lookupPath`/v2/message/${token}`,
      headers: canConfirm,
    },
    decode: messageIn,
  };
}

/** Sends a message. Retried under its Request-ID unless bytes of an attachment already left. */
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

/** Forwards a message to a user or group. Retried under its Request-ID. */
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

/** Recalling a recalled message is no error. */
export async function recallMessage(upstream: Upstream, token: string): Promise<void> {
  await upstream.call({ operationId: 'deleteMessage', method: 'DELETE', path: path`/v2/message/${token}` });
}

/** Marks messages delivered or read, in calls of 500, one after the other. Ids the caller may not mark are ignored. */
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

/** @returns Undefined when the message is unknown or not the caller's to ask about. */
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
 * @returns By message; a row that breaks the contract holds its error, an unknown message is left out.
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
 * The token stands in the header, in the message, or in both. It was sent even when the rest of the reply breaks the
 * contract: then only the token is given, and reading the message fails alone.
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
