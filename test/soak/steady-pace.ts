/** Operations at a steady pace, over kept connections, and their cost for the gateway's process. */
import { Pool } from 'undici';
import { processorSeconds } from '../support/process-figures.ts';
import { basic } from '../support/stack.ts';

export const operationsPerSecond = 2_000;
const everyMs = 5;
/** Few operations of one caller in a second, as in a hospital. */
const callers = 256;
const credentials = Array.from({ length: callers }, (_, index) => basic(`caller${index}`, 'x'));

/** With one upstream call each, but for the audit log's reading of the account. */
export const query = JSON.stringify({ query: '{ me { displayName } }' });
export const mutation = JSON.stringify({
  query: 'mutation { startTyping(input: { recipient: "grace@example.org" }) { isTyping } }',
});

export interface Paced {
  readonly operations: number;
  readonly failed: number;
  /** Processor time of the gateway for each operation. */
  readonly microseconds: number;
}

/** @param body Of each request. */
export async function atSteadyPace(
  gateway: { readonly url: string; readonly child: { readonly pid?: number | undefined } },
  body: string,
  seconds: number,
): Promise<Paced> {
  const pool = new Pool(gateway.url, { connections: 64, pipelining: 1 });
  const pid = gateway.child.pid ?? 0;
  let [sent, failed] = [0, 0];
  const ask = async (): Promise<void> => {
    const authorization = credentials[sent++ % callers] ?? '';
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await pool.request({ path: '/graphql', method: 'POST', headers, body });
    if ((await answer.body.text()).includes('"errors"')) failed += 1;
  };
  const startedAt = performance.now();
  const before = processorSeconds(pid);
  const pending: Promise<void>[] = [];
  for (let elapsed = 0; elapsed < seconds * 1_000; elapsed = performance.now() - startedAt) {
    const due = (elapsed / 1_000) * operationsPerSecond;
    while (sent < due) pending.push(ask());
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  await Promise.all(pending);
  const used = processorSeconds(pid) - before;
  await pool.close();
  return { operations: sent, failed, microseconds: (used / sent) * 1e6 };
}
