/** Subscribes and leaves, over and over: nothing may grow. */
import { startEventHub } from '../support/event-hub.ts';
import { waitUntil } from '../support/wait.ts';
import { rounded, settledMemory } from './figures.ts';

export interface ChurnReport {
  readonly subscriptions: number;
  /** Growth in the second half, after the warm-up. NaN without `--expose-gc`. */
  readonly heapGrowthBytesPerSubscription: number;
  readonly subscriptionsLeft: number;
  readonly upstreamStreams: number;
}

export async function runChurn({ subscriptions }: { readonly subscriptions: number }): Promise<ChurnReport> {
  // The resume buffer and the remembered ids are full from early on.
  await using harness = await startEventHub({ resumeEvents: 2, rememberedEventIds: 100, manualHoldMs: 0 });
  const keeper = harness.subscribe();
  await harness.upstream.stream();
  let events = 0;
  const half = async () => {
    for (let index = 0; index < subscriptions / 2; index += 1) {
      const subscription = harness.subscribe({ acknowledge: index % 2 === 0 ? 'AUTO' : 'MANUAL' });
      const pull = index % 3 === 0 ? subscription.next() : undefined;
      if (index % 500 === 0) {
        events += 1;
        harness.pushMessage(`churn-${events}`);
        await keeper.next();
      }
      await subscription.return();
      await pull;
    }
    await waitUntil(() => harness.hub.stats().unacknowledged === 0);
    harness.upstream.acknowledgements.length = 0; // the test upstream's records are not memory of the gateway
    return (await settledMemory()).heapUsed;
  };
  const before = await half();
  const after = await half();
  const { subscriptions: left, streams } = harness.hub.stats();
  const growth = globalThis.gc === undefined ? Number.NaN : rounded((after - before) / (subscriptions / 2));
  return {
    subscriptions,
    heapGrowthBytesPerSubscription: growth,
    subscriptionsLeft: left - 1,
    upstreamStreams: streams,
  };
}
