/** What happened to an event at every replica, from the steps that `trace-writer.mjs` wrote. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TraceStep } from '../../src/cluster/log/trace.ts';

export interface TracedEvent {
  /** Credential key in Redis. */
  readonly name: string;
  readonly id: string;
}

export interface ProcessStep extends TraceStep {
  /** Its id. */
  readonly process: string;
}

/** Steps of the stream that are shown before and after those of the event, in milliseconds. */
const aroundMs = 3_000;

export class EventTrace implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(): Promise<EventTrace> {
    return new EventTrace(await mkdtemp(join(tmpdir(), 'event-trace-')));
  }

  /** For the processes that are traced. */
  get env(): Readonly<Record<string, string>> {
    return { EVENT_TRACE: this.#folder };
  }

  get flags(): readonly string[] {
    return ['--import', fileURLToPath(new URL('trace-writer.mjs', import.meta.url))];
  }

  /**
   * The life of each event: a line a step, by time, with what its stream did in between.
   * @param startedAt Times are from then on, in milliseconds since the epoch.
   */
  async livesOf(events: readonly TracedEvent[], startedAt: number): Promise<string[]> {
    const steps = new Map(events.map(({ name }) => [name, [] as ProcessStep[]]));
    for await (const step of this.#steps()) steps.get(step.name)?.push(step);
    return events.map(({ name, id }) => {
      const all = (steps.get(name) ?? []).sort((a, b) => a.at - b.at);
      const own = all.filter((step) => step.id === id);
      const [first, last] = [own[0]?.at ?? 0, own.at(-1)?.at ?? 0];
      const shown = all.filter(
        (step) => step.id === id || (step.id === '' && step.at > first - aroundMs && step.at < last + aroundMs),
      );
      const lines = shown.map(({ at, process, step, detail }) => `${at - startedAt} ms ${process} ${step} ${detail}`);
      return `${id} of ${name}:\n  ${lines.join('\n  ')}`;
    });
  }

  /**
   * The steps of whole streams at which a gap was said, or a position was not known, and the roles in between, by time; and, without
   * a name, the times at which a process had no processor.
   */
  async gapSteps(): Promise<ProcessStep[]> {
    const steps: ProcessStep[] = [];
    for await (const step of this.#steps()) {
      const { step: what } = step;
      if (what === 'gap' || what === 'position unknown' || what === 'stall' || what.startsWith('state '))
        steps.push(step);
    }
    return steps.sort((a, b) => a.at - b.at);
  }

  async *#steps(): AsyncGenerator<ProcessStep> {
    for (const file of await readdir(this.#folder)) {
      const lines = createInterface({ input: createReadStream(join(this.#folder, file)) });
      for await (const line of lines) {
        if (!line.endsWith('}')) continue; // its process was killed while it wrote
        const step = JSON.parse(line) as TraceStep; // as the writer wrote it
        yield { ...step, process: file.replace('.ndjson', '') };
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
