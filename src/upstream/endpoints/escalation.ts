/** Escalations of messages. Each call names the original message, never its copy (contract). */

import type { Escalation } from '../../domain/duty.ts';
import type { Upstream } from '../upstream.ts';
import { decodeEscalation } from '../wire/escalation.ts';
import { requireObject } from '../wire/read.ts';
import { path } from './path.ts';

/** Starts the escalation of a message, by the policy of its role. */
export function escalateMessage(upstream: Upstream, message: string): Promise<Escalation> {
  const call = {
    operationId: 'escalateMessage',
    method: 'POST',
    path: path`/v2/message/${message}/escalation`,
  } as const;
  return upstream.read(call, ({ reply }) => decodeEscalation(requireObject(reply, 'escalateMessage.reply').escalation));
}

interface Asked {
  /** The original message. */
  readonly message: string;
  /** The upstream's id of the escalation. */
  readonly escalation: string;
  /** Tokens of the caller's roles, then of the caller (contract). */
  readonly as: readonly string[];
}

/** Confirms that the caller handles the message, which ends the escalation. */
export function confirmEscalation(upstream: Upstream, { message, escalation, as }: Asked): Promise<Escalation> {
  const call = {
    operationId: 'confirmEscalation',
    method: 'POST',
    path: path`/v2/message/${message}/escalation/${escalation}/confirm`,
    json: { confirm_as: as },
  } as const;
  return upstream.read(call, ({ reply }) => decodeEscalation(reply));
}

/** Passes the escalation on to the next step. */
export function skipEscalation(upstream: Upstream, { message, escalation, as }: Asked): Promise<Escalation> {
  const call = {
    operationId: 'skipEscalation',
    method: 'POST',
    path: path`/v2/message/${message}/escalation/${escalation}/skip`,
    json: { skip_as: as },
  } as const;
  return upstream.read(call, ({ reply }) => decodeEscalation(reply));
}

/** Ends the escalation of a message; one that is over is accepted (contract). */
export async function cancelEscalation(upstream: Upstream, message: string): Promise<void> {
  await upstream.call({
    operationId: 'cancelEscalation',
    method: 'DELETE',
    path: path`/v2/message/${message}/escalation`,
  });
}
