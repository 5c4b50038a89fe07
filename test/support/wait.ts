/** Waits for conditions whose time depends on the machine. */
import type { Sandbox } from '../../src/sandbox/server.ts';

/** Resolves when the condition holds. @throws when it does not within the bound. */
export async function waitUntil(condition: () => boolean, timeoutMs = 90_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Resolves as `promise` does. @throws when that takes longer than the bound. */
export async function within<Value>(promise: Promise<Value>, timeoutMs = 90_000): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Metrics of a gateway's pending work at the upstream. */
const pending = ['upstream_calls_running', 'upstream_calls_waiting', 'events_queued', 'events_unacknowledged'];

/**
 * Resolves when the gateway has no further request for the sandbox: no call runs or waits, and every event is delivered and
 * acknowledged. Calls of earlier steps of a test are then counted. @throws when it has after the bound.
 */
async function requestsAtRest({ gateway, sandbox }: AtRest, timeoutMs = 90_000): Promise<void> {
  const { requests } = sandbox;
  const end = performance.now() + timeoutMs;
  let before = -1;
  let left: readonly string[] = [];
  for (;;) {
    const count = requests.count();
    const isStill = () => requests.underWay === 0 && requests.count() === count;
    // The same count twice: requests between the two servers have arrived. The metrics, which take longest, come last.
    if (isStill() && count === before) {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      left = pending.filter((name) => !text.includes(`\ntigerconnect_${name} 0\n`));
      if (left.length === 0 && isStill()) return;
    }
    if (performance.now() > end) throw new Error(`not at rest within ${timeoutMs} ms: ${left.join(', ')}`);
    before = count;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Counts requests from here on: those of earlier steps have ended, or are not counted. */
export async function countFromHere(stack: AtRest): Promise<void> {
  await requestsAtRest(stack);
  stack.sandbox.requests.reset();
}

/** A gateway that serves its metrics, and its upstream. */
interface AtRest {
  readonly gateway: { readonly url: string };
  readonly sandbox: Pick<Sandbox, 'requests'>;
}
