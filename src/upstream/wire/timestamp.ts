/** Points in time on the wire: ISO 8601, UTC, milliseconds, trailing Z (contract, Timestamp). */
import { invalidReply } from './contract-check.ts';

const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
/** Certainly a time, so that it need not be reckoned: nearly all are of this form. */
const plain = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;
const withoutZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?$/;

/**
 * ISO 8601 in UTC. A time without a zone is read as UTC, as the contract says all are.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field` when `text` is no time.
 */
export function timestamp(text: string, field: string): string {
  if (plain.test(text)) return text;
  const isCanonical = canonical.test(text);
  const time = Date.parse(!isCanonical && withoutZone.test(text) ? `${text}Z` : text);
  return isCanonical && !Number.isNaN(time) ? text : fromUnixMs(time, field);
}

export function optionalTimestamp(text: string | undefined, field: string): string | undefined {
  return text === undefined || text === '' ? undefined : timestamp(text, field);
}

/**
 * @param seconds Unix time.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field` when it is outside the calendar.
 */
export function fromUnixSeconds(seconds: number, field: string): string {
  return fromUnixMs(seconds * 1000, field);
}

/** RFC 3339 knows the years 0 to 9999 only. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** The same for milliseconds. */
export function fromUnixMs(ms: number, field: string): string {
  if (!(ms >= earliest && ms <= latest)) throw invalidReply(field);
  return new Date(ms).toISOString();
}
