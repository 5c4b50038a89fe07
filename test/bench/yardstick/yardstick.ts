/**
 * Detects that the core of the subjects is slower than it can be. On a shared machine, other work on the same physical core
 * nearly halves its speed for seconds or minutes, and neither the load nor the stolen time shows it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Child, cores, script } from '../processes.ts';

/** Of the shortest time so far; a core that is shared takes about 1.8 of it, one that is not rarely more than 1.1. */
const slowFrom = 1.35;
const pauseMs = 1_000;

export class Yardstick {
  readonly #child: Child;
  #shortestMicros = Number.POSITIVE_INFINITY;
  #patienceMs: number;
  /** Time of all waits so far. */
  waitedMs = 0;

  private constructor(child: Child, patienceMs: number) {
    this.#child = child;
    this.#patienceMs = patienceMs;
  }

  /** @param patienceMs How long all waits together may take. */
  static async start(patienceMs: number): Promise<Yardstick> {
    const child = new Child({ core: cores.subject, ...script('./yardstick/main.ts'), channel: true });
    await child.ready();
    return new Yardstick(child, patienceMs);
  }

  async isSlow(): Promise<boolean> {
    const micros = Number(await this.#child.order(undefined));
    this.#shortestMicros = Math.min(this.#shortestMicros, micros);
    return micros > slowFrom * this.#shortestMicros;
  }

  /** Waits until the core is as fast as it was, as long as there is patience left. */
  async waitWhileSlow(): Promise<void> {
    while (this.#patienceMs > 0 && (await this.isSlow())) {
      await delay(pauseMs);
      this.#patienceMs -= pauseMs;
      this.waitedMs += pauseMs;
    }
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
