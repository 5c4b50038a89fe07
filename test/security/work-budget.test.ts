/** New operations of callers whose credential the upstream has not accepted yet share a part of the event loop. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { WorkBudget } from '../../src/server/operation/limits/work-budget.ts';
import { createPrepare, isInvalid } from '../../src/server/operation/prepare.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { basic, post, type Stack, startStack } from '../support/stack.ts';

function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

describe('a budget of work', () => {
  it('is drawn by used time, gives one address half, and refills', async () => {
    const budget = new WorkBudget(0.5);
    let done = 0;
    const work = () => {
      busy(20);
      done += 1;
    };
    const rejected = (address: string) => {
      try {
        budget.account(address).spend(work);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    let error: unknown;
    for (let turn = 0; turn < 1_000 && error === undefined; turn++) error = rejected('one');
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    expect(done).toBeLessThan(500);
    expect(rejected('another')).toBeUndefined();
    await expect.poll(() => rejected('one')).toBeUndefined();
  });

  it('is drawn by tracked work, which is never rejected', () => {
    const budget = new WorkBudget(0.000_001);
    const account = budget.account('one');
    account.track(() => busy(1_100));
    expect(account.track(() => 'again')).toBe('again');
    expect(() => account.spend(() => undefined)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
    account.refund();
    expect(account.spend(() => 'good')).toBe('good');
  });

  it('is refunded for a credential that the upstream accepts', () => {
    const budget = new WorkBudget(0.000_001);
    // 1,000 calls are 40 ms of work; 1,000 such operations at once are more than any burst.
    for (let turn = 0; turn < 1_000; turn++) {
      const account = budget.account('one');
      account.charge(1_000);
      account.refund();
    }
    const chargeAll = () => {
      for (let turn = 0; turn < 1_000; turn++) budget.account('one').charge(1_000);
    };
    expect(chargeAll).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  });
});

describe('a text that is prepared', () => {
  it('is charged for every walk over its document, also those for conditions and memory', () => {
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 1e9,
      maxCharacters: 1e6,
      maxTokens: 1e6,
      compileAfter: 1,
    });
    const others = Array.from(
      { length: 2_000 },
      (_, index) => `query Q${index} { ...F${index} } fragment F${index} on Query { me { id } }`,
    ).join(' ');
    const elsewhere = Array.from({ length: 5 }, (_, turn) => {
      const startedAt = process.cpuUsage();
      let within = 0;
      const text = `query Page($more: Boolean!) { me { a${turn}: id @include(if: $more) } } ${others}`;
      const prepared = prepare(text, 'Page', (work) => {
        const before = process.cpuUsage();
        const outcome = work();
        within = process.cpuUsage(before).user;
        return outcome;
      });
      expect(isInvalid(prepared)).toBe(false);
      return process.cpuUsage(startedAt).user - within;
    });
    // Microseconds of processor time, the minimum of five: 10,000 if conditions were searched after the limit.
    expect(Math.min(...elsewhere)).toBeLessThan(3_000);
  });
});

describe('a text that is rejected', () => {
  it('is processed once, whatever the reason of its rejection', () => {
    let looks = 0;
    const prepare = createPrepare(schema, {
      introspection: false,
      cacheBytes: 1e6,
      maxCharacters: 65_536,
      maxTokens: 2_000,
      compileAfter: 1,
      check: () => {
        looks += 1;
        return undefined;
      },
    });
    const text = `{ me { nothing } } # ${'x'.repeat(5_000)}`;
    const first = prepare(text, undefined);
    expect(first).toMatchObject({
      errors: [{ message: expect.stringContaining('nothing'), locations: [{ line: 1 }] }],
    });
    for (let turn = 0; turn < 10; turn++) expect(prepare(text, undefined)).toEqual(first);
    expect(looks).toBe(1);
    expect(prepare(`${text} `, undefined)).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(looks).toBe(2);
  });
});

describe('new operations of callers whose credential is not accepted yet', () => {
  let stack: Stack;
  beforeAll(async () => {
    // On a fast machine many operations fit into the budget: they must not evict a known one from the cache.
    stack = await startStack({ config: { unprovenWorkPercent: 1, operationCacheBytes: 1e9 } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it('are charged for compiling, which their first execution does', async () => {
    const limits = { maxAliases: 10_000, maxFields: 5_000, maxFieldComparisons: 1e6, operationCacheBytes: 1e9 };
    await using own = await startStack({ config: { unprovenWorkPercent: 1, ...limits } });
    const { url } = own.gateway;
    // Each spread is compiled apart, which takes seven times as long as parsing and validating the text.
    const places = Array.from({ length: 150 }, (_, index) => `c${index}: pageInfo { ...F }`).join(' ');
    const fields = Array.from({ length: 30 }, (_, index) => `f${index}: hasNextPage`).join(' ');
    const text = (name: number) =>
      `query Q${name} { roster { entries(first: 1) { ${places} } } } fragment F on PageInfo { ${fields} }`;
    const codeOf = async (query: string, as: string | null) =>
      (await post(url, { query }, as)).errors?.[0]?.extensions.code;
    // Parsed, validated and kept, not executed. It takes half of what one address may use in a burst.
    let count = 0;
    for (const startedAt = performance.now(); performance.now() - startedAt < 500; count += 1)
      expect(await codeOf(text(count), null)).toBe('UNAUTHENTICATED');
    expect(await codeOf('{ before: me { id } }', null)).toBe('UNAUTHENTICATED');
    for (let name = 0; name < count; name += 1)
      expect(await codeOf(text(name), `stranger${name}`)).toBe('UNAUTHENTICATED');
    expect(await codeOf('{ fresh: me { id } }', null)).toBe('RATE_LIMITED');
  });

  it('are rejected with a code beyond the budget, over every transport; others are not', {
    timeout: 300_000,
  }, async () => {
    const url = stack.gateway.url;
    const known = '{ me { displayName } }';
    expect((await post(url, { query: known }, 'ada')).errors).toBeUndefined();
    let turn = 0;
    const fresh = () => `{ me { ${Array.from({ length: 40 }, (_, index) => `a${index}x${turn++}: id`).join(' ')} } }`;
    let rejection = await post(url, { query: fresh() }, null);
    while (rejection.errors?.[0]?.extensions.code !== 'RATE_LIMITED' && turn < 400_000) {
      rejection = await post(url, { query: fresh() }, null);
    }
    const tooMuch = { extensions: { code: 'RATE_LIMITED', retryable: true } };
    expect(rejection.errors).toMatchObject([tooMuch]);
    expect(rejection.headers.get('retry-after')).toMatch(/^\d+$/);

    // An operation may exceed the rest of the budget, which the next ones then lack: one of several is rejected.
    const several = async (ask: () => Promise<string>) => {
      const answers: string[] = [];
      while (answers.length < 20 && !answers.at(-1)?.includes('"RATE_LIMITED"')) answers.push(await ask());
      return answers.at(-1);
    };
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: basic('nobody') };
    const streamed = () =>
      fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: fresh() }) });
    expect(await several(async () => (await streamed()).text())).toContain('"RATE_LIMITED"');
    const get = () => fetch(`${url}/graphql?query=${encodeURIComponent(fresh())}`);
    expect(await several(async () => (await get()).text())).toContain('"RATE_LIMITED"');
    const socket = await openAcknowledged(url, 'nobody');
    for (let id = 0; id < 20; id++) {
      socket.send({ type: 'subscribe', id: String(id), payload: { query: fresh() } });
    }
    await expect.poll(() => JSON.stringify(socket.messages)).toContain('"RATE_LIMITED"');
    socket.socket.terminate();

    const wide = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { name } } }';
    const ids = Array.from({ length: 500 }, () => `Group:${crypto.randomUUID()}`);
    await post(url, { query: wide, variables: { ids: ids.slice(0, 1) } }, 'ada');
    // A credential each: one that was rejected a moment ago is rejected at once.
    const wideAsked = () => post(url, { query: wide, variables: { ids } }, `nobody${turn++}`);
    expect(await several(async () => (await wideAsked()).text)).toContain('"RATE_LIMITED"');
    expect((await post(url, { query: wide, variables: { ids } }, 'ada')).errors).toBeUndefined();

    // Operations in the cache cost nothing, and an accepted credential has no budget.
    expect((await post(url, { query: known }, 'grace')).errors).toBeUndefined();
    expect((await post(url, { query: fresh() }, 'ada')).errors).toBeUndefined();
  });
});
