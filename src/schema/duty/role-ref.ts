/** The type of roles, declared for the types that refer to it, and roles from accounts and tokens. */
import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { User } from '../../domain/domain.ts';
import type { DutyParty, Role } from '../../domain/duty.ts';
import { GatewayError } from '../../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { tokenOf } from '../id.ts';
import { allowItemErrors } from '../refs.ts';
import { needsRead } from '../selection.ts';

export const RoleRef = builder.objectRef<Role>('Role');

/** The role that an account represents; undefined for every other account, and when it was read without metadata. */
export function roleOfUser({ token, displayName, organizationKey, role }: User): Role | undefined {
  return role && { kind: 'ROLE', token, name: displayName, organizationKey, profile: role };
}

/** A role by its token, with the users of this operation; undefined when there is no such role for the caller. */
export function readRole(token: string, { loaders }: GatewayContext): PromiseOrValue<Role | undefined> {
  return thenOrNow(loaders.users().load(token), (user) => user && roleOfUser(user));
}

/** The role after a change. @throws GatewayError `NOT_FOUND` when it has gone in between. */
export function roleAfter(token: string, context: GatewayContext): PromiseOrValue<Role> {
  return thenOrNow(readRole(token, context), (role) => {
    if (role === undefined) throw new GatewayError('NOT_FOUND', { message: 'The role can no longer be read.' });
    return role;
  });
}

/** A referenced role: not read when only its id is selected. */
export function roleReference(
  party: DutyParty | undefined,
  organizationKey: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Role | null | undefined> {
  if (party === undefined) return null;
  const { token, name } = party;
  if (needsRead(info)) return readRole(token, context);
  return { kind: 'ROLE', token, name, organizationKey, profile: unknownProfile };
}

/** Roles by token, read in one batch; a failed read is the error of its item. */
export function roleReferences(
  tokens: readonly string[],
  organizationKey: string | undefined,
  { loaders }: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<(Role | null)[]> {
  if (!needsRead(info))
    return tokens.map((token) => ({ kind: 'ROLE', token, name: undefined, organizationKey, profile: unknownProfile }));
  return thenOrNow(loaders.users().loadMany(tokens), (users) =>
    allowItemErrors(users.map((user) => (user instanceof Error ? user : ((user && roleOfUser(user)) ?? null)))),
  );
}

const unknownProfile = { onDuty: [], description: undefined, tag: undefined, escalationPolicy: undefined };

/**
 * The role of an argument: its own id, the id of its account, or the token of both.
 * @throws GatewayError `NOT_FOUND` naming `field`.
 */
export async function resolveRole(value: string, field: string, context: GatewayContext): Promise<Role> {
  const role = await readRole(tokenOf(value.startsWith('User:') ? 'User' : 'Role', value, field), context);
  if (role === undefined) throw notFoundAt(field, 'such role');
  return role;
}
