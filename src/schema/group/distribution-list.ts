import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { countOf } from '../numbers.ts';
import { organizationOfKeyField } from '../organization/organization.ts';
import { connectionOf, defaultPageSize, slicePage } from '../pagination.ts';
import { DistributionListRef, loadManyOrErrors, UserRef } from '../refs.ts';
import { memberNodes } from './group.ts';

builder.node(DistributionListRef, {
  description: 'A list of users. A message to the list reaches each of them as a direct message.',
  id: { resolve: (list) => list.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.lists, tokens),
  fields: (t) => ({
    token: t.exposeID('token', {
      description: 'The upstream’s id of the list, without a type prefix.',
      nullable: false,
    }),
    name: t.exposeString('name', { description: 'Name of the list; null when it has none.' }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      description: 'Number of users on the list; null when the upstream does not say.',
      resolve: ({ memberCount }) => countOf(memberCount, 'DistributionList.num_members'),
    }),
    members: t.connection(
      {
        type: UserRef,
        nullable: true,
        // Besides the users, one call for each page of the list.
        extensions: costs({
          perParent: 1,
          perItem: bulkShare,
          items: { by: 'page', default: defaultPageSize },
          isReference: true,
        }),
        edgesNullable: { list: false, items: false },
        nodeNullable: true,
        description:
          'The users on the list; null when the list cannot be read. A user who cannot be read is a null node with an error; the others are still returned.',
        resolve: async (list, args, context, info) => {
          const tokens = await context.loaders.listMembers.load(list.token);
          const page = slicePage(tokens, args);
          return connectionOf(tokens, page, await memberNodes(tokens.slice(page.start, page.end), context, info));
        },
      },
      { name: 'DistributionListMembersConnection', description: 'Users on a distribution list.' },
      { name: 'DistributionListMembersEdge', description: 'A user and the position in the list.' },
    ),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization the list belongs to; null when the upstream does not say.',
    }),
    organization: t.field(organizationOfKeyField),
  }),
});
