import { describe, expect, it } from 'vitest';
import { iterate } from '../../src/events/ack-source.ts';
import { eventNodes, itemsFrom } from '../../src/schema/event/source.ts';
import { authorization, drain, startEventBench, takeEvent, takeIds } from '../support/event-hub.ts';
import { json } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';

/** What waits in a feed, taken without waiting. */
function takeAll<Item>(feed: { take(): Item | undefined }): Item[] {
  const items: Item[] = [];
  for (let item = feed.take(); item !== undefined; item = feed.take()) items.push(item);
  return items;
}

describe('a subscription taken without waiting', () => {
  it('acknowledges what was handed over, in order, and nothing that was only taken', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    for (const id of ['a', 'b', 'c', 'd']) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 4);
    expect(takeAll(subscription)).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }]);
    subscription.handed();
    subscription.handed();
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'b']);
    subscription.leave();
    expect(await takeIds(bench.subscribe(), 2)).toEqual(['c', 'd']);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('tells when there is something to take again', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    let told = 0;
    subscription.onReady(() => {
      told += 1;
    });
    await bench.upstream.stream();
    expect(subscription.take()).toBeUndefined();
    for (const id of ['a', 'b']) bench.say(id);
    await waitUntil(() => told > 0);
    const first = told;
    await waitUntil(() => bench.hub.stats().received === 2);
    expect(takeAll(subscription)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    subscription.leave();
    expect(told).toBeGreaterThan(first);
    expect(subscription.isOver).toBe(true);
  });

  it('throws what ended it once, and is over then', async () => {
    await using bench = await startEventBench({ subscriberQueue: 16 });
    const subscription = bench.subscribe();
    for (let count = 0; count < 100; count += 1) bench.say(`a${count}`);
    await waitUntil(() => bench.hub.stats().dropped === 1);
    expect(subscription.isOver).toBe(false);
    expect(() => subscription.take()).toThrowError(expect.objectContaining({ code: 'SLOW_CONSUMER' }));
    expect(subscription.take()).toBeUndefined();
    expect(subscription.isOver).toBe(true);
  });

  it('keeps nobody waiting for what it took when it has ended, and counts it when it gets there after all', async () => {
    await using bench = await startEventBench({ subscriberQueue: 16 });
    const slow = bench.subscribe();
    const quick = bench.subscribe({ wants: (event) => event.type !== 'TAG_CHANGED' });
    await bench.upstream.stream();
    for (const id of ['a', 'b']) bench.say(id);
    await waitUntil(() => bench.hub.stats().received === 2);
    expect(takeAll(slow)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(takeAll(quick)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    quick.handed();
    for (let count = 0; count < 100; count += 1) {
      const tag = json(`tag${count}`, 'tigertext:iq:update:tag', { token: 't' });
      bench.upstream.push(authorization, { id: `tag${count}`, json: tag });
    }
    await waitUntil(() => bench.upstream.acknowledged().includes('a')); // the slow one is gone and waited for no longer
    expect(bench.upstream.acknowledged()).not.toContain('b');
    quick.leave();
    slow.handed();
    slow.handed();
    await waitUntil(() => bench.upstream.acknowledged().includes('b'));
  });
});

describe('the items of a subscription', () => {
  const users = (id: string, tokens: readonly string[]) => ({
    id,
    json: json(id, 'tigertext:iq:update', {
      entities: tokens.map((token) => ({ type: 'tigertext:entity:account', token })),
    }),
  });
  const tokensOf = (delivery: { readonly kind: string; readonly event?: unknown }): string[] => {
    const { entities = [] } = (delivery.event ?? {}) as { entities?: readonly { token: string }[] };
    return entities.map(({ token }) => token);
  };

  it('hand an event over when all that was made of it is, and those before it', async () => {
    await using bench = await startEventBench();
    const items = itemsFrom(bench.subscribe(), tokensOf);
    await bench.upstream.stream();
    bench.upstream.push(authorization, users('two', ['x', 'y']));
    bench.say('none');
    bench.upstream.push(authorization, users('one', ['z']));
    await waitUntil(() => bench.hub.stats().received === 3);
    expect(takeAll(items)).toEqual(['x', 'y', 'z']);
    items.handed();
    await new Promise((resolve) => setTimeout(resolve, 200)); // an acknowledgement would be under way by now
    expect(bench.upstream.acknowledged()).toEqual([]);
    items.handed();
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['two', 'none']);
    items.handed();
    await waitUntil(() => bench.upstream.acknowledged().length > 2);
    expect(bench.upstream.acknowledged()).toEqual(['two', 'none', 'one']);
  });

  it('are over when the subscription is, and leave it when they are left', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    const items = itemsFrom(subscription, eventNodes);
    bench.say('a');
    await waitUntil(() => bench.hub.stats().received === 1);
    expect(items.take()).toMatchObject({ id: 'a' });
    items.leave();
    expect(items.isOver).toBe(true);
    expect(subscription.isOver).toBe(true);
    expect((await takeEvent(bench.subscribe())).id).toBe('a');
  });
});

describe('a feed as an iterator', () => {
  it('answers pulls in their order, also those that were made before there was an answer', async () => {
    await using bench = await startEventBench();
    const pulls = iterate(bench.subscribe());
    const pending = [pulls.next(), pulls.next(), pulls.next()];
    for (const id of ['a', 'b', 'c']) bench.say(id);
    const answers = await within(Promise.all(pending));
    expect(answers).toMatchObject([{ value: { id: 'a' } }, { value: { id: 'b' } }, { value: { id: 'c' } }]);
    await waitUntil(() => bench.upstream.acknowledged().length > 0);
    expect(bench.upstream.acknowledged()).toEqual(['a', 'b']); // the third pull said so of the second
    await pulls.return();
    expect(await pulls.next()).toEqual({ done: true, value: undefined });
  });

  it('hands over what was pulled last when it is pulled once more, although the subscription has ended', async () => {
    await using bench = await startEventBench();
    const subscription = bench.subscribe();
    bench.say('a');
    expect((await takeEvent(subscription)).id).toBe('a');
    const closed = bench.hub.close();
    expect((await within(drain(subscription))).error).toMatchObject({ code: 'SHUTTING_DOWN' });
    await closed;
    expect(bench.upstream.acknowledged()).toEqual(['a']);
  });
});
