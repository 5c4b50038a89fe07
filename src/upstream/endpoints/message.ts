/** Endpoints of an existing message: read, recall, delivery states. */

import type { Message, MessageStatus } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { Lookup, UpstreamReply } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import { decodeMessage, decodeMessageStatus } from '../wire/message.ts';
import { decodeRowsByToken, requireArray, requireObject } from '../wire/read.ts';
import { lookupPath, path } from './path.ts';

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
