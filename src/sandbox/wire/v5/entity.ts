/** Users, groups and lists with their type as a short word and with the caller's conversation. */
import type { components } from '../../../generated/contract-v5.ts';
import { visibleAccount } from '../../state/account.ts';
import { counterpartOf, directConversation, groupConversation, listConversation } from '../../state/conversation.ts';
import type { Conversation } from '../../state/conversation-types.ts';
import type { World } from '../../state/world.ts';
import type { Account, DistributionList, Group, Membership } from '../../state/world-types.ts';
import { escalationWire } from '../escalation.ts';
import { groupWire, listWire } from '../group.ts';
import { userWire } from '../user.ts';

type Schemas = components['schemas'];
type EntityItem = Schemas['EntityItem'];

/** Null with oneself and with a role. */
export function conversationIdWith(
  world: World,
  caller: Account,
  account: Account,
  organization: string,
): string | null {
  return directConversation(world, caller.token, account.token, organization)?.id ?? null;
}

/** A person in the form of v5. */
export function userEntity(
  world: World,
  caller: Account,
  { account, membership }: { readonly account: Account; readonly membership: Membership },
  withMetadata: boolean,
): Schemas['UserEntity'] & { type: 'account' } {
  return {
    type: 'account',
    ...userWire(world, { account, membership }, withMetadata),
    conversation_id: conversationIdWith(world, caller, account, membership.organization),
  };
}

/** A group in the form of v5. */
export function groupEntity(
  world: World,
  group: Group,
  withMetadata: boolean,
): Schemas['GroupEntity'] & { type: 'group' } {
  const escalation = [...world.escalations.values()].find(({ backups }) => backups?.group === group.token);
  return {
    type: 'group',
    ...groupWire(world, group, withMetadata),
    conversation_id: groupConversation(world, group).id,
    ...(escalation === undefined ? {} : { escalation: escalationWire(world, escalation) }),
  };
}

/** A distribution list in the form of v5. */
export function listEntity(world: World, list: DistributionList): Schemas['ListEntity'] & { type: 'list' } {
  return {
    type: 'list',
    ...listWire(list),
    total_members: list.members.length,
    conversation_id: listConversation(world, list).id,
  };
}

/** The counterpart of a conversation. An account that has left the organization is shown as in another of its organizations. */
export function counterpartEntity(
  world: World,
  caller: Account,
  conversation: Conversation,
  withMetadata: boolean,
): Schemas['ConversationEntity'] | undefined {
  const { kind, token } = counterpartOf(conversation, caller.token);
  const group = kind === 'group' ? world.groups.get(token) : undefined;
  if (group !== undefined) return groupEntity(world, group, withMetadata);
  const list = kind === 'list' ? world.lists.get(token) : undefined;
  if (list !== undefined) return listEntity(world, list);
  const account = world.accounts.get(token);
  const membership =
    account &&
    (visibleAccount(world, caller, account, conversation.organization)?.membership ??
      [...account.memberships.values()][0]);
  if (account === undefined || membership === undefined) return undefined;
  const { organization } = conversation;
  const user = userWire(world, { account, membership }, withMetadata);
  return { type: 'account', ...user, organization_key: organization, conversation_id: conversation.id };
}

/** An entity with the caller's conversation with it: the wrapped one of the two shapes. */
export function entityItem(
  conversationId: string | null,
  organization: string,
  entity: EntityItem['entity'],
): EntityItem {
  return { conversation_id: conversationId, organization_id: organization, entity };
}
