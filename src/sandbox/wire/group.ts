import type { components } from '../../generated/contract.ts';
import { timestamp } from '../clock.ts';
import type { World } from '../state/world.ts';
import type { DistributionList, Group } from '../state/world-types.ts';
import { avatarUrl } from './user.ts';

type Schemas = components['schemas'];

/** The members of a public group are omitted; the members call lists them (contract, `Group.members`). */
export function groupWire(world: World, group: Group, withMetadata: boolean): Schemas['Group'] {
  return {
    token: group.token,
    name: group.name,
    display_name: group.name,
    description: group.description,
    avatar: avatarUrl(world, group.avatar),
    is_public: group.isPublic,
    replay_history: group.replayHistory,
    ...(group.isPublic ? {} : { members: memberTokens(group) }),
    num_members: memberTokens(group).length,
    message_count: group.messageCount,
    created_time: timestamp(group.createdAt),
    created_by: group.createdBy,
    created_by_display_name: world.accounts.get(group.createdBy)?.displayName ?? '',
    organization_key: group.organization,
    ...(withMetadata ? { metadata: group.metadata } : {}),
  };
}

/** Persons in the order they joined, then roles. */
export function memberTokens({ members, roleMembers = [] }: Group): string[] {
  return [...members, ...roleMembers];
}

/** A distribution list in the form of replies. */
export function listWire(list: DistributionList): Schemas['DistributionList'] {
  return {
    token: list.token,
    display_name: list.displayName,
    name: list.displayName,
    organization_key: list.organization,
    num_members: list.members.length,
  };
}
