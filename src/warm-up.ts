/** Runs the main code paths once at start: V8 compiles a function on its first call, which would delay the first operation. */

import { exampleTabs } from './server/http/routes/example-operations.ts';
import { isInvalid, type Prepare } from './server/operation/prepare.ts';
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
