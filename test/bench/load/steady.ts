/** Requests at a steady pace, whatever the answers take: how long each took is not hidden by waiting for the one before. */
import { Pool } from 'undici';

export interface Steady {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly authorization: string;
  readonly body: string | null;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Latencies {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function percentiles(values: readonly number[]): Latencies {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

export async function askSteadily(order: Steady): Promise<Latencies> {
  const url = new URL(order.url);
  const pool = new Pool(url.origin, { connections: 64 });
  const latencies: number[] = [];
  const ask = async () => {
    const sentAt = performance.now();
    const { statusCode, body } = await pool.request({
      method: order.method,
      path: url.pathname + url.search,
      headers: { authorization: order.authorization, 'content-type': 'application/json' },
      body: order.body,
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${order.url} answered ${statusCode}`);
    latencies.push(performance.now() - sentAt);
  };
  const total = order.perSecond * order.seconds;
  const startedAt = performance.now();
  const asked: Promise<void>[] = [];
  while (asked.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * order.perSecond) / 1000) + 1);
    while (asked.length < due) asked.push(ask());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(asked);
  await pool.close();
  return percentiles(latencies);
}
