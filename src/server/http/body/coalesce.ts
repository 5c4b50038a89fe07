/** Joins small chunks of a stream, because the consumer allocates memory for each chunk. */
import { Transform } from 'node:stream';
import { BodyBuffer } from './body-buffer.ts';

/** Bytes from which a chunk is forwarded at once. */
const minChunkBytes = 4_096;
/** Maximum milliseconds a smaller chunk waits for more bytes. */
const maxWaitMs = 20;

/** A transform stream with the same bytes in chunks of at least 4 KiB, unless 20 ms pass before that many have arrived. */
export function coalesce(): Transform {
  let pending: BodyBuffer | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = (stream: Transform): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === undefined) return;
    const { content } = pending;
    pending = undefined;
    stream.push(content);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (pending === undefined && chunk.length >= minChunkBytes) {
        done(null, chunk);
        return;
      }
      pending ??= new BodyBuffer();
      pending.add(chunk);
      if (pending.length >= minChunkBytes) flush(this);
      else timer ??= setTimeout(flush, maxWaitMs, this);
      done();
    },
    flush(done) {
      flush(this);
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      pending = undefined;
      done(error);
    },
  });
}
