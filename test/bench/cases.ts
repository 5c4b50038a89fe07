/** The loads of the throughput measures. */
import type { Case } from './measures/throughput.ts';
import type { Measure } from './options.ts';
import { oneUser, rosterWithDirectives, rosterWithStates, wholeRoster } from './queries.ts';

/** More callers than connections, so that two connections never ask for the same thing at once. */
const manyCallers = 256;

export const cases: readonly (Case & { readonly name: Measure })[] = [
  {
    name: 'q1',
    title: 'One user: 1 upstream call',
    operation: oneUser,
    connections: 64,
    callers: manyCallers,
    bulk: true,
  },
  {
    name: 'q2-bulk',
    title: 'The same with delivery states, and the contract’s bulk reads for subjects that support them',
    operation: rosterWithStates,
    connections: 16,
    callers: manyCallers,
    bulk: true,
  },
  {
    name: 'wall',
    title: 'Dashboard wall: one credential asks for the same roster on every connection',
    operation: wholeRoster,
    connections: 64,
    callers: 1,
    bulk: true,
  },
  // Last, because the gateway remembers that an upstream has no bulk reads.
  {
    name: 'q2',
    title: 'Roster of 50, its groups’ members, 50 messages, their senders: equal upstream calls',
    operation: wholeRoster,
    connections: 16,
    callers: manyCallers,
    bulk: false,
  },
];

/** A load of `bench:compare`. */
export interface ComparedCase extends Case {
  /** Settings of the gateway other than the defaults. */
  readonly env?: Readonly<Record<string, string>>;
}

export const compared: readonly ComparedCase[] = [
  ...cases,
  {
    name: 'q1-uncached',
    title: 'One user, each time read from the upstream',
    operation: oneUser,
    connections: 64,
    callers: manyCallers,
    bulk: true,
    env: { ENTITY_CACHE_MS: '0' },
  },
  {
    name: 'directives',
    title: 'The roster with conditions on fields and fragments',
    operation: rosterWithDirectives,
    connections: 16,
    callers: manyCallers,
    bulk: false,
  },
];
