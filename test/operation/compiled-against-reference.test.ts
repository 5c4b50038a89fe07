/**
 * Random operations, executed by the gateway and by graphql-js alone on the same schema: the same data in the same order of keys,
 * and the same errors at the same paths. Most run within this process, some over the wire.
 */
import { createSourceEventStream, type ExecutionResult, execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { GatewayContext } from '../../src/context.ts';
import { isAckSource } from '../../src/events/acknowledgement/ack-source.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { schema } from '../../src/schema/index.ts';
import { mask } from '../../src/server/masking.ts';
import { isCompilable } from '../../src/server/operation/document/compilable.ts';
import { Conditions } from '../../src/server/operation/document/conditions.ts';
import { createPrepare, isInvalid, type Prepared } from '../../src/server/operation/prepare.ts';
import { type FaultyWorld, faultySettings, startFaultyWorld } from '../support/faulty-world.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { type OneAnswer, transports } from '../support/one-answer.ts';
import { type RandomOperation, randomOperation } from '../support/random-operation.ts';
import { testConfig } from '../support/stack.ts';

/** Operations in all. */
const runs = fuzzRuns(3_000);
/** Seed of the first operation; each further one has the next. A failure names its seed. */
const firstSeed = fuzzSeed(20261122);
const share = (part: number) => Math.ceil(runs * part);
/** Operations executed at the same time: each waits for the sandbox most of its time. */
const atOnce = 8;
const timeoutMs = Math.max(300_000, runs * 100);

const log = createLog('silent');
const prepare = createPrepare(schema, {
  introspection: true,
  cacheBytes: 0,
  maxCharacters: 1e6,
  maxTokens: 100_000,
  compileAfter: 0,
});

interface Seen {
  readonly data: string | undefined;
  readonly errors: readonly string[];
}

type Errors = readonly {
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}[];

/** @param show Of a leaf. */
function seen(data: unknown, errors: Errors = [], show: (value: unknown) => unknown = (value) => value): Seen {
  if (data === undefined) return { data: undefined, errors: [] };
  const text = JSON.stringify(data);
  const shown: unknown = JSON.parse(text);
  return {
    data: JSON.stringify(shown, (_key, value: unknown) => (typeof value === 'object' ? value : show(value))),
    // Where an error makes a parent null, the executors report different numbers of errors of its other children, which the
    // specification allows. Errors are sorted by path, because the executors run fields in different orders.
    errors: errors
      .filter(({ path }) => !isBeneathNull(shown, path ?? []))
      .map(({ path, extensions: { code, field } = {} }) => JSON.stringify({ path, code, field }))
      .sort(),
  };
}

const masked = ({ data, errors }: ExecutionResult, show?: (value: unknown) => unknown) =>
  seen(
    data,
    errors?.map((error) => mask(error, 'differential', log)),
    show,
  );

/** Whether a parent of the value at this path is null. */
function isBeneathNull(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const [index, step] of path.entries()) {
    if (value === null) return index < path.length;
    value = (value as Readonly<Record<string | number, unknown>>)[step]; // a path leads through objects and lists
  }
  return false;
}

const sentForm = (variables: object) => JSON.parse(JSON.stringify(variables)) as Record<string, unknown>;

/** The operation as graphql-js runs it. */
function interpreted({ query, variables }: RandomOperation, context: GatewayContext, rootValue?: unknown) {
  const variableValues = sentForm(variables);
  return execute({ schema, document: parse(query), contextValue: context, variableValues, rootValue });
}

interface Tally {
  ran: number;
  compiled: number;
  /** Compiled for the values of the conditions. */
  specialized: number;
  failed: number;
}

