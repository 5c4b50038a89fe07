/** Typing notifications. */

import type { Upstream } from '../upstream.ts';
import { path } from './path.ts';

/** Organization and role of the typing caller. */
export interface Typing {
  readonly organization?: string | undefined;
  /** Token of the role to speak as; default: the caller. */
  readonly role?: string | undefined;
}

/** Announces typing to a user, group or distribution list. */
export async function startTyping(
  upstream: Upstream,
  address: string,
  { organization, role }: Typing = {},
): Promise<void> {
  await upstream.call({
    operationId: 'typingMessage',
    method: 'POST',
    path: '/v2/message/typing',
    json: { recipient: address, proxy_token: role },
    organization,
  });
}

/** Announces that typing stopped. With a role the upstream reports success for any recipient (contract). */
export async function stopTyping(
  upstream: Upstream,
  address: string,
  { organization, role }: Typing = {},
): Promise<void> {
  await upstream.call({
    ...(role === undefined
      ? { operationId: 'deleteMessageTyping', path: path`/v2/message/typing/${address}` }
      : { operationId: 'deleteMessageTypingAs', path: path`/v2/message/typing/${address}/${role}` }),
    method: 'DELETE',
    organization,
  });
}
