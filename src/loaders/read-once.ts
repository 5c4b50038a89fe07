import type { Rank, ReadSchedule } from './schedule.ts';

/**
 * For things the upstream reads one by one: each distinct key is read once in an operation, however often it is asked for.
 * A map of promises, not a DataLoader, because there is no batch to form and waiting for one would only add a tick.
 */
export class ReadOnce<Value> {
  readonly #reads = new Map<string, Promise<Value>>();
  readonly #schedule: ReadSchedule;
  readonly #rank: Rank;
  readonly #read: (key: string) => Promise<Value>;

  constructor(schedule: ReadSchedule, rank: Rank, read: (key: string) => Promise<Value>) {
    this.#schedule = schedule;
    this.#rank = rank;
    this.#read = read;
  }

  load(key: string): Promise<Value> {
    let reading = this.#reads.get(key);
    if (reading === undefined) {
      reading = this.#schedule.track(this.#rank, this.#read(key));
      this.#reads.set(key, reading);
    }
    return reading;
  }

  /** Remembers a value that came with another answer; a read that already began stays. */
  prime(key: string, value: Value): void {
    if (!this.#reads.has(key)) this.#reads.set(key, Promise.resolve(value));
  }

  clear(key: string): void {
    this.#reads.delete(key);
  }
}
