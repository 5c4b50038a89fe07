import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import type { Group, User } from '../../domain/domain.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { MetadataEntryRef, metadataEntries } from '../metadata.ts';
import { countOf } from '../numbers.ts';
import { organizationArgument, organizationOfKeyField } from '../organization/organization.ts';
import { connectionOf, defaultPageSize, slicePage } from '../pagination.ts';
import { GroupRef, loadManyOrErrors, UserRef, userReference, userReferences } from '../refs.ts';
import { nodesNeedRead } from '../selection.ts';

/**
 * Public groups do not include their members, which have a separate endpoint (contract, Group.members).
 * @returns Undefined when the caller may not see them.
 */
function memberTokens(group: Group, context: GatewayContext): PromiseOrValue<readonly string[] | undefined> {
  return group.memberTokens ?? context.loaders.groupMembers.load(group.token);
}

/** Users by token for a page of a connection: only references when no more than ids is selected. */
export function memberNodes(
  tokens: readonly string[],
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<User[]> {
  return userReferences(
    tokens.map((token) => ({ token })),
    nodesNeedRead(info),
    context,
  );
}

builder.node(GroupRef, {
  description: 'A conversation with a name and members.',
  id: { resolve: (group) => group.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.groups, tokens),
  fields: (t) => ({
    token: t.exposeID('token', {
      description: 'The upstream’s id of the group, without a type prefix.',
      nullable: false,
    }),
    name: t.exposeString('name', {
      description: 'Name of the group; null when it has none.',
    }),
    description: t.exposeString('description', {
      description: 'Purpose of the group; null when unset.',
    }),
    avatarUrl: t.expose('avatarUrl', {
      type: 'URL',
      description: 'Address of the picture; null when there is none.',
    }),
    avatarPath: t.string({
      description:
        'Path on the gateway of the picture, for pages that load pictures from their own origin; null when there is none. The request needs the same `Authorization` header.',
      resolve: ({ avatarUrl, token }) => (avatarUrl === undefined ? null : `/avatars/groups/${token}`),
    }),
    isPublic: t.exposeBoolean('isPublic', {
      description: 'Whether anyone in the organization may join; null when the upstream does not say.',
    }),
    replayHistory: t.exposeBoolean('replayHistory', {
      description: 'Whether new members receive older messages; null when the upstream does not say.',
    }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      extensions: costs({ perParent: 1, sharedKey: 'members' }),
      description: 'Number of members; null when the caller may not see them.',
      resolve: (group, _args, context) =>
        countOf(group.memberCount, 'Group.num_members') ??
        thenOrNow(memberTokens(group, context), (tokens) => tokens?.length),
    }),
    members: t.connection(
      {
        type: UserRef,
        nullable: true,
        extensions: costs({
          perParent: 1,
          sharedKey: 'members',
          perItem: bulkShare,
          items: { by: 'page', default: defaultPageSize },
          isReference: true,
        }),
        edgesNullable: { list: false, items: false },
        nodeNullable: true,
        description:
          'The members; null when the caller may not see them. A member who cannot be read is a null node with an error; the others are still returned.',
        resolve: (group, args, context, info) =>
          thenOrNow(memberTokens(group, context), (tokens) => {
            if (tokens === undefined) return null;
            const page = slicePage(tokens, args);
            const wanted = memberNodes(tokens.slice(page.start, page.end), context, info);
            return thenOrNow(wanted, (users) => connectionOf(tokens, page, users));
          }),
      },
      { name: 'GroupMembersConnection', description: 'Members of one group.' },
      { name: 'GroupMembersEdge', description: 'A member and the position in the list.' },
    ),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'Time the group was created; null when the upstream does not say.',
    }),
    createdBy: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who created the group; null when the upstream does not say.',
      resolve: (group, _args, context, info) => userReference(group.createdBy, context, info),
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization the group belongs to; null when the upstream does not say.',
    }),
    organization: t.field(organizationOfKeyField),
    metadata: t.field({
      type: [MetadataEntryRef],
      extensions: costs({ perParent: 1 }),
      description:
        'Key and value pairs attached to the group, empty when there are none; null when they cannot be read.',
      args: {
        organization: t.arg.string(organizationArgument),
      },
      resolve: (group, { organization }, context) =>
        group.metadata !== undefined && organization == null
          ? metadataEntries(group.metadata)
          : thenOrNow(
              context.loaders.groupMetadata(organization ?? group.organizationKey).load(group.token),
              metadataEntries,
            ),
    }),
  }),
});

builder.queryFields((t) => ({
  group: t.field({
    type: GroupRef,
    extensions: costs({ perParent: 1 }),
    description: 'Reads one group; null when it does not exist or the caller may not see it.',
    args: { id: t.arg.id({ required: true, description: 'Global id or token of the group.' }) },
    resolve: (_root, { id }, context) => context.loaders.groups.load(tokenOf('Group', id, 'id')),
  }),
}));
