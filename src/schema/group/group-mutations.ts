import type { GatewayContext } from '../../context.ts';
import type { ConversationState } from '../../domain/conversation.ts';
import type { Group } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { createGroup, createGroupV5, deleteGroup, type NewGroup, updateGroup } from '../../upstream/endpoints/group.ts';
import { attributeErrorTo } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { costs } from '../field-cost.ts';
import { encodeId, organizationKeyIn, tokenOf } from '../id.ts';
import { MetadataEntryInput, metadataOf } from '../metadata.ts';
import { publishAdded } from '../publish-own.ts';
import { expectedMembers, groupAfter, groupPayload, memberAddresses, membersDescription } from './group-change.ts';

function nameOf(name: string, field: string): string {
  if (name.trim() === '') throw badUserInput(field, 'a name that is not blank');
  return name;
}

/**
 * Creates a group; on an upstream with history together with its conversation, which then costs no further call. A picture can be
 * read only once, so a group with one is created by v2, which always has the call; so is a group without the caller.
 */
async function newGroup(
  context: GatewayContext,
  group: NewGroup,
): Promise<{ readonly group: Group; readonly state?: ConversationState | undefined }> {
  const { upstream, loaders } = context;
  const isPlain = group.avatar === undefined && group.excludeCreator !== true;
  const made = isPlain ? await loaders.conversations.onV5(() => createGroupV5(upstream, group)) : undefined;
  return made ?? { group: await createGroup(upstream, group) };
}

const CreateGroupInput = builder.inputType('CreateGroupInput', {
  description: 'A new group. The caller becomes its creator and, unless `excludeCreator` is true, a member.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of the group; not blank.' }),
    members: t.idList({ required: true, description: `The other members. ${membersDescription}` }),
    description: t.string({ description: 'Purpose of the group; none when left out.' }),
    isPublic: t.boolean({ description: 'Whether anyone in the organization may join; false when left out.' }),
    replayHistory: t.boolean({
      description: 'Whether members who join later receive older messages; false when left out.',
    }),
    metadata: t.field({ type: [MetadataEntryInput], description: 'Key and value pairs; at most 11.' }),
    avatar: t.field({ type: 'File', description: 'Picture, sent by the GraphQL multipart request specification.' }),
    organization: t.string({
      description: 'Key of the organization the group belongs to; the caller’s default organization when left out.',
    }),
    excludeCreator: t.boolean({
      description: 'Whether the caller does not become a member, and so cannot see the group; false when left out.',
    }),
  }),
});

const UpdateGroupInput = builder.inputType('UpdateGroupInput', {
  description: 'Changes to a group. Values that are left out stay the same.',
  fields: (t) => ({
    group: t.id({ required: true, description: 'Global id or token of the group.' }),
    name: t.string({ description: 'New name of the group; not blank.' }),
    members: t.idList({
      description: `The complete new member list, which replaces the old one. ${membersDescription}`,
    }),
    replayHistory: t.boolean({ description: 'Whether members who join later receive older messages.' }),
    avatar: t.field({
      type: 'File',
      description: 'New picture, sent by the GraphQL multipart request specification.',
    }),
  }),
});

const DeleteGroupInput = builder.inputType('DeleteGroupInput', {
  description: 'The group to delete.',
  fields: (t) => ({ group: t.id({ required: true, description: 'Global id or token of the group.' }) }),
});

const CreateGroupPayload = groupPayload('CreateGroupPayload', 'The group that was created.');
const UpdateGroupPayload = groupPayload(
  'UpdateGroupPayload',
  'The group that was changed. A caller who is no longer a member sees only the changed values.',
);
const DeleteGroupPayload = builder.objectRef<{ token: string }>('DeleteGroupPayload').implement({
  description: 'The group that was deleted.',
  fields: (t) => ({
    deletedGroupId: t.id({
      nullable: false,
      description: 'Global id of the deleted group, which can no longer be read.',
      resolve: ({ token }) => encodeId('Group', token),
    }),
  }),
});

builder.mutationFields((t) => ({
  createGroup: t.field({
    type: CreateGroupPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Creates a group. Its members receive an event.',
    args: {
      input: t.arg({ type: CreateGroupInput, required: true, description: 'Name, members and options of the group.' }),
    },
    resolve: async (_root, { input }, context) => {
      const { name, description, metadata, members } = input;
      assertFitsEvent(context, {
        'input.name': name,
        'input.description': description,
        'input.metadata': metadata,
        'input.members': members,
      });
      const avatar = (await input.avatar) ?? undefined;
      const creation = newGroup(context, {
        name: nameOf(input.name, 'input.name'),
        members: memberAddresses(input.members, 'input.members'),
        description: input.description ?? undefined,
        isPublic: input.isPublic ?? undefined,
        replayHistory: input.replayHistory ?? undefined,
        metadata: input.metadata == null ? undefined : metadataOf(input.metadata, 'input.metadata'),
        avatar,
        organization: organizationKeyIn(input.organization, 'input.organization'),
        excludeCreator: input.excludeCreator ?? undefined,
      });
      const { group, state } = await (avatar === undefined && input.members.length > 0
        ? attributeErrorTo('input.members', expectedMembers, creation)
        : creation);
      context.loaders.clearRoster();
      context.loaders.groups.prime(group.token, group);
      if (state !== undefined) context.loaders.conversations.prime(state);
      if (input.excludeCreator !== true) publishAdded(group, group.organizationKey, context, state);
      return { group };
    },
  }),
  updateGroup: t.field({
    type: UpdateGroupPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Changes a group’s name, members, history rule or picture. Its members receive an event.',
    args: {
      input: t.arg({ type: UpdateGroupInput, required: true, description: 'The group and the values to change.' }),
    },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Group', input.group, 'input.group');
      const { group: _group, ...changes } = input;
      if (Object.values(changes).every((change) => change == null)) throw badUserInput('input', 'at least one change');
      assertFitsEvent(context, { 'input.name': input.name, 'input.members': input.members });
      const avatar = (await input.avatar) ?? undefined;
      const update = updateGroup(context.upstream, token, {
        name: input.name == null ? undefined : nameOf(input.name, 'input.name'),
        members: input.members == null ? undefined : memberAddresses(input.members, 'input.members'),
        replayHistory: input.replayHistory ?? undefined,
        avatar,
      });
      await (avatar === undefined && input.members != null
        ? attributeErrorTo('input.members', expectedMembers, update)
        : update);
      const changedValues: Group = {
        kind: 'GROUP',
        token,
        name: input.name ?? undefined,
        replayHistory: input.replayHistory ?? undefined,
        metadata: {},
      };
      return { group: (await groupAfter(token, context)) ?? changedValues };
    },
  }),
  deleteGroup: t.field({
    type: DeleteGroupPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Deletes a group for all its members. Deleting a deleted group causes no error.',
    args: { input: t.arg({ type: DeleteGroupInput, required: true, description: 'The group to delete, by id.' }) },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Group', input.group, 'input.group');
      await deleteGroup(context.upstream, token);
      context.loaders.clearGroup(token);
      return { token };
    },
  }),
}));
