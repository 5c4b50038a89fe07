/** An upstream that restarts: how soon a few streams are back, and how many spread out. */

import { createCredential } from '../../src/upstream/credential.ts';
import { startEventHub } from '../support/event-hub.ts';
import { waitUntil } from '../support/wait.ts';
import { percentile, rounded } from './figures.ts';

export interface ReconnectReport {
  readonly streams: number;
  readonly restarts: number;
  /** Milliseconds from the upstream's return to a stream's first frame. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Between the first and the last attempt after one return, at least. */
  readonly spreadMs: number;
}

export async function runReconnect(options: {
  readonly streams: number;
  readonly restarts: number;
  readonly downMs: number;
}): Promise<ReconnectReport> {
  await using harness = await startEventHub();
  const { upstream } = harness;
  const port = Number(new URL(upstream.url).port);
  const times: number[] = [];
  let spread = Number.POSITIVE_INFINITY;
  for (let index = 0; index < options.streams; index += 1) {
    const credential = createCredential(`Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`);
    harness
      .subscribe({ wants: () => false }, credential)
      .next()
      .catch(() => {}); // ends with the hub
  }
  await waitUntil(() => upstream.streams.size === options.streams);
  for (let restart = 0; restart < options.restarts; restart += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5_500)); // long enough to count as good service
    await upstream.stop();
    await new Promise((resolve) => setTimeout(resolve, options.downMs));
    upstream.attempts = [];
    await upstream.listen(port);
    const back = performance.now();
    await waitUntil(() => upstream.streams.size === options.streams);
    const opened = [...upstream.streams].map(({ openedAt }) => openedAt - back);
    times.push(...opened);
    spread = Math.min(spread, Math.max(...opened) - Math.min(...opened));
  }
  return {
    streams: options.streams,
    restarts: options.restarts,
    p50Ms: rounded(percentile(times, 0.5)),
    p99Ms: rounded(percentile(times, 0.99)),
    spreadMs: rounded(spread),
  };
}
