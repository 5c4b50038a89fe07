/** On an upstream without v5, every field makes the calls that it makes with UPSTREAM_API=v2: looking for v5 costs one call in all. */
import { expect, it } from 'vitest';
import { examples, setScene } from '../support/operation-examples.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { startStack } from '../support/stack.ts';

/** Fails without v5. */
const onV5 = new Set(['Mutation.markConversation']);

/** The calls of every field of the three root types, one after the other, with one credential; and those that look for v5. */
async function callsWith(upstreamApi: 'auto' | 'v2') {
  const proxies: RecordingProxy[] = [];
  const between = async (sandboxUrl: string) => {
    const proxy = await startRecordingProxy(sandboxUrl);
    proxies.push(proxy);
    return proxy;
  };
  const calls: [string, Readonly<Record<string, number>>][] = [];
  {
    await using stack = await startStack({
      config: { upstreamApi, streamLingerMs: 0 },
      sandbox: { api: 'v2' },
      between,
    });
    const scene = await setScene(stack);
    for (const [field, example] of Object.entries(examples)) {
      if (onV5.has(field)) continue;
      await example(scene);
      // How many acknowledgements an event stream makes before it ends is chance.
      const { ackEvents: _acks, ...counts } = stack.sandbox.requests.counts();
      calls.push([field, counts]);
    }
  }
  const paths = proxies.flatMap(({ requests }) => requests.map(({ path }) => path));
  await Promise.all(proxies.map((proxy) => proxy[Symbol.asyncDispose]()));
  return { calls, looks: paths.filter((path) => path.startsWith('/v5/') && !/login|attachment/.test(path)) };
}

it('every field makes the calls of UPSTREAM_API=v2 on an upstream without v5, and one call looks for it', async () => {
  const [found, expected] = await Promise.all([callsWith('auto'), callsWith('v2')]);
  expect(found.calls).toEqual(expected.calls);
  expect(expected.looks).toEqual([]);
  expect(found.looks.map((path) => path.split('?', 1)[0])).toEqual(['/v5/roster']);
});
