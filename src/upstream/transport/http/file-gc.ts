/** Garbage collection of the buffers that transferred files leave behind. */

/** Bytes of files between two collections. */
const gcEveryBytes = 8 * 1024 * 1024;

/** Over all files, because the process has one heap. */
let bytesSinceGc = 0;

/**
 * Counts transferred bytes of files and runs a minor garbage collection after every 8 MB. The buffers are outside the heap:
 * V8 starts a minor collection by itself only after 32 MB of them, and a full one after 64 MB. Freed memory is then no longer
 * in the processor's cache when it is reused.
 *
 * Does nothing unless Node runs with `--expose-gc`, as with `npm start` and in the image.
 */
export function countFileBytes(bytes: number): void {
  bytesSinceGc += bytes;
  if (bytesSinceGc < gcEveryBytes) return;
  bytesSinceGc %= gcEveryBytes;
  globalThis.gc?.({ type: 'minor' });
}
