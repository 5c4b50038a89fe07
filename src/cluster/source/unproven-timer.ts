/**
 * When a follower whose proof that it missed nothing is not renewed stands alone: its own stream must be open before a lease has passed
 * since that proof, also in a process whose ticks are late; a process that slept tries Redis first.
 */

/** Maximum time between two ticks of a process that counts as awake; of a longer time it is the part that counts. */
const maxTickMs = 500;
/** After a longer time without a tick a process tries Redis first, whatever it found before. */
const maxLateMs = 2_000;
/** Share of a lease without proof after which a source without a stream starts its timer: a quarter passes at rest. */
const unprovenShare = 0.625;
/** Share of a lease after which it then opens a stream; the rest is for connecting. */
const aloneShare = 0.125;
/** A little less than the time between two ticks: the last tick within that share counts, also where a lease has only few. */
const nextTickMs = 240;

/** Of the time since the last tick, the part for which the process was awake. */
export function awakeMs(sinceTickMs: number): number {
  return Math.min(sinceTickMs, maxTickMs);
}

export class UnprovenTimer {
  /** Age of a proof, in milliseconds, from which it is too old. */
  readonly tooOldMs: number;
  readonly #aloneMs: number;
  /** For how long the awake process has had neither proof nor stream. */
  #unprovenMs: number | undefined;

  constructor(leaseMs: number) {
    this.tooOldMs = unprovenShare * leaseMs;
    this.#aloneMs = aloneShare * leaseMs;
  }

  /**
   * Call a few times per second.
   * @param sinceTickMs Milliseconds since the last call.
   * @param isUnproven Whether there is no stream, and the proof is too old.
   * @returns Whether to stand alone now.
   */
  tick(sinceTickMs: number, isUnproven: boolean): boolean {
    if (!isUnproven) {
      this.#unprovenMs = undefined;
      return false;
    }
    const isFirst = this.#unprovenMs === undefined || sinceTickMs > maxLateMs;
    this.#unprovenMs = isFirst ? 0 : (this.#unprovenMs ?? 0) + awakeMs(sinceTickMs);
    if (isFirst && sinceTickMs > maxTickMs) return false;
    return this.#unprovenMs + nextTickMs >= this.#aloneMs;
  }
}
