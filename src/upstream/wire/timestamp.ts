/** Timestamps: ISO 8601, UTC, milliseconds, trailing Z (contract, Timestamp). */
import { invalidReply } from './contract-check.ts';

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
/** Always a valid time, so `Date.parse` is skipped; nearly all timestamps have this form. */
const alwaysValid = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
const withoutZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;

/**
 * Normalises to ISO 8601 in UTC. A time without a zone is read as UTC, the zone of all times in the contract.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field` when `text` is not a time.
 */
export function timestamp(text: string, field: string): string {
  if (alwaysValid.test(text)) return text;
  const isCanonical = canonical.test(text);
  const time = Date.parse(!isCanonical && withoutZone.test(text) ? `${text}Z` : text);
  return isCanonical && !Number.isNaN(time) ? text : fromUnixMs(time, field);
}

/** As `timestamp`; undefined for a missing or empty text. */
export function optionalTimestamp(text: string | undefined, field: string): string | undefined {
  return text === undefined || text === '' ? undefined : timestamp(text, field);
}

/**
 * @param seconds Unix time.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field` when the time is outside the years 0 to 9999.
 */
export function fromUnixSeconds(seconds: number, field: string): string {
  return fromUnixMs(seconds * 1000, field);
}

/** RFC 3339 covers the years 0 to 9999. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** The same for Unix time in milliseconds. */
export function fromUnixMs(ms: number, field: string): string {
  if (!(ms >= earliest && ms <= latest)) throw invalidReply(field);
  return new Date(ms).toISOString();
}
