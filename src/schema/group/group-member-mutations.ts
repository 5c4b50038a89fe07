import type { GatewayContext } from '../../context.ts';
import type { Group } from '../../domain/domain.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { addGroupMembers, removeGroupMembers } from '../../upstream/endpoints/group.ts';
import { attributeErrorTo } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { GroupRef } from '../refs.ts';
import { expectedMembers, groupAfter, groupPayload, memberAddresses, membersDescription } from './group-change.ts';

/** Addresses for changes that require at least one member. */
function someMembers(members: readonly string[], field: string): string[] {
  if (members.length === 0) throw badUserInput(field, 'at least one member');
  return memberAddresses(members, field);
}

async function groupWithNewMembers(token: string, context: GatewayContext): Promise<Group> {
  const group = await groupAfter(token, context);
  if (group === null) throw new GatewayError('NOT_FOUND', { field: 'input.group', message: 'There is no such group.' });
  return group;
}

const AddGroupMembersInput = builder.inputType('AddGroupMembersInput', {
  description: 'A group and its new members.',
  fields: (t) => ({
    group: t.id({ required: true, description: 'Global id or token of the group.' }),
    members: t.idList({
      required: true,
      description: `The users who join; a user who already is a member causes no error. ${membersDescription}`,
    }),
  }),
});

const RemoveGroupMembersInput = builder.inputType('RemoveGroupMembersInput', {
  description: 'A group and the members who leave it.',
  fields: (t) => ({
    group: t.id({ required: true, description: 'Global id or token of the group.' }),
    members: t.idList({
      required: true,
      description: `The users to remove. The caller’s own address makes the caller leave the group; a user who is not a member causes no error. ${membersDescription}`,
    }),
    notify: t.boolean({ description: 'Whether the conversation shows a notice of the change; true when left out.' }),
  }),
});

const AddGroupMembersPayload = groupPayload('AddGroupMembersPayload', 'The group with its new members.');
const RemoveGroupMembersPayload = builder.objectRef<{ group: Group | null }>('RemoveGroupMembersPayload').implement({
  description: 'The group without the removed members.',
  fields: (t) => ({
    group: t.field({
      type: GroupRef,
      description: 'The group after the change; null when the caller left it and may no longer see it.',
      resolve: ({ group }) => group,
    }),
  }),
});

builder.mutationFields((t) => ({
  addGroupMembers: t.field({
    type: AddGroupMembersPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Adds members to a group. All its members receive an event.',
    args: {
      input: t.arg({ type: AddGroupMembersInput, required: true, description: 'The group and its new members.' }),
    },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Group', input.group, 'input.group');
      const members = someMembers(input.members, 'input.members');
      await attributeErrorTo('input.members', expectedMembers, addGroupMembers(context.upstream, token, members));
      return { group: await groupWithNewMembers(token, context) };
    },
  }),
  removeGroupMembers: t.field({
    type: RemoveGroupMembersPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Removes members from a group; with the caller’s own address, leaves the group.',
    args: {
      input: t.arg({
        type: RemoveGroupMembersInput,
        required: true,
        description: 'The group and the members to remove.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('Group', input.group, 'input.group');
      const members = someMembers(input.members, 'input.members');
      await removeGroupMembers(context.upstream, token, members, { notify: input.notify ?? true });
      return { group: (await groupAfter(token, context)) ?? ({ kind: 'GROUP', token } as const) };
    },
  }),
}));
