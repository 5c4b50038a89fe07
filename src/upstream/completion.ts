/** Who is told how a call, or what was made of it, ended: once, and without the promise that most who wait do not need. */
export interface Told<Result> {
  resolved(result: Result): void;
  /** @param error A GatewayError, or the reason the client left with. */
  rejected(error: unknown): void;
}

/** The promise of what `begin` tells. */
export function promiseOf<Result>(begin: (told: Told<Result>) => void): Promise<Result> {
  return new Promise((resolved, rejected) => begin({ resolved, rejected }));
}

/** Passes on what comes of a promise. */
export function tellOf<Result>(promise: Promise<Result>, told: Told<Result>): void {
  promise.then(
    (result) => told.resolved(result),
    (error: unknown) => told.rejected(error),
  );
}
