/** Compares the estimated cost of an operation with its upstream calls. */
import { afterAll, beforeAll } from 'vitest';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { post, type Stack, startStack, testConfig } from './stack.ts';

export interface CostCounter {
  readonly stack: Stack;
  /** Upstream calls that an operation is estimated to cause; it does not run. */
  estimated(query: string, variables?: object): Promise<number>;
  /** Upstream calls that it makes. Those of event streams are not of an operation, and may come from an earlier test. */
  caused(query: string, variables?: object): Promise<number>;
}

const ofStreams: ReadonlySet<string> = new Set(['createEvents', 'ackEvents']);

async function startCostCounter(): Promise<CostCounter & AsyncDisposable> {
  const stack = await startStack();
  // Runs nothing that costs anything, and says what it would have cost.
  const config = testConfig(stack.sandbox.url, { maxUpstreamCalls: 0 });
  const gateway = await startGateway({ config, log: createLog('silent') });
  return {
    stack,
    async estimated(query, variables = {}) {
      const { errors } = await post(gateway.url, { query, variables });
      const text = errors?.[0]?.message ?? '';
      return Number(/^The operation may cause (\d+) upstream calls; the limit is 0\./.exec(text)?.[1] ?? 0);
    },
    async caused(query, variables = {}) {
      stack.sandbox.requests.reset();
      await stack.query(query, variables);
      return stack.sandbox.requests.list.filter(({ operationId }) => !ofStreams.has(operationId)).length;
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await stack[Symbol.asyncDispose]();
    },
  };
}

/** One for the tests of this block. */
export function useCostCounter(): CostCounter {
  let started: (CostCounter & AsyncDisposable) | undefined;
  beforeAll(async () => {
    started = await startCostCounter();
  });
  afterAll(() => started?.[Symbol.asyncDispose]());
  const counter = () => {
    if (started === undefined) throw new Error('it starts before the first test of its block');
    return started;
  };
  return {
    get stack() {
      return counter().stack;
    },
    estimated: (query, variables) => counter().estimated(query, variables),
    caused: (query, variables) => counter().caused(query, variables),
  };
}
