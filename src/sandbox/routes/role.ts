import { limits } from '../bounds.ts';
import {
  bodyOf,
  empty,
  pathValue,
  type Reply,
  type RequestContext,
  type Routes,
  success,
} from '../http/request-context.ts';
import { groupConversation } from '../state/conversation.ts';
import { optIn, optOut, roleOf, setAway, tagsOf, visibleRole } from '../state/role.ts';
import { roleGroup } from '../state/role-group.ts';
import type { RoleAccount } from '../state/role-types.ts';
import { roleWire, tagWire } from '../wire/role.ts';
import { actingOrganization, requireAtMost } from './acting.ts';
import { requireSelf } from './user.ts';

export const roleRoutes: Routes = {
  /** "403 and 404 mean the same to the SDK": 403 for an organization that is not the caller's. */
  listRoleTags: (context) => {
    const organization = actingOrganization(context) ?? context.caller.defaultOrganization;
    return success(tagsOf(context.world, organization).map(tagWire));
  },

  getRole: (context) => success(roleWire(context.world, namedRole(context))),

  optIntoRole: (context) => {
    const { world, caller } = context;
    optIn(world, caller, namedRole(context), world.accounts.get(pathValue(context, 'user_token')));
    return empty();
  },

  optOutOfRole: (context) => {
    const { world, caller } = context;
    optOut(world, caller, namedRole(context), world.accounts.get(pathValue(context, 'user_token')));
    return empty();
  },

  setRoleAway: (context) => {
    setAway(context.caller, namedRole(context), bodyOf(context, 'setRoleAway').status);
    return empty();
  },

  clearRoleAway: (context) => {
    setAway(context.caller, namedRole(context), undefined);
    return empty();
  },

  /** Of the organization of the header; of the default organization without it. */
  listSavedRoles: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const organization = actingOrganization(context) ?? caller.defaultOrganization;
    const saved = [...(world.savedRoles.get(caller.token) ?? [])].flatMap((token) => roleOf(world, token) ?? []);
    return success(saved.filter(({ role }) => role.organization === organization).map((role) => roleWire(world, role)));
  },

  saveRole: (context) => {
    requireSelf(context);
    const { world, caller } = context;
    const { role } = visibleRole(world, caller, bodyOf(context, 'saveRole').role_id, actingOrganization(context));
    const saved = world.savedRoles.get(caller.token) ?? new Set<string>();
    if (!saved.has(role.token)) requireAtMost('saved roles', [...saved, role.token], limits.savedRoles);
    world.savedRoles.set(caller.token, saved.add(role.token));
    return empty();
  },

  removeSavedRole: (context) => {
    requireSelf(context);
    const { role } = namedRole(context);
    context.world.savedRoles.get(context.caller.token)?.delete(role.token);
    return empty();
  },

  createRoleGroup: (context) => groupReply(context),
  createRoleGroupV5: (context) => groupReply(context),
};

function namedRole(context: RequestContext): RoleAccount {
  const organization = actingOrganization(context);
  return visibleRole(context.world, context.caller, pathValue(context, 'role_token'), organization);
}

/** Flat in both versions (contract, createRoleGroup). */
function groupReply(context: RequestContext): Reply {
  actingOrganization(context);
  const { world, caller, session } = context;
  const { created_by: creator = caller.token, members, name } = bodyOf(context, 'createRoleGroup');
  const group = roleGroup(world, caller, { creator, members, name }, session);
  const { token, metadata } = group;
  return success({ token, conversation_id: groupConversation(world, group).id, metadata });
}
