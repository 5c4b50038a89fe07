/** Pieces of hand-made machinery, and how to replace each by the plain way. */
export interface Ablation {
  readonly name: string;
  /** The plain way that takes its place. */
  readonly instead: string;
  /** Its file, or `file#function`; undefined for a setting or a flag of Node. */
  readonly source?: string | undefined;
  /** Texts that are replaced in the source. Each must be there once. */
  readonly edits?: readonly { readonly file: string; readonly text: string; readonly by: string }[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A function of v8-flags.ts that is not called. */
const withoutFlag = (name: string): Ablation => ({
  name,
  instead: "V8's default",
  source: `src/v8-flags.ts#${name}`,
  edits: [{ file: 'src/main.ts', text: `\n${name}();`, by: '' }],
});

export const ablations: readonly Ablation[] = [
  // What a difference may be by chance.
  { name: 'unchanged', instead: 'itself', env: {} },
  withoutFlag('retainCompiledCode'),
  withoutFlag('keepHeapSmall'),
  withoutFlag('keepNewObjectsYoung'),
  withoutFlag('fillYoungSpace'),
  withoutFlag('keepYoungSpace'),
  withoutFlag('compileParserInLittleMemory'),
  {
    name: 'young generation of 22 MB',
    instead: "Node's default of 16 MB, grown from 1 MB",
    flags: ['--max-semi-space-size=16', '--min-semi-space-size=1'],
  },
  {
    name: 'fast-metrics',
    instead: 'prom-client for each observation',
    source: 'src/observability/fast-metrics.ts',
    edits: [
      {
        file: 'src/observability/fast-metrics.ts',
        text: 'this.#series.push({ labels, series });',
        by: 'series.observe = (value) => this.observe(labels as never, value); this.#series.push({ labels, series });',
      },
      {
        file: 'src/observability/fast-metrics.ts',
        text: 'all.push({ labels, count });',
        by: 'const plain = new Map(); const hash = () => JSON.stringify(Object.entries(labels).sort()); let total = 0; Object.defineProperty(count, "value", { get: () => total, set: (value) => { plain.set(hash(), value); total = value; } }); all.push({ labels, count });',
      },
    ],
  },
  {
    name: 'slot-set',
    instead: 'Map',
    source: 'src/util/slot-set.ts',
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
    name: 'batch-scheduler',
    instead: "DataLoader's default, the end of the tick",
    source: 'src/loaders/batch-scheduler.ts',
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
    source: 'src/server/operation/document/compilable.ts',
    env: { COMPILE_AFTER: '1000000' },
  },
  {
    name: 'credential-memo',
    instead: 'each credential is parsed and hashed',
    source: 'src/server/authentication/credential-memo.ts',
    edits: [
      {
        file: 'src/server/authentication/identity.ts',
        text: 'let credential = memo.get(authorization, deviceId);',
        by: 'let credential: Credential | undefined;',
      },
    ],
  },
  {
    name: 'a key alone in its batch',
    instead: 'a DataLoader',
    edits: [
      {
        file: 'src/loaders/batch-loader.ts',
        text: 'singleWhenAlone === true && !this.#isOpen',
        by: 'Math.random() < 0 && singleWhenAlone === true && !this.#isOpen',
      },
    ],
  },
  {
    name: 'accept-turns',
    instead: "libuv's order",
    source: 'src/server/http/connection/accept-turns.ts',
    edits: [
      {
        file: 'src/server/http/connection/accept-turns.ts',
        text: 'return this.#isAccepting && readTurnOf',
        by: 'return Math.random() < 0 && this.#isAccepting && readTurnOf',
      },
    ],
  },
  {
    name: 'gone-clients',
    instead: 'each request is handled as it is read',
    source: 'src/server/http/connection/gone-clients.ts',
    edits: [
      {
        file: 'src/server/http/connection/gone-clients.ts',
        text: 'return (this.#isDeferring',
        by: 'return Math.random() < 0 && (this.#isDeferring',
      },
    ],
  },
  {
    name: 'graphql-post',
    instead: 'Yoga for every request',
    source: 'src/server/http/graphql/graphql-post.ts',
    edits: [
      {
        file: 'src/server/http/headers/request-media-type.ts',
        text: "if (request.method !== 'POST' || isEncoded(request)) return false;",
        by: "if (Math.random() >= 0 || request.method !== 'POST' || isEncoded(request)) return false;",
      },
    ],
  },
  {
    name: 'entity-cache',
    instead: 'no cache',
    source: 'src/loaders/entity-cache.ts',
    env: { ENTITY_CACHE_MS: '0' },
  },
  {
    name: 'query-deduplication',
    instead: 'no sharing',
    source: 'src/server/operation/query-deduplication.ts',
    env: { SHARED_QUERY_MS: '0' },
  },
];
