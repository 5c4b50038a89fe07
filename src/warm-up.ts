/** What the first operation would otherwise wait for: the engine compiles most of this program only when it first runs. */

import { buildConnector } from 'undici';
import { exampleTabs } from './server/http/example-operations.ts';
import { isInvalid, type Prepare } from './server/operation/prepare.ts';
import { CancellableTask } from './upstream/cancellation.ts';
import { sendBuffered } from './upstream/transport/buffered-request.ts';
import { PooledConnection } from './upstream/transport/connection-pool.ts';
import { decodeGroup } from './upstream/wire/group.ts';
import { decodeMessage } from './upstream/wire/message.ts';
import { decodeUser } from './upstream/wire/user.ts';

/** With a variable, as a front end's operations are; the examples have none. */
const exampleVariable = 'query ($id: ID!) { user(id: $id) { displayName } }';

/** Prepares and compiles one operation of each kind. Those a setting refuses are left out. */
export function warmUp(prepare: Prepare): void {
  for (const query of [...exampleTabs.map((tab) => tab.query), exampleVariable]) {
    const prepared = prepare(query, undefined);
    if (!isInvalid(prepared)) void prepared.execute;
  }
}

/** Checks and decodes the least the upstream can say of what is read most: the checks of the contract are long programs. */
export function warmUpReplies(): void {
  const token = 'none';
  decodeUser({ token });
  decodeGroup({ token });
  decodeMessage({ message_id: token });
}

/** Longest wait for the request to itself; a gateway that cannot reach itself starts all the same, and is slower once. */
const timeoutMs = 1_000;

/** Bytes; its answer is a word. */
const maxReplyBytes = 1_000;

/**
 * One request over the wire, sent as calls to the upstream are: wakes server and client alike. Whatever goes wrong with it,
 * nothing was lost but the head start.
 * @param url Where the gateway itself listens.
 */
export async function warmUpHttp(url: string): Promise<void> {
  const connection = new PooledConnection(url, buildConnector({ timeout: timeoutMs }));
  const task = new CancellableTask();
  const fuse = setTimeout(() => task.cancel(new Error('late')), timeoutMs);
  await new Promise<void>((resolve) => {
    const receiver = { sent: () => {}, onResponse: () => resolve(), onError: () => resolve() };
    sendBuffered(connection, { method: 'GET', path: '/healthz', reset: true }, maxReplyBytes, task, receiver);
  });
  clearTimeout(fuse);
  await connection.destroy(null);
}
