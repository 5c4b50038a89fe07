import { describe, expect, it } from 'vitest';
import { iterate } from '../../src/events/acknowledgement/ack-source.ts';
import { eventNodes, mapSource } from '../../src/schema/event/source.ts';
import { authorization, drain, nextEvent, nextIds, startEventHub } from '../support/event-hub.ts';
import { json } from '../support/event-upstream.ts';
import { waitUntil, within } from '../support/wait.ts';

// Each has a hub of its own, and waits for its acknowledgements.

/** What waits in a feed, taken without waiting. */
function takeAll<Item>(feed: { read(): Item | undefined }): Item[] {
  const items: Item[] = [];
  for (let item = feed.read(); item !== undefined; item = feed.read()) items.push(item);
  return items;
}

describe.concurrent('a subscription taken without waiting', () => {
  it('acknowledges confirmed items in order, and none that was only read', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    for (const id of ['a', 'b', 'c', 'd']) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 4);
    expect(takeAll(subscription)).toMatchObject([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }]);
    subscription.ack();
    subscription.ack();
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'b']);
    subscription.cancel();
    expect(await nextIds(harness.subscribe(), 2)).toEqual(['c', 'd']);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'b']);
  });

  it('notifies when an item is available again', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    let notified = 0;
    subscription.onReadable(() => {
      notified += 1;
    });
    await harness.upstream.stream();
    expect(subscription.read()).toBeUndefined();
    for (const id of ['a', 'b']) harness.pushMessage(id);
    await waitUntil(() => notified > 0);
    const first = notified;
    await waitUntil(() => harness.hub.stats().received === 2);
    expect(takeAll(subscription)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    subscription.cancel();
    expect(notified).toBeGreaterThan(first);
    expect(subscription.isDone).toBe(true);
  });

  it('throws the error that ended it once, and is done then', async () => {
    await using harness = await startEventHub({ subscriberQueue: 16 });
    const subscription = harness.subscribe();
    for (let count = 0; count < 100; count += 1) harness.pushMessage(`a${count}`);
    await waitUntil(() => harness.hub.stats().dropped === 1);
    expect(subscription.isDone).toBe(false);
    expect(() => subscription.read()).toThrowError(expect.objectContaining({ code: 'SLOW_CONSUMER' }));
    expect(subscription.read()).toBeUndefined();
    expect(subscription.isDone).toBe(true);
  });

  it('does not wait at its end for unconfirmed items, and counts them once they are confirmed', async () => {
    await using harness = await startEventHub({ subscriberQueue: 16 });
    const slow = harness.subscribe();
    const quick = harness.subscribe({ wants: (event) => event.type !== 'TAG_CHANGED' });
    await harness.upstream.stream();
    for (const id of ['a', 'b']) harness.pushMessage(id);
    await waitUntil(() => harness.hub.stats().received === 2);
    expect(takeAll(slow)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(takeAll(quick)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    quick.ack();
    for (let count = 0; count < 100; count += 1) {
      const tag = json(`tag${count}`, 'tigertext:iq:update:tag', { token: 't' });
      harness.upstream.push(authorization, { id: `tag${count}`, json: tag });
    }
    await waitUntil(() => harness.upstream.acknowledged().includes('a')); // the slow one is gone and waited for no longer
    expect(harness.upstream.acknowledged()).not.toContain('b');
    quick.cancel();
    slow.ack();
    slow.ack();
    await waitUntil(() => harness.upstream.acknowledged().includes('b'));
  });
});

describe.concurrent('the items of a subscription', () => {
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

  it('confirm an event when all items of it and of earlier events are confirmed', async () => {
    await using harness = await startEventHub();
    const items = mapSource(harness.subscribe(), tokensOf);
    await harness.upstream.stream();
    harness.upstream.push(authorization, users('two', ['x', 'y']));
    harness.pushMessage('none');
    harness.upstream.push(authorization, users('one', ['z']));
    await waitUntil(() => harness.hub.stats().received === 3);
    expect(takeAll(items)).toEqual(['x', 'y', 'z']);
    items.ack();
    expect(harness.hub.stats().unacknowledged).toBe(0);
    items.ack();
    expect(harness.hub.stats().unacknowledged).toBe(2);
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['two', 'none']);
    items.ack();
    await waitUntil(() => harness.upstream.acknowledged().length > 2);
    expect(harness.upstream.acknowledged()).toEqual(['two', 'none', 'one']);
  });

  it('end with the subscription, and cancel it when they are cancelled', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    const items = mapSource(subscription, eventNodes);
    harness.pushMessage('a');
    await waitUntil(() => harness.hub.stats().received === 1);
    expect(items.read()).toMatchObject({ id: 'a' });
    items.cancel();
    expect(items.isDone).toBe(true);
    expect(subscription.isDone).toBe(true);
    expect((await nextEvent(harness.subscribe())).id).toBe('a');
  });
});

describe.concurrent('an AckSource as an iterator', () => {
  it('settles pulls in their order, also those made before an item was available', async () => {
    await using harness = await startEventHub();
    const pulls = iterate(harness.subscribe());
    const pending = [pulls.next(), pulls.next(), pulls.next()];
    for (const id of ['a', 'b', 'c']) harness.pushMessage(id);
    const answers = await within(Promise.all(pending));
    expect(answers).toMatchObject([{ value: { id: 'a' } }, { value: { id: 'b' } }, { value: { id: 'c' } }]);
    await waitUntil(() => harness.upstream.acknowledged().length > 0);
    expect(harness.upstream.acknowledged()).toEqual(['a', 'b']); // the third pull said so of the second
    await pulls.return();
    expect(await pulls.next()).toEqual({ done: true, value: undefined });
  });

  it('confirms the last item with the next pull, although the subscription has ended', async () => {
    await using harness = await startEventHub();
    const subscription = harness.subscribe();
    harness.pushMessage('a');
    expect((await nextEvent(subscription)).id).toBe('a');
    const closed = harness.hub.close();
    expect((await within(drain(subscription))).error).toMatchObject({ code: 'SHUTTING_DOWN' });
    await closed;
    expect(harness.upstream.acknowledged()).toEqual(['a']);
  });
});
