import { parseArgs } from 'node:util';

export const measures = [
  'q1',
  'q2',
  'q2-bulk',
  'wall',
  'latency',
  'first',
  'load',
  'relay',
  'idle',
  'transfer',
] as const;
export type Measure = (typeof measures)[number];

export interface Options {
  readonly quick: boolean;
  readonly profile: boolean;
  readonly only: readonly Measure[];
  /** Subjects of the throughput measures; all when empty. */
  readonly subjects: readonly string[];
  /** The Node of the subjects; undefined: the one that runs the bench. */
  readonly node: string | undefined;
  /** Another build of the gateway to time beside this one: the path of its main.js. */
  readonly against: string | undefined;
}

export const usage = `npm run bench -- [options]
  --quick            short rounds: a look, not a result; nothing is written
  --only q1,q2       only these of ${measures.join(', ')}
  --subjects a,b     only these of gateway, gateway-uncached, tailcall, direct, grafserv, mercurius, yoga, apollo, hive
  --node FILE        run the gateway and its peers on this Node; 24 is the one of the bench's packages. Its whole run is
                     written to results/node-24.md, or whichever version it is
  --against FILE     time another build of the gateway beside this one (its dist/program/main.js)
  --profile          CPU profiles of the gateway under q1, q2 and wall, and their ten hottest functions`;

/** @throws Error that says what is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string' },
      subjects: { type: 'string' },
      node: { type: 'string' },
      against: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? [...measures];
  const unknown = only.find((name) => !measures.includes(name as Measure));
  if (unknown !== undefined) throw new Error(`--only: there is no ${unknown}\n${usage}`);
  return {
    quick: values.quick,
    profile: values.profile,
    only: only as Measure[], // each is one of them by the line above
    subjects: values.subjects?.split(',') ?? [],
    node: values.node,
    against: values.against,
  };
}
