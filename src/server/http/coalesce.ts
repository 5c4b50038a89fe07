/** Joins what comes in small pieces, because whatever reads it keeps something for each piece. */
import { Transform } from 'node:stream';
import { BodyBuffer } from './body-buffer.ts';

/** Pieces of this size go on at once. */
const whole = 4_096;
/** Longest wait for a piece to become whole, in milliseconds. */
const longestWaitMs = 20;

/** A stream of the same bytes, in pieces of 4 KiB or more where they follow one another closely. */
export function coalesce(): Transform {
  let held: BodyBuffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = (stream: Transform): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held === undefined) return;
    const { content } = held;
    held = undefined;
    stream.push(content);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === undefined && chunk.length >= whole) {
        done(null, chunk);
        return;
      }
      held ??= new BodyBuffer();
      held.add(chunk);
      if (held.length >= whole) flush(this);
      else timer ??= setTimeout(flush, longestWaitMs, this);
      done();
    },
    flush(done) {
      flush(this);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      held = undefined;
      done(error);
    },
  });
}
