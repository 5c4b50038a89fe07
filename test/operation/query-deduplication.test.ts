import { describe, expect, it } from 'vitest';
import type { FaultOrderInput } from '../../src/sandbox/faults/faults.ts';
import { QueryDeduplicator } from '../../src/server/operation/query-deduplication.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { cancellationOf } from '../support/cancellation.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const roster = '{ roster { entries { totalCount } } }';

// Each waits for an upstream of its own that is slow.
describe.concurrent('identical queries in flight', () => {
  /** Both times are long enough for every client to have asked, however busy the machine is. */
  async function startSlow(fault: FaultOrderInput = { kind: 'delay', delayMs: 1_500, operationId: 'getRoster' }) {
    const stack = await startStack({ config: { sharedQueryMs: 10_000 } });
    await controlOf(stack.sandbox).fault(fault);
    return {
      ...stack,
      calls: (person: string) => stack.sandbox.requests.counts(person).getRoster ?? 0,
    };
  }

  it('share one execution among the clients of one credential', async () => {
    await using stack = await startSlow();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.query(roster)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.errors).toBeUndefined();
    expect(stack.calls('ada')).toBe(1);
  });

  it('are executed separately for each credential', async () => {
    await using stack = await startSlow();
    await Promise.all(['ada', 'grace', 'ada', 'grace'].map((person) => stack.query(roster, {}, person)));
    expect([stack.calls('ada'), stack.calls('grace')]).toEqual([1, 1]);
  });

  it('are executed separately for other variables and other operations', async () => {
    await using stack = await startSlow();
    const sized = 'query ($first: Int) { roster { entries(first: $first) { totalCount } } }';
    await Promise.all([stack.query(sized, { first: 1 }), stack.query(sized, { first: 2 }), stack.query(roster)]);
    expect(stack.calls('ada')).toBe(3);
  });

  it('are not joined after a change by the credential', async () => {
    await using stack = await startSlow();
    const before = stack.query(roster);
    await waitUntil(() => stack.calls('ada') >= 1);
    const change = await stack.query('mutation { mute(input: { counterpart: "grace", minutes: 5 }) { mutedUntil } }');
    expect(change.errors).toBeUndefined();
    await Promise.all([before, stack.query(roster)]);
    expect(stack.calls('ada')).toBe(2);
  });

  it('report an error to each client under its own request id', async () => {
    await using stack = await startSlow({ kind: 'status', status: 500, delayMs: 500, operationId: 'getRoster' });
    const [first, second] = await Promise.all([stack.query(roster), stack.query(roster)]);
    const ids = [first, second].map(({ errors }) => errors?.[0]?.extensions.requestId);
    expect(ids).toEqual([first.headers.get('x-request-id'), second.headers.get('x-request-id')]);
    expect(new Set(ids).size).toBe(2);
  });

  it('are executed individually when sharing is disabled', async () => {
    await using apart = await startStack({ config: { sharedQueryMs: 0 } });
    await Promise.all(Array.from({ length: 5 }, () => apart.query(roster)));
    expect(apart.sandbox.requests.counts('ada').getRoster).toBe(5);
  });
});

describe('sharing', () => {
  const credential = createCredential('Basic YWRhOmRlbW8=');
  const callerWith = (signal: AbortSignal) => ({
    credential,
    requestId: 'test',
    cancellation: cancellationOf(signal),
  });

  function execution() {
    const { promise, resolve, reject } = deferred();
    let count = 0;
    const execute = () => {
      count += 1;
      return count === 1 ? promise : Promise.resolve(`execution ${count}`);
    };
    return { execute, resolve, reject, count: () => count };
  }

  function deferred() {
    let resolve: (value: string) => void = () => undefined;
    let reject: (error: Error) => void = () => undefined;
    const promise = new Promise<string>((onValue, onError) => {
      resolve = onValue;
      reject = onError;
    });
    return { promise, resolve, reject };
  }

  it('continues for the others when the first client disconnects: they share a new execution', async () => {
    const queries = new QueryDeduplicator<string>(10_000);
    const leaver = new AbortController();
    const { execute, reject, count } = execution();
    const first = queries.run(callerWith(leaver.signal), 'question', execute);
    const others = [1, 2].map(() => queries.run(callerWith(new AbortController().signal), 'question', execute));
    leaver.abort();
    reject(new Error('aborted'));
    await expect(first).rejects.toThrow('aborted');
    expect(await Promise.all(others)).toEqual(['execution 2', 'execution 2']);
    expect(count()).toBe(2);
  });

  it('is not affected by a joined client that disconnects', async () => {
    const queries = new QueryDeduplicator<string>(10_000);
    const leaver = new AbortController();
    const { execute, resolve, count } = execution();
    const first = queries.run(callerWith(new AbortController().signal), 'question', execute);
    const joined = queries.run(callerWith(leaver.signal), 'question', execute);
    leaver.abort();
    resolve('execution 1');
    expect(await Promise.all([first, joined])).toEqual(['execution 1', 'execution 1']);
    expect(count()).toBe(1);
  });

  it('reports a failure to every waiting request', async () => {
    const queries = new QueryDeduplicator<string>(10_000);
    const { execute, reject, count } = execution();
    const all = [1, 2].map(() => queries.run(callerWith(new AbortController().signal), 'question', execute));
    reject(new Error('failed'));
    for (const { status } of await Promise.allSettled(all)) expect(status).toBe('rejected');
    expect(count()).toBe(1);
  });

  it('does not join a query that started before an event of the credential', async () => {
    const queries = new QueryDeduplicator<string>(10_000);
    const { execute, resolve } = execution();
    const before = queries.run(callerWith(new AbortController().signal), 'question', execute);
    queries.invalidate(credential.key);
    expect(await queries.run(callerWith(new AbortController().signal), 'question', execute)).toBe('execution 2');
    resolve('execution 1');
    expect(await before).toBe('execution 1');
  });

  it('retains nothing after the execution', async () => {
    const queries = new QueryDeduplicator<string>(10_000);
    const { execute, resolve } = execution();
    resolve('execution 1');
    expect(await queries.run(callerWith(new AbortController().signal), 'question', execute)).toBe('execution 1');
    expect(await queries.run(callerWith(new AbortController().signal), 'question', execute)).toBe('execution 2');
  });
});
