/** What the first operation would otherwise wait for: the engine compiles most of this program only when it first runs. */
import { request } from 'undici';
import { exampleTabs } from './example-operations.ts';
import { isRefused, type Prepare } from './prepare.ts';

/** Prepares and compiles one operation of each kind. Those a setting refuses are left out. */
export function warmUp(prepare: Prepare): void {
  for (const { query } of exampleTabs) {
    const prepared = prepare(query, undefined);
    if (!isRefused(prepared)) void prepared.compiled;
  }
}

/** Longest wait for the request to itself; a gateway that cannot reach itself starts all the same, and is slower once. */
const timeoutMs = 1_000;

/** One request over the wire, which wakes server and client alike. @param url Where the gateway itself listens. */
export async function warmUpHttp(url: string): Promise<void> {
  try {
    const { body } = await request(`${url}/healthz`, { reset: true, signal: AbortSignal.timeout(timeoutMs) });
    await body.dump();
  } catch {
    // Nothing was lost but the head start.
  }
}
