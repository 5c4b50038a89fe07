import { limits } from '../bounds.ts';
import { forbidden } from '../http/http-error.ts';
import {
  bodyOf,
  empty,
  isTrue,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { findAccount, requireVisibleAccount, type VisibleAccount, visibleAccount } from '../state/account.ts';
import { announceAccount } from '../state/audience.ts';
import { meWire, userWire } from '../wire/user.ts';
import { actingOrganization, requireAtMost, storePicture, wantsMetadata } from './acting.ts';

export const userRoutes: Routes = {
  getMe: (context) => {
    const { world, caller } = context;
    const organization = actingOrganization(context) ?? caller.defaultOrganization;
    const { account, membership } = requireVisibleAccount(world, caller, caller.token, organization);
    return success(meWire(world, account, membership, wantsMetadata(context)));
  },

  getUser: (context) => {
    const { world, caller } = context;
    const visible = requireVisibleAccount(
      world,
      caller,
      pathValue(context, 'user_address'),
      actingOrganization(context),
    );
    return success(userWire(world, visible, wantsMetadata(context)));
  },

  /** Unknown tokens are omitted. Also accepts e-mails, phones and login names (NOTES.md, open question 10). */
  lookupUsersBulk: (context) => {
    const { world, caller } = context;
    const { users, render_metadata } = bodyOf(context, 'lookupUsersBulk');
    requireAtMost('users', users, limits.bulkUsers);
    const organization = actingOrganization(context);
    const withMetadata = wantsMetadata(context) || isTrue(render_metadata);
    const found = [...new Set(users.map((address) => findAccount(world, address)))];
    return success(
      found.flatMap((account) => {
        const visible = account && visibleAccount(world, caller, account, organization);
        return visible === undefined ? [] : [userWire(world, visible, withMetadata)];
      }),
    );
  },

  getEntitiesBulk: (context) => entitiesReply(context, () => ({})),

  /** Do-not-disturb belongs to a membership; this call sets it in all organizations. */
  updateUserSettings: (context) => {
    const { world, caller } = context;
    const fields = bodyOf(context, 'updateUserSettings');
    requireSelf(context);
    const avatar = storePicture(context);
    if (avatar !== null) caller.avatar = avatar;
    caller.firstName = fields.first_name ?? caller.firstName;
    caller.lastName = fields.last_name ?? caller.lastName;
    const isRenamed = fields.first_name !== undefined || fields.last_name !== undefined;
    const composed = `${caller.firstName} ${caller.lastName}`.trim();
    caller.displayName = fields.display_name ?? (isRenamed ? composed : caller.displayName);
    caller.status = fields.status ?? caller.status;
    for (const membership of caller.memberships.values()) {
      membership.dnd = fields.dnd ?? membership.dnd;
      membership.dndText = fields.dnd_text ?? membership.dndText;
    }
    announceAccount(world, caller);
    return empty();
  },
};

/**
 * Null for unknown tokens. Lists above the official client's batch size answer 400, which the contract does not list.
 * @param more Fields of a user that only one version has.
 */
export function entitiesReply(context: RequestContext, more: (visible: VisibleAccount) => object): Reply {
  const { world, caller } = context;
  const { users = [], metadata = [] } = bodyOf(context, 'getEntitiesBulk');
  requireAtMost('users', users, limits.bulkEntitiesWithUsers);
  requireAtMost('metadata', metadata, users.length > 0 ? limits.bulkEntitiesWithUsers : limits.bulkMetadata);
  const organization = actingOrganization(context);
  const withOwners = isTrue(context.query.get('render_owner_object'));
  const visibleAccountOf = (token: string) => {
    const account = world.accounts.get(token);
    return account && visibleAccount(world, caller, account, organization);
  };
  return success({
    users: users.map((token) => {
      const visible = visibleAccountOf(token);
      if (visible === undefined) return { [token]: null };
      const owners = visible.account.owners.map(visibleAccountOf).filter((owner) => owner !== undefined);
      const user = { ...userWire(world, visible, false), ...more(visible) };
      if (!withOwners || visible.account.kind !== 'role') return { [token]: user };
      return { [token]: { ...user, owners: owners.map((owner) => userWire(world, owner, false)) } };
    }),
    metadata: metadata.map((token) => ({ [token]: metadataOf(context, token, organization) })),
  });
}

/**
 * For calls whose path names a user but that apply only to the caller's own account.
 * @throws HttpError 403 for any other account.
 */
export function requireSelf(context: RequestContext): void {
  const account = findAccount(context.world, pathValue(context, 'user_address'));
  if (account !== context.caller) throw forbidden();
}

function metadataOf({ world, caller }: RequestContext, token: string, organization: string | undefined): object | null {
  const group = world.groups.get(token);
  if (group !== undefined) return group.members.has(caller.token) && !group.deleted ? group.metadata : null;
  const account = world.accounts.get(token);
  const visible = account && visibleAccount(world, caller, account, organization);
  return visible?.membership.metadata ?? null;
}
