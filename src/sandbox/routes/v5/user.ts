/** Reads of accounts, organizations, lists, metadata and mutes, and search, with the caller's conversations. */
import { pathValue, type Routes, success } from '../../http/request-context.ts';
import { requireVisibleAccount } from '../../state/account.ts';
import { directConversation, groupConversation, listConversation } from '../../state/conversation.ts';
import type { Hit } from '../../state/directory.ts';
import { visibleList } from '../../state/group.ts';
import { currentMutes } from '../../state/mute.ts';
import type { World } from '../../state/world.ts';
import type { Account } from '../../state/world-types.ts';
import { muteWire } from '../../wire/mute.ts';
import { meWire } from '../../wire/user.ts';
import { conversationIdWith, entityItem, listEntity, userEntity } from '../../wire/v5/entity.ts';
import { actingOrganization, wantsMetadata } from '../acting.ts';
import { listRoutes } from '../list.ts';
import { lookupRoutes } from '../lookup.ts';
import { metadataRoutes } from '../metadata.ts';
import { mutedConversation } from '../mute.ts';
import { organizationRoutes } from '../organization.ts';
import { searchReply } from '../search.ts';
import { entitiesReply } from '../user.ts';

export const userRoutesV5: Routes = {
  getMeV5: (context) => {
    const { world, caller } = context;
    const organization = actingOrganization(context) ?? caller.defaultOrganization;
    const { account, membership } = requireVisibleAccount(world, caller, caller.token, organization);
    const me = { type: 'account', ...meWire(world, account, membership, wantsMetadata(context)) } as const;
    return success(entityItem(null, caller.defaultOrganization, { ...me, conversation_id: null }));
  },

  getUserV5: (context) => {
    const { world, caller } = context;
    const visible = requireVisibleAccount(
      world,
      caller,
      pathValue(context, 'user_address'),
      actingOrganization(context),
    );
    const { organization } = visible.membership;
    const entity = userEntity(world, caller, visible, wantsMetadata(context));
    return success(entityItem(conversationIdWith(world, caller, visible.account, organization), organization, entity));
  },

  getDistributionListV5: (context) => {
    const { world, caller } = context;
    actingOrganization(context);
    const list = visibleList(world, caller, pathValue(context, 'list_token'));
    return success(entityItem(listConversation(world, list).id, list.organization, listEntity(world, list)));
  },

  getEntitiesBulkV5: (context) =>
    entitiesReply(context, ({ account, membership }) => ({
      conversation_id: conversationIdWith(context.world, context.caller, account, membership.organization),
    })),

  searchV5: (context) =>
    searchReply(context, (hit) => ({ conversation_id: conversationIdOf(context.world, context.caller, hit) })),

  listMutesV5: ({ world, caller }) =>
    success(
      currentMutes(world, caller.token).map((mute) => {
        const conversation = mutedConversation(world, caller, mute);
        return { ...muteWire(mute), ...(conversation === undefined ? {} : { conversation_id: conversation.id }) };
      }),
    ),

  listUserOrganizationsV5: organizationRoutes.listUserOrganizations,
  getUserOrganizationV5: organizationRoutes.getUserOrganization,
  lookupOrCreateUserV5: lookupRoutes.lookupOrCreateUser,
  getMetadataV5: metadataRoutes.getMetadata,
  listDistributionListMembersV5: listRoutes.listDistributionListMembers,
};

/** Null for oneself, for a role and for an organization. */
function conversationIdOf(world: World, caller: Account, { kind, token, organization }: Hit): string | null {
  if (kind === 'account') return directConversation(world, caller.token, token, organization)?.id ?? null;
  const group = kind === 'group' ? world.groups.get(token) : undefined;
  if (group !== undefined) return groupConversation(world, group).id;
  const list = kind === 'distribution_list' ? world.lists.get(token) : undefined;
  return list === undefined ? null : listConversation(world, list).id;
}
