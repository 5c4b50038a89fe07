/** Outcome of the latest call of each member (caller or operation). A member counts once, regardless of its number of calls. */

/** A member expires one to two windows after its latest call. */
const windowMs = 5_000;
/** Maximum number of members in each window; further members are not counted. */
const maxMembers = 10_000;

/** Times are `performance.now()` milliseconds. */
export class OutcomeWindow {
  /** Member to whether its latest call failed. */
  #recent = new Map<string, boolean>();
  /** The same for members that called only in the previous window. */
  #older = new Map<string, boolean>();
  #failing = 0;
  #olderFailing = 0;
  #failures = 0;
  #olderFailures = 0;
  #since = 0;

  /** Members whose latest call failed. */
  get failing(): number {
    return this.#failing + this.#olderFailing;
  }

  /** Calls that failed, over all members. */
  get failures(): number {
    return this.#failures + this.#olderFailures;
  }

  get members(): number {
    return this.#recent.size + this.#older.size;
  }

  count(member: string, isFailed: boolean, now: number): void {
    if (now - this.#since >= windowMs) this.#rotate(now);
    if (isFailed) this.#failures += 1;
    const before = this.#recent.get(member);
    if (before === isFailed) return;
    if (before === undefined) {
      if (this.#recent.size >= maxMembers) return;
      if (this.#older.get(member) === true) this.#olderFailing -= 1;
      this.#older.delete(member);
    }
    this.#recent.set(member, isFailed);
    if (isFailed) this.#failing += 1;
    else if (before === true) this.#failing -= 1;
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
    this.#failing = 0;
    this.#olderFailing = 0;
    this.#failures = 0;
    this.#olderFailures = 0;
  }

  #rotate(now: number): void {
    const isGap = now - this.#since >= 2 * windowMs;
    this.#older = isGap ? new Map() : this.#recent;
    this.#olderFailing = isGap ? 0 : this.#failing;
    this.#olderFailures = isGap ? 0 : this.#failures;
    this.#recent = new Map();
    this.#failing = 0;
    this.#failures = 0;
    this.#since = now;
  }
}
