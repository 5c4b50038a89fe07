/** Reads fields and lists of replies. An invalid row never affects the other rows. */

import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../util/is-record.ts';
import { invalidReply } from './contract-check.ts';

/** @throws GatewayError `UPSTREAM_INVALID` naming `field`. */
export function requireArray(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidReply(field);
  return value;
}

/** @throws GatewayError `UPSTREAM_INVALID` naming `field`. */
export function requireObject(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw invalidReply(field);
  return value;
}

/** The decoded row, or its error. Errors other than GatewayError are thrown. */
export function decodeOrError<Value>(row: unknown, decode: (row: unknown) => Value): Value | GatewayError {
  try {
    return decode(row);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Non-empty string in field `name` of an object; undefined otherwise. */
export function readString(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const value = (row as Readonly<Record<string, unknown>>)[name]; // any property of an object may be read
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The token, key, name or text, or undefined when it is empty: some senders write an empty text for an absent one. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** `continuation` of a page's `metadata`; undefined for null and empty, which mark the last page. */
export function readContinuation(metadata: unknown): string | undefined {
  return readString(metadata, 'continuation');
}

/** Decoded rows, or their errors, by the token in field `tokenName`; rows without a token are dropped. */
export function decodeRowsByToken<Value>(
  rows: readonly unknown[],
  tokenName: string,
  decode: (row: unknown) => Value,
): Map<string, Value | GatewayError> {
  const values = new Map<string, Value | GatewayError>();
  for (const row of rows) {
    const token = readString(row, tokenName);
    if (token !== undefined) values.set(token, decodeOrError(row, decode));
  }
  return values;
}
