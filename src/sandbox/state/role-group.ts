/** The one-to-one group with a role: writing to a role means writing into it (contract, createRoleGroup). */

import { badRequest, forbidden } from '../http/http-error.ts';
import { identitiesOf } from './account.ts';
import { createGroup } from './group-change.ts';
import { roleOf, visibleRole } from './role.ts';
import type { RoleAccount } from './role-types.ts';
import type { World } from './world.ts';
import type { Account, Group, Session } from './world-types.ts';

export interface RoleGroupRequest {
  /** Token of the writer: the caller, or a role of the caller. */
  readonly creator: string;
  /** The writer and the role. */
  readonly members: readonly string[];
  readonly name: string | undefined;
}

/**
 * The group of a writer and a role; the same one at every call (assumed).
 * @throws HttpError 400 for members that are not the writer and a role, 403 for a writer other than the caller and its roles,
 *   404 for a role the caller cannot see.
 */
export function roleGroup(
  world: World,
  caller: Account,
  { creator, members, name }: RoleGroupRequest,
  cause: Session,
): Group {
  if (!members.includes(creator)) throw badRequest('members: expected the writer and a role');
  if (!identitiesOf(world, caller).has(creator)) throw forbidden('created_by: expected the caller or its role');
  const target = members.find((token) => token !== creator);
  if (target === undefined) throw badRequest('members: expected the writer and a role');
  const found = visibleRole(world, caller, target);
  return existing(world, creator, target) ?? create(world, caller, creator, found, name, cause);
}

function existing(world: World, creator: string, target: string): Group | undefined {
  return [...world.groups.values()].find(
    ({ metadata, deleted, roleMembers }) =>
      !deleted &&
      roleMembers?.includes(target) === true &&
      metadata.target_id === target &&
      metadata.created_by === creator,
  );
}

function create(
  world: World,
  caller: Account,
  creator: string,
  { role, account }: RoleAccount,
  name: string | undefined,
  cause: Session,
): Group {
  const writer = world.accounts.get(creator);
  const { tag } = role;
  return createGroup(
    world,
    caller,
    {
      name: name ?? `${writer?.displayName ?? ''}, ${account.displayName}`,
      members: [...new Set([caller.token, ...account.owners])],
      roleMembers: [role.token, ...(roleOf(world, creator) === undefined ? [] : [creator])],
      organization: role.organization,
      isPublic: false,
      // A person who goes on duty reads earlier messages.
      replayHistory: true,
      description: '',
      avatar: null,
      metadata: {
        feature_service: 'role',
        target_id: role.token,
        target_display_name: account.displayName,
        ...(tag === undefined ? {} : { target_tag_id: tag.id, target_tag_name: tag.name, target_tag_color: tag.color }),
        created_by: creator,
        created_by_display_name: writer?.displayName ?? '',
      },
    },
    cause,
  );
}
