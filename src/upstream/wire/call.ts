/** Decodes rows of the call log. */
import type { CallLogEntry } from '../../domain/call.ts';
import type { Counterpart, User } from '../../domain/domain.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema } from './contract-check.ts';
import { entityKindV5, withFlatMetadata } from './conversation.ts';
import { decodeCounterpart } from './entity.ts';
import { nonEmpty } from './read.ts';
import { optionalTimestamp } from './timestamp.ts';
import { decodeUser } from './user.ts';

/**
 * Time, duration and video are spelled as the contract assumes: a value of another type counts as absent.
 * @param organization In which the log was read; entities that name none are in it.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeCallLogEntry(value: unknown, organization: string): CallLogEntry {
  const wire = assertSchema('CallLogEntry', value);
  const { timestamp, duration, is_video: isVideo } = wire;
  return {
    entryId: wire.id,
    word: nonEmpty(wire.type),
    caller: callerIn(wire.caller?.entity, organization),
    target: targetIn(wire.target, organization),
    at: typeof timestamp === 'string' ? optionalTimestamp(timestamp, 'CallLogEntry.timestamp') : undefined,
    durationSeconds: typeof duration === 'number' ? duration : undefined,
    isVideo: typeof isVideo === 'boolean' ? isVideo : undefined,
    organizationKey: organization,
  };
}

function callerIn(entity: unknown, organization: string): User | undefined {
  return isRecord(entity) ? decodeUser(withFlatMetadata(entity, organization)) : undefined;
}

/** The kind is beside the entity, or in it as elsewhere. */
function targetIn(
  target: { readonly type?: string; readonly entity?: unknown } | undefined,
  organization: string,
): Counterpart | undefined {
  const entity = target?.entity;
  if (!isRecord(entity)) return undefined;
  const kind = entityKindV5(target?.type ?? (typeof entity.type === 'string' ? entity.type : undefined));
  return kind === undefined ? undefined : decodeCounterpart(kind, withFlatMetadata(entity, organization));
}
