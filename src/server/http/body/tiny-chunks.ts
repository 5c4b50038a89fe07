/** Limit on bodies made of thousands of tiny chunks: Node runs a callback for each, so their cost is not in proportion to their bytes. */
import type { IncomingMessage } from 'node:http';
import { badUserInput } from '../../../errors.ts';
import { readTurnOf } from '../connection/read-turns.ts';
import { HttpRequest } from '../headers/request-head.ts';

/** Chunks of a body that are allowed at any size. */
const freeChunks = 4_096;
/** Minimum average bytes of a chunk above that. A chunk takes 1 to 2 µs, so 1 MB in chunks of one byte blocks the loop for seconds. */
const minAverageBytes = 16;
/** Milliseconds until the connection is closed, in which the client can read the error. */
const closeDelayMs = 100;

/**
 * Counts the chunks of a body. When they are too small on average, nothing more is read from the connection, and it is closed.
 * @returns Function to call with each chunk. It throws a GatewayError `BAD_USER_INPUT` when the limit is exceeded.
 */
export function rejectTinyChunks(request: IncomingMessage): (chunk: Buffer) => void {
  let chunks = 0;
  let bytes = 0;
  return ({ length }) => {
    chunks += 1;
    bytes += length;
    if (chunks <= freeChunks || bytes >= chunks * minAverageBytes) return;
    readTurnOf(request.socket)?.stop();
    if (request instanceof HttpRequest) request.discard();
    setTimeout(() => request.socket.destroy(), closeDelayMs);
    throw badUserInput('body', `chunks of ${minAverageBytes} bytes or more`);
  };
}