/** Runs `compare` for `count` seeds, `atOnce` at a time. @throws the first difference, with its seed. */
async function forSeeds(
  count: number,
  from: number,
  compare: (seed: number, tally: Tally) => Promise<void>,
): Promise<Tally> {
  const tally: Tally = { ran: 0, compiled: 0, specialized: 0, failed: 0 };
  let next = from;
  const work = async () => {
    while (next < from + count) {
      const seed = next++;
      try {
        await compare(seed, tally);
      } catch (error) {
        next = from + count;
        throw new Error(`seed ${seed}: run with FUZZ_SEED=${seed}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return tally;
}

function count(tally: Tally, prepared: Prepared, outcome: Seen, variables: RandomOperation['variables'] = {}): void {
  tally.ran += 1;
  if (isSpecialized(prepared, variables)) tally.specialized += 1;
  if (outcome.errors.length > 0) tally.failed += 1;
  if (isCompilable(schema, prepared.document, prepared.operation)) tally.compiled += 1;
}

/** Whether it has conditions, and is compiled for the values that these variables give them. */
function isSpecialized({ document, operation }: Prepared, variables: RandomOperation['variables']): boolean {
  const conditions = Conditions.of(document, operation);
  const values = conditions?.valuesIn(variables);
  const specialized = values === undefined ? undefined : conditions?.specialize(values);
  return specialized !== undefined && isCompilable(schema, specialized.document, specialized.operation);
}

describe('random operations', () => {
  let world: FaultyWorld;
  let gateway: Gateway;
  // Seconds left become times: both executors need the same now.
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
  afterAll(() => void vi.useRealTimers());
  beforeAll(async () => {
    world = await startFaultyWorld();
    gateway = await startGateway({
      config: testConfig(world.sandbox.url, {
        ...faultySettings,
        logLevel: 'silent',
        maxUpstreamCalls: 10_000,
        maxAliases: 200,
        maxDirectives: 200,
      }),
      log,
    });
  });
  afterAll(async () => {
    await gateway.close();
    await world[Symbol.asyncDispose]();
  });

  it('as queries have the same response', { timeout: timeoutMs }, async () => {
    const { ran, compiled, specialized, failed } = await forSeeds(share(0.8), firstSeed, async (seed, tally) => {
      const operation = randomOperation(schema, { seed, kind: 'query', texts: world.texts });
      const prepared = prepare(operation.query, undefined);
      // graphql-js rejects the same: validation is its own.
      if (isInvalid(prepared)) return;
      const right = masked(await interpreted(operation, world.contextOf()));
      const answer = await prepared.execute(undefined, world.contextOf(), sentForm(operation.variables));
      count(tally, prepared, right, operation.variables);
      expect({ ...masked(answer), ...operation }).toEqual({ ...right, ...operation });
    });
    expect(ran).toBeGreaterThan(share(0.8) / 2);
    expect(compiled).toBeGreaterThan(ran / 10);
    expect(specialized).toBeGreaterThan(ran / 20);
    expect(failed).toBeGreaterThan(ran / 50);
  });

  it('as subscriptions have the same result for the same event', { timeout: timeoutMs }, async () => {
    const events = await someEvents(world);
    await world.settle();
    const { ran, compiled } = await forSeeds(share(0.15), firstSeed, async (seed, tally) => {
      const operation = randomOperation(schema, { seed, kind: 'subscription', texts: world.texts });
      const prepared = prepare(operation.query, undefined);
      if (isInvalid(prepared)) return;
      const [root] = prepared.operation.selectionSet.selections;
      const ofField = root?.kind === 'Field' ? (events.get(root.name.value) ?? []) : [];
      for (const event of ofField) {
        const right = masked(await interpreted(operation, world.contextOf(), event));
        const answer = await prepared.execute(event, world.contextOf(), sentForm(operation.variables));
        count(tally, prepared, right);
        expect({ ...masked(answer), ...operation }).toEqual({ ...right, ...operation });
      }
    });
    expect(ran).toBeGreaterThan(share(0.15) / 10);
    expect(compiled).toBeGreaterThan(ran / 10);
  });

  it('as queries have the same response over every transport', { timeout: timeoutMs }, async () => {
    const all = Object.entries(transports);
    const { ran } = await forSeeds(share(0.04), firstSeed, async (seed, tally) => {
      const operation = randomOperation(schema, { seed, kind: 'query', texts: world.texts });
      const prepared = prepare(operation.query, undefined);
      const [name, transport] = all[seed % all.length] ?? [];
      if (isInvalid(prepared) || transport === undefined) return;
      const answer = await transport({ gateway }, operation.query, sentForm(operation.variables));
      if (isTooMuch(answer)) return;
      const right = masked(await interpreted(operation, world.contextOf()));
      count(tally, prepared, right);
      expect({ ...seen(answer.data, answer.errors), name, ...operation }).toEqual({ ...right, name, ...operation });
    });
    expect(ran).toBeGreaterThan(share(0.04) / 4);
  });

  it('as mutations have the same effect and response over every transport', { timeout: timeoutMs }, async () => {
    // Each executor has a world of its own, with equal content but other tokens and times, so that neither sees changes of the other.
    await using mine = await startFaultyWorld();
    await using theirs = await startFaultyWorld();
    const config = testConfig(mine.sandbox.url, { ...faultySettings, logLevel: 'silent', maxUpstreamCalls: 10_000 });
    await using own = await startGateway({ config, log });
    const all = Object.entries(transports).filter(([name]) => !name.endsWith('GET'));
    const mutations = Math.max(20, share(0.01));
    let ran = 0;
    for (let seed = firstSeed; seed < firstSeed + mutations; seed++) {
      const operation = randomOperation(schema, { seed, kind: 'mutation', texts: mine.texts, depth: 3 });
      const [name, transport] = all[seed % all.length] ?? [];
      if (isInvalid(prepare(operation.query, undefined)) || transport === undefined) continue;
      const answer = await transport({ gateway: own }, operation.query, sentForm(operation.variables));
      if (isTooMuch(answer)) continue;
      const right = masked(await interpreted(operation, theirs.contextOf()), (value) => typeof value);
      ran += 1;
      const outcome = seen(answer.data, answer.errors, (value) => typeof value);
      expect({ ...outcome, seed, name, ...operation }).toEqual({ ...right, seed, name, ...operation });
    }
    expect(ran).toBeGreaterThan(mutations / 4);
  });
});

/** Whether a limit rejected the operation; graphql-js has no limits. */
function isTooMuch({ errors }: OneAnswer): boolean {
  return errors?.some(({ extensions: { code } }) => code === 'OPERATION_TOO_COMPLEX') === true;
}

/** Up to three events of each field of `Subscription`, as its source delivers them. */
async function someEvents(world: FaultyWorld): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const found = new Map<string, unknown[]>();
  const grace = await interpreted(
    { query: '{ user(id: "grace@example.org") { conversation { id } } }', variables: {} },
    world.contextOf(),
  );
  const conversation = (grace.data as { user: { conversation: { id: string } } } | undefined)?.user.conversation.id;
  const feeds = await Promise.all(
    Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).map(async (name) => {
      const field = name === 'conversationChanged' ? `${name}(conversation: "${conversation}")` : name;
      const document = parse(`subscription { ${field} { __typename } }`);
      const source = await createSourceEventStream({ schema, document, contextValue: world.contextOf() });
      if (!isAckSource(source)) throw new Error(`no source for ${name}`);
      return [name, source] as const;
    }),
  );
  const happens = `mutation { sendMessage(input: { recipient: "ada@example.org", body: "x" }) { __typename }
    startTyping(input: { recipient: "ada@example.org" }) { __typename } }`;
  await expect
    .poll(
      async () => {
        await interpreted({ query: happens, variables: {} }, world.contextOf('grace'));
        for (const [name, feed] of feeds) {
          const events = found.get(name) ?? [];
          for (let event = feed.read(); event !== undefined && events.length < 3; event = feed.read())
            events.push(event);
          if (events.length > 0) found.set(name, events);
        }
        return found.size;
      },
      { interval: 200 },
    )
    .toBeGreaterThanOrEqual(4);
  for (const [, feed] of feeds) feed.cancel();
  return found;
}
