/** Lists in replies: one bad row never spoils its siblings. */

import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
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

/** The value a row decodes to, or its error. */
export function decodeOrError<Value>(row: unknown, decode: (row: unknown) => Value): Value | GatewayError {
  try {
    return decode(row);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** Text under `name` when `row` is an object that has one. */
export function readString(row: unknown, name: string): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const value = (row as Readonly<Record<string, unknown>>)[name]; // reading any property of an object is safe
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A token that names something: some write an empty one where there is none. */
export function nonEmpty(token: string | undefined): string | undefined {
  return token === '' ? undefined : token;
}

/** `continuation` of a page's `metadata`; null and empty mean that there is no next page. */
export function readContinuation(metadata: unknown): string | undefined {
  return readString(metadata, 'continuation');
}

/** Rows under the token each names; a row without one answers nobody and is left out. */
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
