/** What the machine is, and what its processors did during a run. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const ticksPerSecond = 100;

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
}

export function describeMachine(): Machine {
  const [first] = cpus();
  return {
    processor: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** Busy seconds of all cores so far; time stolen by the host counts. */
function machineSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Processor time of this process and everything it started, ended children included. */
function ownSeconds(): number {
  let seconds = 0;
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // Gone since the folder was read.
    }
  }
  const add = (pid: number) => {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      for (const index of [11, 12, 13, 14]) seconds += Number(fields[index]) / ticksPerSecond;
    } catch {
      return;
    }
    for (const child of children.get(pid) ?? []) add(child);
  };
  add(process.pid);
  return seconds;
}

/** Share of the machine that other programs used between two moments. */
export class Watch {
  #at = performance.now();
  #machine = machineSeconds();
  #own = ownSeconds();

  /** Processor seconds of others for each second gone by. */
  foreignShare(): number {
    const seconds = (performance.now() - this.#at) / 1000;
    const foreign = machineSeconds() - this.#machine - (ownSeconds() - this.#own);
    return Math.max(0, foreign / seconds);
  }
}

/** Mean use of a core by other programs from which the figures of a run are doubtful. */
const disturbedFrom = 0.1;

/** A whole run: how long it took, and what disturbed it. */
export class OverallWatch {
  readonly #startedAt = performance.now();
  readonly #watch = new Watch();
  #rounds = 0;
  #disturbed = 0;

  /** @param isDisturbed Whether it was disturbed even when repeated. */
  addRound(isDisturbed: boolean): void {
    this.#rounds += 1;
    if (isDisturbed) this.#disturbed += 1;
  }

  /** @param waitedMs For a slow core. @returns A sentence or two. */
  course(waitedMs: number): string {
    const minutes = (performance.now() - this.#startedAt) / 60_000;
    const foreign = this.#watch.foreignShare();
    const isDisturbed = foreign > disturbedFrom || this.#disturbed > this.#rounds / 20;
    return (
      `The run took ${minutes.toFixed(1)} minutes, ${(waitedMs / 1000).toFixed(0)} s of them waits for a slow core; ` +
      `${this.#disturbed} of ${this.#rounds} rounds were disturbed even when repeated, and other programs used ${(foreign * 100).toFixed(0)} % of a core. ` +
      (isDisturbed ? '**The machine was disturbed: take the figures again.**' : 'The machine was not disturbed.')
    );
  }
}
