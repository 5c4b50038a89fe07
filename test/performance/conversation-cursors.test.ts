/** A cursor of a conversation takes nine hashes: it is computed only for edges whose cursor is selected. */
import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

describe('cursors of conversations', () => {
  const session = new Session();
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  });
  afterAll(async () => {
    session.disconnect();
    await stack[Symbol.asyncDispose]();
  });

  /** @returns Conversations in the answer, and how many cursors were computed for it, as V8 counts the calls. */
  async function cursorsOf(selection: string): Promise<{ readonly rows: number; readonly computed: number }> {
    const { data, errors } = await stack.query(`{ conversations(first: 20) { edges { node { id } } ${selection} } }`);
    expect(errors).toBeUndefined();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const functions = result.find(({ url }) => url.endsWith('/conversation-pages.ts'))?.functions ?? [];
    const computing = functions.find(({ functionName }) => functionName === 'encodePlace');
    return { rows: data?.conversations?.edges.length ?? 0, computed: computing?.ranges[0]?.count ?? 0 };
  }

  it('are computed for selected ones only', async () => {
    const { rows, computed } = await cursorsOf('');
    expect(rows).toBeGreaterThan(5);
    expect(computed).toBe(0);
    expect(await cursorsOf('pageInfo { endCursor }')).toEqual({ rows, computed: 1 });
    expect(await cursorsOf('all: edges { cursor }')).toEqual({ rows, computed: rows });
  });
});
