/** Rejects text too long for a frame of the event stream before it is sent, because a change comes back as an event. */

import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';

/** Characters reserved for the rest of the event: ids, names, the envelope. */
const reserve = 16_384;

/** Maximum JSON characters of the texts of one change; `maxFrame` is `STREAM_MAX_FRAME`. */
function maxCharacters(maxFrame: number): number {
  return Math.max(maxFrame - reserve, Math.floor(maxFrame / 2));
}

/**
 * @param texts Texts by the path of their argument; undefined and null are ignored.
 * @throws GatewayError `PAYLOAD_TOO_LARGE` naming the field at which the total exceeds the limit.
 */
export function assertFitsEvent(context: GatewayContext, texts: Readonly<Record<string, unknown>>): void {
  const limit = maxCharacters(context.services.maxEventLength);
  let remaining = limit;
  for (const [field, text] of Object.entries(texts)) {
    if (text === undefined || text === null) continue;
    // As JSON, a text is not shorter. Escaping 1 MB takes 2 ms.
    const isTooLong = typeof text === 'string' && text.length > remaining;
    remaining -= isTooLong ? text.length : JSON.stringify(text).length;
    if (remaining >= 0) continue;
    throw new GatewayError('PAYLOAD_TOO_LARGE', {
      field,
      message: `${field}: expected at most ${limit} characters of JSON, together with the other texts of the change (STREAM_MAX_FRAME).`,
    });
  }
}
