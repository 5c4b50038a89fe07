/** What files leave behind in memory on their way through. */

/** As many bytes of files pass before what they came in is given back. */
const gcEveryBytes = 8 * 1024 * 1024;

/** Of all files under way: V8 looks after one heap for the process. */
let bytesSinceGc = 0;

/**
 * Counts bytes of a file that were passed on, and has V8 collect the young objects after every 8 MB of them. The pieces lie
 * outside the heap, and V8 lets 32 MB of them gather before it does so by itself; with 64 MB it looks through the whole heap.
 * By then a piece of memory that was given back has long left the processor's cache when it is used again.
 *
 * Does nothing unless Node is started with `--expose-gc`, as `npm start` and the image do.
 */
export function countFileBytes(bytes: number): void {
  bytesSinceGc += bytes;
  if (bytesSinceGc < gcEveryBytes) return;
  bytesSinceGc %= gcEveryBytes;
  globalThis.gc?.({ type: 'minor' });
}
