/** What can be ended from outside: the client left, or the deadline passed. */
export class CancellableTask {
  /** Why it ended; undefined while it runs. */
  reason: Error | undefined;
  /** Whatever it is waiting for at the moment hangs itself in here. */
  onCancel: ((reason: Error) => void) | undefined;

  cancel(reason: Error): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.onCancel?.(reason);
  }
}
