/** Bodies in thousands of tiny chunks: Node calls back for each, so that they cost far more time than their bytes show. */
import type { IncomingMessage } from 'node:http';
import { badUserInput } from '../../errors.ts';

/** Chunks a body may have whatever their size. */
const few = 4_096;
/** Bytes they have to have on average beyond that. A chunk takes about 5 µs: a megabyte of one byte each, seconds of the loop. */
const small = 16;
/** Milliseconds the refusal has to reach its client, before what still comes costs as much as what came. */
const lastWordMs = 100;

/**
 * Counts the chunks of a body, and closes the connection of one that is made of tiny ones.
 * @returns To be told of each chunk. @throws GatewayError `BAD_USER_INPUT` when there are too many.
 */
export function refuseTinyChunks(request: IncomingMessage): (chunk: Buffer) => void {
  let chunks = 0;
  let bytes = 0;
  return ({ length }) => {
    chunks += 1;
    bytes += length;
    if (chunks <= few || bytes >= chunks * small) return;
    setTimeout(() => request.socket.destroy(), lastWordMs);
    throw badUserInput('body', `chunks of ${small} bytes or more`);
  };
}
