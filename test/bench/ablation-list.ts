/** Pieces of hand-made machinery, and how to replace each by the plain way. */
export interface Ablation {
  readonly name: string;
  /** The plain way that takes its place. */
  readonly instead: string;
  /** Texts that are replaced in the source. Each must be there once. */
  readonly edits?: readonly { readonly file: string; readonly text: string; readonly by: string }[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const withoutCall = (call: string): NonNullable<Ablation['edits']> => [
  { file: 'src/main.ts', text: `\n${call}();`, by: '' },
];

export const ablations: readonly Ablation[] = [
  { name: 'retainCompiledCode', instead: "V8's default", edits: withoutCall('retainCompiledCode') },
  { name: 'keepHeapSmall', instead: "V8's default", edits: withoutCall('keepHeapSmall') },
  { name: 'keepNewObjectsYoung', instead: "V8's default", edits: withoutCall('keepNewObjectsYoung') },
  { name: 'fillYoungSpace', instead: "V8's default", edits: withoutCall('fillYoungSpace') },
  { name: 'keepYoungSpace', instead: "V8's default", edits: withoutCall('keepYoungSpace') },
  { name: 'compileParserInLittleMemory', instead: "V8's default", edits: withoutCall('compileParserInLittleMemory') },
  {
    name: 'young generation of 22 MB',
    instead: "Node's default of 16 MB, grown from 1 MB",
    flags: ['--max-semi-space-size=16', '--min-semi-space-size=1'],
  },
  {
    name: 'fast-metrics',
    instead: 'prom-client for each observation',
    edits: [
      {
        file: 'src/observability/fast-metrics.ts',
        text: 'this.#series.push({ labels, series });',
        by: 'series.observe = (value) => super.observe(labels as never, value); this.#series.push({ labels, series });',
      },
      {
        file: 'src/observability/fast-metrics.ts',
        text: 'all.push({ labels, count });',
        by: 'const plain = new Map(); const hash = () => JSON.stringify(Object.entries(labels).sort()); let total = 0; Object.defineProperty(count, "value", { get: () => total, set: (value) => { plain.set(hash(), value); total = value; } }); all.push({ labels, count });',
      },
    ],
  },
  {
    name: 'deadline-timer',
    instead: 'a timer of Node for each upstream call',
    edits: [
      {
        file: 'src/upstream/transport/deadline-timer.ts',
        text: `    timed.deadlineSlot = this.#timed.add(timed);
    if (timed.deadlineAt < this.#firesAt) this.#set(timed.deadlineAt);`,
        by: `    timed.deadlineSlot = 0;
    const arm = () => { Reflect.set(timed, 'plainTimer', setTimeout(() => { if (timed.deadlineSlot < 0) return; if (timed.deadlineAt > performance.now()) arm(); else { timed.deadlineSlot = -1; timed.expire(); } }, Math.max(0, timed.deadlineAt - performance.now())).unref()); };
    arm();`,
      },
      {
        file: 'src/upstream/transport/deadline-timer.ts',
        text: '    timed.deadlineSlot = -1;\n    this.#timed.remove(slot);\n  }',
        by: "    timed.deadlineSlot = -1;\n    clearTimeout(Reflect.get(timed, 'plainTimer') as never);\n  }",
      },
    ],
  },
  {
    name: 'slot-set',
    instead: 'Map',
    edits: [
      {
        file: 'src/util/slot-set.ts',
        text: '    const slot = this.#free.pop() ?? this.#slots.length;\n    this.#slots[slot] = member;\n    return slot;',
        by: '    this.#last += 1;\n    this.#map.set(this.#last, member);\n    return this.#last;',
      },
      {
        file: 'src/util/slot-set.ts',
        text: '    this.#slots[slot] = undefined;\n    this.#free.push(slot);',
        by: '    this.#map.delete(slot);',
      },
      {
        file: 'src/util/slot-set.ts',
        text: '    return this.#slots.filter((member) => member !== undefined);',
        by: '    return [...this.#map.values()];',
      },
      {
        file: 'src/util/slot-set.ts',
        text: '  readonly #slots: (Member | undefined)[] = [];\n  readonly #free: number[] = [];',
        by: '  readonly #map = new Map<number, Member>();\n  #last = 0;',
      },
    ],
  },
  {
    name: 'wait groups of pending reads',
    instead: 'a promise for each key, and Promise.all',
    edits: [
      {
        file: 'src/loaders/keyed-loader.ts',
        text: '    let isComplete = true;\n',
        by: '    return Promise.all(keys.map((key) => Promise.resolve(this.load(key)).catch((error) => error as Error)));\n    let isComplete = true;\n',
      },
    ],
  },
  {
    name: 'batch-scheduler',
    instead: "DataLoader's default, the end of the tick",
    edits: [
      {
        file: 'src/loaders/batch-scheduler.ts',
        text: '    this.#waiting.push({ phase, dispatch });\n    this.#queueCheck();',
        by: '    void phase;\n    Promise.resolve().then(() => process.nextTick(dispatch));',
      },
    ],
  },
  {
    name: 'graphql-jit and its guards',
    instead: "graphql-js's executor",
    edits: [
      {
        file: 'src/server/operation/executor.ts',
        text: 'if (!isCompilable(schema, document, operation)) return interpret;',
        by: 'if (Math.random() >= 0 || !isCompilable(schema, document, operation)) return interpret;',
      },
    ],
  },
  {
    name: 'graphql-post',
    instead: 'Yoga for every request',
    edits: [
      {
        file: 'src/server/http/headers/request-media-type.ts',
        text: "if (request.method !== 'POST' || isEncoded(request)) return false;",
        by: "if (Math.random() >= 0 || request.method !== 'POST' || isEncoded(request)) return false;",
      },
    ],
  },
  {
    name: 'responses as strings',
    instead: 'a Buffer for each response',
    edits: [
      {
        file: 'src/server/operation/response.ts',
        text: 'text.length < maxStringLength ? text : Buffer.from(text)',
        by: 'text.length < 0 * maxStringLength ? text : Buffer.from(text)',
      },
    ],
  },
  { name: 'entity-cache', instead: 'no cache', env: { ENTITY_CACHE_MS: '0' } },
  { name: 'query-deduplication', instead: 'no sharing', env: { SHARED_QUERY_MS: '0' } },
];
