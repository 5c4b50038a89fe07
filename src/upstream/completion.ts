/** Completion callbacks of a call. Exactly one of them runs, once. Avoids a promise for each call. */
export interface Completion<Result> {
  resolve(result: Result): void;
  /** @param error A GatewayError, or the reason of the client's cancellation. */
  reject(error: unknown): void;
}

/** A promise for the result that `start` reports to its completion. */
export function toPromise<Result>(start: (completion: Completion<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => start({ resolve, reject }));
}

/** Settles `completion` with the outcome of `promise`. */
export function forwardTo<Result>(promise: Promise<Result>, completion: Completion<Result>): void {
  promise.then(
    (result) => completion.resolve(result),
    (error: unknown) => completion.reject(error),
  );
}
