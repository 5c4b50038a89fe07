/** Forums: public groups that members of the organization join and leave by themselves. */
import type { GatewayContext } from '../../context.ts';
import { addGroupMembers, removeGroupMembers } from '../../upstream/endpoints/group.ts';
import { missingFor, notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { publishAdded } from '../publish-own.ts';
import { GroupRef, groupOrReference } from '../refs.ts';

const groupField = { required: true, description: 'The forum: its global id or token.' } as const;

const JoinForumInput = builder.inputType('JoinForumInput', {
  description: 'The forum to become a member of.',
  fields: (t) => ({ group: t.id(groupField) }),
});

const LeaveForumInput = builder.inputType('LeaveForumInput', {
  description: 'The forum to leave.',
  fields: (t) => ({ group: t.id(groupField) }),
});

interface Changed {
  readonly token: string;
}

function forumPayload(name: string, description: string) {
  return builder.objectRef<Changed>(name).implement({
    description,
    fields: (t) => ({
      group: t.field({
        type: GroupRef,
        extensions: costs({ perParent: 1 }),
        description: 'The forum after the change; with `id` and `token` alone when the caller may not read it.',
        resolve: ({ token }, _args, context, info) => groupOrReference(token, context, info),
      }),
    }),
  });
}

const JoinForumPayload = forumPayload('JoinForumPayload', 'The forum with the caller as a member.');
const LeaveForumPayload = forumPayload('LeaveForumPayload', 'The forum without the caller as a member.');

const missing = 'such forum';

/** @throws GatewayError `NOT_FOUND` for anything but a public group of the caller's organizations. */
async function resolveForum(id: string, { loaders }: GatewayContext): Promise<string> {
  const token = tokenOf('Group', id, 'input.group');
  const group = await loaders.groups.load(token);
  if (group?.isPublic !== true) throw notFoundAt('input.group', missing);
  return token;
}

builder.mutationFields((t) => ({
  joinForum: t.field({
    type: JoinForumPayload,
    extensions: costs({ perParent: 4 }),
    description:
      'Makes the caller a member of a forum: a group with `isPublic`, of an organization of the caller. Its members get an event; no error for a member.',
    args: { input: t.arg({ type: JoinForumInput, required: true, description: 'The forum, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const token = await resolveForum(input.group, context);
      const { token: me } = await context.loaders.me();
      await missingFor('input.group', missing, addGroupMembers(context.upstream, token, [me]));
      context.loaders.clearGroup(token);
      const group = await context.loaders.groups.load(token);
      if (group !== undefined) publishAdded(group, group.organizationKey, context);
      return { token };
    },
  }),
  leaveForum: t.field({
    type: LeaveForumPayload,
    extensions: costs({ perParent: 3 }),
    description: 'Ends the caller’s membership of a forum; FORBIDDEN for non-members.',
    args: { input: t.arg({ type: LeaveForumInput, required: true, description: 'The forum, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const token = await resolveForum(input.group, context);
      const { token: me } = await context.loaders.me();
      await missingFor('input.group', missing, removeGroupMembers(context.upstream, token, [me]));
      context.loaders.clearGroup(token);
      return { token };
    },
  }),
}));
