/** The clock of the store, and its timers, which end with the store. */

export interface StoreClock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimeout(work: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const realClock: StoreClock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer as Parameters<typeof clearTimeout>[0]), // made above
};

/** Timers by name: a new timer replaces a running one of the same name. */
export class Timers {
  readonly #clock: StoreClock;
  readonly #running = new Map<string, unknown>();
  isOver = false;

  constructor(clock: StoreClock) {
    this.#clock = clock;
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  set(name: string, ms: number, work: () => void): void {
    this.clear(name);
    if (this.isOver) return;
    const run = () => {
      this.#running.delete(name);
      work();
    };
    this.#running.set(name, this.#clock.setTimeout(run, ms));
  }

  /** No effect while a timer of this name runs. */
  start(name: string, ms: number, work: () => void): void {
    if (!this.has(name)) this.set(name, ms, work);
  }

  clear(name: string): void {
    this.#clock.clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  end(): void {
    for (const name of this.#running.keys()) this.clear(name);
    this.isOver = true;
  }
}

/** Milliseconds before another attempt: doubled each time, up to `most`, with jitter. */
export const delayOf = ({ first, most }: { readonly first: number; readonly most: number }, attempts: number): number =>
  Math.min(most, first * 2 ** attempts) * (0.5 + Math.random() / 2);
