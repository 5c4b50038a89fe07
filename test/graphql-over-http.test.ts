import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from './support/stack.ts';

/** graphql-http's audit of the GraphQL over HTTP specification, on a real port, as a client without a credential. */
describe('the GraphQL over HTTP audit', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  const audits = serverAudits({ url: () => `${stack.gateway.url}/graphql`, fetchFn: fetch });

  it('has 61 parts', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
  });
});
