import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

/** graphql-http's audit of the GraphQL over HTTP specification, on a real port, as a client without a credential. */
describe('the GraphQL over HTTP audit', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  const audits = serverAudits({ url: () => `${stack.gateway.url}/graphql`, fetchFn: fetch });

  it.each([
    ['application/json', 200],
    ['APPLICATION/JSON; charset=UTF-8', 200],
    ['application/json;charset="utf-8"', 200],
    ['application/graphql+json', 200],
    ['application/json; charset=utf-16', 415],
    ['application/json; charset="latin1"', 415],
    ['application/json; charset=utf-8x', 415],
    ['application/json; charset=utf-8; charset=utf-16', 415],
  ])('reads a body of the media type %s: %i', async (type, status) => {
    const init = { method: 'POST', headers: { 'content-type': type }, body: '{"query":"{ __typename }"}' };
    expect((await fetch(`${stack.gateway.url}/graphql`, init)).status).toBe(status);
  });

  it('has 61 parts', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result.status === 'ok' ? undefined : result.reason).toBeUndefined();
  });
});
