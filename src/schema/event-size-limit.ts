/** What is sent comes back as an event: text that no frame the gateway reads can carry is refused before it is sent. */

import type { GatewayContext } from '../context.ts';
import { GatewayError } from '../errors.ts';

/** Left for everything else in the event: ids, names, the envelope. */
const reserve = 16_384;

/** Characters of JSON that the texts of one change may take, at a `STREAM_MAX_FRAME` of so many. */
function roomIn(maxFrame: number): number {
  return Math.max(maxFrame - reserve, Math.floor(maxFrame / 2));
}

/**
 * @param texts By the path of their argument; what is undefined or null is left out.
 * @throws GatewayError `PAYLOAD_TOO_LARGE` naming the field at which they become too long together.
 */
export function mustFitEvent(context: GatewayContext, texts: Readonly<Record<string, unknown>>): void {
  const room = roomIn(context.services.maxEventLength);
  let left = room;
  for (const [field, text] of Object.entries(texts)) {
    if (text === undefined || text === null) continue;
    left -= JSON.stringify(text).length;
    if (left >= 0) continue;
    throw new GatewayError('PAYLOAD_TOO_LARGE', {
      field,
      message: `${field}: expected at most ${room} characters of JSON, together with the other texts of the change.`,
    });
  }
}
