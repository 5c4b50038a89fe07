/** Time that passes when it is moved: for programs with the clock as an option. */
import { setImmediate as turn } from 'node:timers/promises';

interface Task {
  readonly at: number;
  readonly work: () => void;
}

export class VirtualTime {
  /** Milliseconds since 1970. */
  now = Date.parse('2026-03-14T18:00:00.000Z');
  readonly #tasks = new Set<Task>();

  after(ms: number, work: () => void): Task {
    const task = { at: this.now + Math.max(0, ms), work };
    this.#tasks.add(task);
    return task;
  }

  cancel(task: unknown): void {
    this.#tasks.delete(task as Task); // any other value is no member
  }

  /** Does what is due, one after the other, promises included. */
  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    await turn();
    for (let task = this.#next(end); task !== undefined; task = this.#next(end)) {
      this.#tasks.delete(task);
      this.now = Math.max(this.now, task.at);
      task.work();
      await turn();
    }
    this.now = end;
  }

  #next(end: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) if (task.at <= end && (next === undefined || task.at < next.at)) next = task;
    return next;
  }
}
