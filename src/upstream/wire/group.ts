/** Decodes groups and distribution lists. */
import type { DistributionList, Group } from '../../domain/domain.ts';
import { assertSchema, invalidReply } from './contract-check.ts';
import { escalationIn, withoutBrokenEscalation } from './escalation.ts';
import { nonEmpty, readString } from './read.ts';
import { roleMetadataOf, textsOf } from './role.ts';
import { optionalTimestamp } from './timestamp.ts';

/**
 * Decodes the contract's Group; `display_name` is an alternative spelling of `name`.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeGroup(value: unknown): Group {
  const escalation = escalationIn(value);
  const role = roleMetadataOf(value);
  const wire = assertSchema(
    'Group',
    withoutBrokenEscalation(role === undefined ? value : { ...Object(value), metadata: textsOf(role) }),
  );
  const memberTokens = wire.members === undefined ? undefined : decodeMembers(wire.members, 'Group.members');
  return {
    kind: 'GROUP',
    token: wire.token,
    name: nonEmpty(wire.name) ?? nonEmpty(wire.display_name),
    description: nonEmpty(wire.description),
    avatarUrl: nonEmpty(wire.avatar ?? undefined),
    isPublic: wire.is_public,
    replayHistory: wire.replay_history,
    memberTokens,
    memberCount: wire.num_members ?? memberTokens?.length,
    createdAt: optionalTimestamp(wire.created_time, 'Group.created_time'),
    createdBy: nonEmpty(wire.created_by),
    organizationKey: nonEmpty(wire.organization_key),
    metadata: wire.metadata,
    ...(escalation === undefined ? {} : { escalation }),
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeDistributionList(value: unknown): DistributionList {
  const wire = assertSchema('DistributionList', value);
  return {
    kind: 'LIST',
    token: wire.token,
    name: nonEmpty(wire.name) ?? nonEmpty(wire.display_name),
    organizationKey: nonEmpty(wire.organization_key),
    memberCount: wire.num_members,
  };
}

/**
 * Member tokens from a list of tokens or of objects with an id (contract, Group.members) or a token. A repeated one is one member: the
 * tokens are the cursors of pages.
 * @throws GatewayError `UPSTREAM_INVALID` naming `field`.
 */
export function decodeMembers(rows: readonly unknown[], field: string): string[] {
  const tokens = rows.map((row) => {
    const token = typeof row === 'string' ? row : (readString(row, 'id') ?? readString(row, 'token'));
    if (token === undefined || token === '') throw invalidReply(field);
    return token;
  });
  return [...new Set(tokens)];
}
