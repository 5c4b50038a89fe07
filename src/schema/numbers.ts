/** Checks of upstream numbers on output: an invalid one fails only the nearest nullable field. */
import { invalidReply } from '../upstream/wire/contract-check.ts';

const int32 = 2 ** 31;

/**
 * The value if it is valid for type Int (GraphQL §3.5.1); null when the upstream sent none.
 * @param field The contract's name, such as `Message.ttl`.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field`, never the value.
 */
export function intOf(value: number | undefined, field: string): number | null {
  if (value === undefined) return null;
  if (!Number.isInteger(value) || value < -int32 || value >= int32) throw invalidReply(field);
  return value;
}

/** The same for a count or size of type NonNegativeInt: 0 up to the largest safe integer. */
export function countOf(value: number | undefined, field: string): number | null {
  if (value === undefined) return null;
  if (!Number.isSafeInteger(value) || value < 0) throw invalidReply(field);
  return value;
}

/** The same for type Float (GraphQL §3.5.2): JSON allows larger numbers, such as 1e999. */
export function floatOf(value: number | undefined, field: string): number | null {
  if (value === undefined) return null;
  if (!Number.isFinite(value)) throw invalidReply(field);
  return value;
}
