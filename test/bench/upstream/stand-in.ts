/** The bench's side of the stand-in. */
import { Child, cores, script } from '../processes.ts';
import type { Order } from './orders.ts';
import type { Emission } from './streams.ts';

export type Counts = Readonly<Record<string, number>>;

export class StandIn {
  readonly url: string;
  readonly #child: Child;

  private constructor(child: Child, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<StandIn> {
    const child = new Child({ core: cores.bench, ...script('./upstream/main.ts'), channel: true });
    return new StandIn(child, String(await child.ready()));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Calls since the last time, by operation. */
  async takeCounts(): Promise<Counts> {
    return (await this.#order({ kind: 'counts' })) as Counts; // as the stand-in answers
  }

  async offerBulk(isOffered: boolean): Promise<void> {
    await this.#order({ kind: 'bulk', isOffered });
  }

  /** Gives the roster another length. */
  async resizeRoster(entries: number): Promise<void> {
    await this.#order({ kind: 'roster', entries });
  }

  /** Offers v5 with so many conversations; 0: offers it no more. */
  async offerHistory(items: number): Promise<void> {
    await this.#order({ kind: 'history', items });
  }

  /** Sends events on every open stream. @returns When all were handed to the sockets. */
  async emit(emission: Emission): Promise<void> {
    await this.#order({ kind: 'emit', emission });
  }

  async openStreams(): Promise<number> {
    return Number(await this.#order({ kind: 'streams' }));
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }

  #order(order: Order): Promise<unknown> {
    return this.#child.order(order);
  }
}

/** Total of all operations. */
export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
