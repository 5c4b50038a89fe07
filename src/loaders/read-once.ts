/**
 * Things the upstream reads one by one. No DataLoader, because there is no batch to form and waiting for one would only add
 * a tick.
 */
import type { Told } from '../upstream/told.ts';
import type { Kept } from './kept-entities.ts';
import { type Read, Reads } from './reads.ts';
import type { Rank, ReadSchedule } from './schedule.ts';

export class ReadOnce<Value> extends Reads<Value> {
  readonly #schedule: ReadSchedule;
  readonly #rank: Rank;
  readonly #read: Read<Value>;

  /**
   * @param rank How early in an operation it is read; see schedule.ts.
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
