/** Who is told how a call, or what was made of it, ended: once, and without the promise that most who wait do not need. */
export interface Completion<Result> {
  resolve(result: Result): void;
  /** @param error A GatewayError, or the reason the client left with. */
  reject(error: unknown): void;
}

/** The promise of what `start` tells. */
export function toPromise<Result>(start: (completion: Completion<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => start({ resolve, reject }));
}

/** Passes on what comes of a promise. */
export function forwardTo<Result>(promise: Promise<Result>, completion: Completion<Result>): void {
  promise.then(
    (result) => completion.resolve(result),
    (error: unknown) => completion.reject(error),
  );
}
