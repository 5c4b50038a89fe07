import fc from 'fast-check';
import { type ExecutionResult, execute, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventHub } from '../src/events/hub.ts';
import { KeptEntities } from '../src/loaders/kept-entities.ts';
import { createLog } from '../src/log.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts';
import { schema } from '../src/schema/index.ts';
import { GatewayContext, type GatewayParts } from '../src/server/context.ts';
import { mask } from '../src/server/masking.ts';
import { createPrepare, isRefused } from '../src/server/prepare.ts';
import { createUpstreamClient, type UpstreamClient } from '../src/upstream/client.ts';
import { createCredential } from '../src/upstream/credential.ts';
import { randomOperation } from './support/random-operation.ts';
import { controlOf } from './support/sandbox-control.ts';
import { basic, testConfig } from './support/stack.ts';
import { worldTexts } from './support/world-texts.ts';

/** More by `FUZZ_RUNS`. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 400);

describe('compiled operations', () => {
  let sandbox: Sandbox;
  let client: UpstreamClient;
  let parts: GatewayParts;
  let texts: readonly string[];
  const log = createLog('silent');
  beforeAll(async () => {
    sandbox = await startSandbox();
    const config = testConfig(sandbox.url, {
      upstreamRetries: 0,
      upstreamBreakerFailures: 10_000,
      upstreamTimeoutMs: 60_000,
    });
    client = createUpstreamClient({ config, log });
    const hub = createEventHub({ origin: sandbox.url, settings: config, log, acknowledge: async () => {} });
    parts = {
      upstream: client,
      hub,
      log,
      bulkSupport: { users: true, statuses: true, metadata: true },
      kept: new KeptEntities({ keepMs: 0, maxEntries: 0 }),
      productKey: undefined,
      operationTimeoutMs: 60_000,
      maxEventLength: config.streamMaxFrame,
    };
    const world = await worldTexts(sandbox.url);
    texts = world.texts;
    // Some things never work, so that errors are compared too.
    const [broken = '', forbidden = '', wrong = ''] = world.groupTokens;
    const control = controlOf(sandbox);
    await control.fault({ kind: 'status', status: 500, path: `/v2/group/${broken}*` });
    await control.fault({ kind: 'status', status: 403, path: `/v2/group/${forbidden}*` });
    await control.fault({ kind: 'wrong-shape', path: `/v2/group/${wrong}*` });
    await control.fault({ kind: 'status', status: 429, operationId: 'listUserOrganizations' });
  });
  afterAll(async () => {
    await client.close();
    await sandbox.close();
  });

  const contextOf = () =>
    new GatewayContext(parts, { credential: createCredential(basic('ada')), requestId: 'differential' });

  /** What a client would see. */
  const seen = ({ data, errors }: ExecutionResult) => {
    const shown = JSON.parse(JSON.stringify(data ?? null));
    return {
      data: shown,
      // Where a parent became null for one child's error, the two differ in how many of its children they still tell of;
      // the specification leaves that open. Errors come in the order of their places, as the two run fields in different orders.
      errors: (errors ?? [])
        .map((error) => mask(error, 'differential', log))
        .filter(({ path }) => !isBeneathNull(shown, path ?? []))
        .map(({ path, message, extensions }) => JSON.stringify({ path, message, extensions }))
        .sort(),
      hasErrors: errors !== undefined,
    };
  };

  it('give the same data and the same errors as graphql-js, whatever is asked', async () => {
    const prepare = createPrepare(schema, {
      introspection: true,
      cacheBytes: 0,
      maxCharacters: 1e6,
      maxTokens: 100_000,
    });
    let ran = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { query, variables } = randomOperation(schema, { seed, kind: 'query', texts });
        const sent = JSON.parse(JSON.stringify(variables));
        const prepared = prepare(query, undefined);
        // graphql-js refuses the same: validation is its own.
        if (isRefused(prepared)) return;
        const interpreted = await execute({
          schema,
          document: parse(query),
          contextValue: contextOf(),
          variableValues: sent,
        });
        const compiled = await prepared.compiled.query(undefined, contextOf(), sent);
        if (interpreted.data === undefined || compiled.data === undefined) {
          // Variables that do not fit: each words it its own way, and the gateway words it anew.
          expect([compiled.data ?? undefined, query]).toEqual([interpreted.data ?? undefined, query]);
          return;
        }
        ran++;
        if (interpreted.errors !== undefined) failed++;
        expect({ ...seen(compiled), query }).toEqual({ ...seen(interpreted), query });
      }),
      { numRuns: runs, seed: Number(process.env['FUZZ_SEED'] ?? 20261122), endOnFailure: true },
    );
    expect(ran).toBeGreaterThan(runs / 2);
    expect(failed).toBeGreaterThan(runs / 50);
  }, 600_000);
});

/** Whether something above the place, and not the place itself, is null. */
function isBeneathNull(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const [index, step] of path.entries()) {
    if (value === null) return index < path.length;
    value = (value as Readonly<Record<string | number, unknown>>)[step]; // a path leads through objects and lists
  }
  return false;
}
