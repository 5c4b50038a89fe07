/**
 * Reads without a bulk endpoint. A DataLoader is not used: there is no batch to form, and its dispatch would add a tick.
 */
import type { Completion } from '../upstream/completion.ts';
import type { BatchScheduler, Phase } from './batch-scheduler.ts';
import type { CacheView } from './entity-cache.ts';
import { KeyedLoader, type ReadFn } from './keyed-loader.ts';

export class SingleLoader<Value> extends KeyedLoader<Value> {
  readonly #scheduler: BatchScheduler;
  readonly #phase: Phase;
  readonly #read: ReadFn<Value>;

  /**
   * @param phase Which batches wait for these reads; see batch-scheduler.ts.
   * @param cache Checked before any read.
   */
  constructor(
    scheduler: BatchScheduler,
    phase: Phase,
    read: ReadFn<Value>,
    cache?: CacheView<NonNullable<Value>> | undefined,
  ) {
    super(cache);
    this.#scheduler = scheduler;
    this.#phase = phase;
    this.#read = read;
  }

  protected override read(key: string, completion: Completion<Value>): void {
    this.#scheduler.readStarted(this.#phase);
    this.#read(key, completion);
  }

  protected override readEnded(): void {
    this.#scheduler.readEnded(this.#phase);
  }
}
