/** Decodes escalations, which come in replies, messages, groups and events alike. */
import type { Escalation, EscalationStatus } from '../../domain/duty.ts';
import type { GatewayError } from '../../errors.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema } from './contract-check.ts';
import { decodeOrError, nonEmpty, readString } from './read.ts';
import { decodeSteps } from './role.ts';
import { optionalTimestamp } from './timestamp.ts';

/** Official clients show `init` as `in_progress`, and `destruct` as `cancelled` (contract, Escalation). */
const statuses: Readonly<Record<string, EscalationStatus>> = {
  init: 'IN_PROGRESS',
  in_progress: 'IN_PROGRESS',
  confirmed: 'CONFIRMED',
  cancelled: 'CANCELLED',
  destruct: 'CANCELLED',
  no_response: 'UNANSWERED',
};

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeEscalation(value: unknown): Escalation {
  const statusName = readString(value, 'escalation_status') ?? '';
  const status = (Object.hasOwn(statuses, statusName) ? statuses[statusName] : undefined) ?? 'OTHER';
  // A status that the contract does not have must not make the escalation unreadable.
  const isNew = status === 'OTHER' && statusName !== '';
  const wire = assertSchema('Escalation', isNew ? { ...Object(value), escalation_status: 'in_progress' } : value);
  return {
    escalationId: wire.escalation_execution_id,
    name: wire.display_name,
    status,
    statusName,
    level: wire.level,
    target: nonEmpty(wire.target_token),
    targetMinutes: wire.target_duration,
    steps: decodeSteps(wire.escalation_path ?? []),
    message: nonEmpty(wire.triggering_message_token),
    copy: present(wire.triggered_message_token),
    group: present(wire.escalation_group_token),
    conversation: nonEmpty(wire.triggering_conversation_id),
    organizationKey: nonEmpty(wire.organization_token),
    changedAt: optionalTimestamp(wire.action_time, 'Escalation.action_time'),
    keptMinutes: wire.destruction_duration,
    keptUntil: optionalTimestamp(wire.destruction_time, 'Escalation.destruction_time'),
  };
}

/** The escalation in a message, a group or an event: undefined without one, and an error for one that breaks the contract. */
export function escalationIn(holder: unknown): Escalation | GatewayError | undefined {
  const value = isRecord(holder) ? (holder.escalation ?? undefined) : undefined;
  return value === undefined ? undefined : decodeOrError(value, decodeEscalation);
}

/** Removes an escalation that is not an object, as the contract requires: it then fails alone, and its holder can be read. */
export function withoutBrokenEscalation(holder: unknown): unknown {
  if (!isRecord(holder) || holder.escalation === undefined || isRecord(holder.escalation)) return holder;
  return { ...holder, escalation: undefined };
}

/** Tokens of the original message and of its copy, which a broken escalation may name too. */
export function messagesOf(escalation: unknown): readonly string[] {
  const names = ['triggering_message_token', 'triggered_message_token'];
  return names.flatMap((name) => present(readString(escalation, name)) ?? []);
}

/** Fields of an escalation that `decodeEscalation` reads. */
export const escalationFields: ReadonlySet<string> = new Set([
  'escalation_execution_id',
  'display_name',
  'escalation_status',
  'level',
  'target_token',
  'target_duration',
  'escalation_path',
  'triggering_message_token',
  'triggered_message_token',
  'triggering_conversation_id',
  'escalation_group_token',
  'organization_token',
  'destruction_duration',
  'destruction_time',
  'action_time',
]);

/** The word `undefined` is the contract's placeholder of a missing value (contract, Escalation). */
function present(token: string | undefined): string | undefined {
  return token === 'undefined' ? undefined : nonEmpty(token);
}
