/** Runs the main code paths once at start: V8 compiles a function on its first call, which would delay the first operation. */

import { buildConnector } from 'undici';
import { exampleTabs } from './server/http/example-operations.ts';
import { isInvalid, type Prepare } from './server/operation/prepare.ts';
import { CancellableTask } from './upstream/cancellation.ts';
import { sendBuffered } from './upstream/transport/buffered-request.ts';
import { PooledConnection } from './upstream/transport/connection-pool.ts';
import { decodeGroup } from './upstream/wire/group.ts';
import { decodeMessage } from './upstream/wire/message.ts';
import { decodeUser } from './upstream/wire/user.ts';

/** An operation with a variable, as front ends send; the example operations have none. */
const exampleVariable = 'query ($id: ID!) { user(id: $id) { displayName } }';

/** Prepares and compiles one operation of each kind. Skips operations that a setting rejects, such as `MAX_DEPTH`. */
export function warmUp(prepare: Prepare): void {
  for (const query of [...exampleTabs.map((tab) => tab.query), exampleVariable]) {
    const prepared = prepare(query, undefined);
    if (!isInvalid(prepared)) void prepared.execute;
  }
}

/** Decodes a minimal user, group and message: their generated contract checks are long functions. */
export function warmUpReplies(): void {
  const token = 'none';
  decodeUser({ token });
  decodeGroup({ token });
  decodeMessage({ message_id: token });
}

/** Timeout of the request to the gateway's own port. After a timeout the gateway starts anyway; only the first request is slower. */
const timeoutMs = 1_000;

/** Maximum reply size in bytes. The health check replies with one word. */
const maxReplyBytes = 1_000;

/**
 * Sends one request to the gateway itself through the upstream HTTP client, so that server and client code is compiled.
 * Errors are ignored: a failed warm-up only makes the first request slower.
 * @param url Origin that the gateway listens on.
 */
export async function warmUpHttp(url: string): Promise<void> {
  const connection = new PooledConnection(url, buildConnector({ timeout: timeoutMs }));
  const task = new CancellableTask();
  const timer = setTimeout(() => task.cancel(new Error('Warm-up request timed out.')), timeoutMs);
  await new Promise<void>((resolve) => {
    const handler = { sent: () => {}, onResponse: () => resolve(), onError: () => resolve() };
    sendBuffered(connection, { method: 'GET', path: '/healthz', reset: true }, maxReplyBytes, task, handler);
  });
  clearTimeout(timer);
  await connection.destroy(null);
}
