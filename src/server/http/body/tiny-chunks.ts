/** Limit on bodies made of thousands of tiny chunks: Node runs a callback for each, so their cost is not in proportion to their bytes. */
import type { IncomingMessage } from 'node:http';
import { badUserInput } from '../../../errors.ts';
import { readTurnsOf } from '../connection/read-turns.ts';

/** Chunks of a body that are allowed at any size. */
const freeChunks = 4_096;
/** Minimum average bytes of a chunk above that. A chunk takes 2 to 5 µs, so 1 MB in chunks of one byte blocks the loop for seconds. */
const minAverageBytes = 16;
/** Chunks after which the time they took in the running turn of the loop is checked: below 1 ms. */
const chunksPerCheck = 256;
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
    if (chunks % chunksPerCheck === 0) readTurnsOf(request.socket)?.check(request.socket);
    if (chunks <= freeChunks || bytes >= chunks * minAverageBytes) return;
    readTurnsOf(request.socket)?.begin(request.socket);
    // After the rejection, which discards the rest of what has been read: Node reads 64 KiB at a time, 25 ms of work in tiny chunks.
    setImmediate(() => request.socket.pause());
    setTimeout(() => request.socket.destroy(), closeDelayMs);
    throw badUserInput('body', `chunks of ${minAverageBytes} bytes or more`);
  };
}
