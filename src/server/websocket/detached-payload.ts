/**
 * Detaches the payloads of long messages from graphql-ws, which would hold the text and the content of a `subscribe` message, a
 * megabyte each and with undeclared variables, as long as the operation runs.
 */
import type { SubscribePayload } from 'graphql-ws';
import { isRecord } from '../../util/is-record.ts';

/** Characters of a message that graphql-ws may hold. Nearly all messages are shorter, and are not parsed here. */
const maxHeldCharacters = 16_384;

/** A message for graphql-ws, and the payload that its outline replaces; undefined when the message is unchanged. */
export interface OutlinedMessage {
  readonly text: string;
  readonly payload: SubscribePayload | undefined;
}

/** Replaces the payload of a long `subscribe` message by an outline with the same types, which graphql-ws checks. */
export function detachPayload(text: string): OutlinedMessage {
  const whole = { text, payload: undefined };
  if (text.length <= maxHeldCharacters) return whole;
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return whole; // graphql-ws closes the connection
  }
  if (!isRecord(message) || message.type !== 'subscribe' || !isRecord(message.payload)) return whole;
  const { query, operationName, variables, extensions } = message.payload;
  const payload = {
    query: outlineOf(query),
    operationName: outlineOf(operationName),
    variables: outlineOf(variables),
    extensions: outlineOf(extensions),
  };
  return {
    text: JSON.stringify({ id: message.id, type: message.type, payload }),
    // graphql-ws checks the types of the outline before the payload is used.
    payload: message.payload as unknown as SubscribePayload,
  };
}

function outlineOf(value: unknown): unknown {
  if (typeof value === 'string') return 'outline';
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? [] : {};
}
