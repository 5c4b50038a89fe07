/**
 * Things the upstream reads one by one. No DataLoader, because there is no batch to form and waiting for one would only add
 * a tick.
 */
import type { Told } from '../upstream/completion.ts';
import type { Rank, ReadSchedule } from './batch-scheduler.ts';
import type { Kept } from './entity-cache.ts';
import { type Read, Reads } from './keyed-loader.ts';

export class ReadOnce<Value> extends Reads<Value> {
  readonly #schedule: ReadSchedule;
  readonly #rank: Rank;
  readonly #read: Read<Value>;

  /**
   * @param rank How early in an operation it is read; see batch-scheduler.ts.
   * @param kept Where to look first.
   */
  constructor(schedule: ReadSchedule, rank: Rank, read: Read<Value>, kept?: Kept<NonNullable<Value>> | undefined) {
    super(kept);
    this.#schedule = schedule;
    this.#rank = rank;
    this.#read = read;
  }

  protected override read(key: string, told: Told<Value>): void {
    this.#schedule.began(this.#rank);
    this.#read(key, told);
  }

  protected override ended(): void {
    this.#schedule.ended(this.#rank);
  }
}
