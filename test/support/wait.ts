/** Waiting for what the machine decides when to do. */

/** Resolves when the condition holds. @throws when it does not within the bound. */
export async function waitUntil(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Resolves as `promise` does. @throws when that takes longer than the bound. */
export async function within<Value>(promise: Promise<Value>, timeoutMs = 30_000): Promise<Value> {
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

/** Waits until an upstream has had no further request for 300 ms: calls that earlier steps of a test left behind are then counted. */
export async function requestsAtRest(requests: { count(): number }): Promise<void> {
  for (let before = -1; before !== requests.count(); ) {
    before = requests.count();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
