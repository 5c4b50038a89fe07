/**
 * Things the upstream reads one by one. No DataLoader, because there is no batch to form and waiting for one would only add
 * a tick.
 */
import type { Kept } from './kept-entities.ts';
import { Reads } from './reads.ts';
import type { Rank, ReadSchedule } from './schedule.ts';

export class ReadOnce<Value> extends Reads<Value> {
  readonly #schedule: ReadSchedule;
  readonly #rank: Rank;
  readonly #read: (key: string) => Promise<Value>;

  /**
   * @param rank How early in an operation it is read; see schedule.ts.
   * @param kept Where to look first.
   */
  constructor(
    schedule: ReadSchedule,
    rank: Rank,
    read: (key: string) => Promise<Value>,
    kept?: Kept<NonNullable<Value>> | undefined,
  ) {
    super(kept);
    this.#schedule = schedule;
    this.#rank = rank;
    this.#read = read;
  }

  protected override read(key: string): Promise<Value> {
    this.#schedule.began(this.#rank);
    return this.#read(key);
  }

  protected override ended(): void {
    this.#schedule.ended(this.#rank);
  }
}
