import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { memberNodes } from './group.ts';
import { countOf } from './numbers.ts';
import { connectionOf, defaultPageSize, slicePage } from './pagination.ts';
import { DistributionListRef, loadManyOrErrors, UserRef } from './refs.ts';

builder.node(DistributionListRef, {
  description: 'A list of people: a message to it reaches each of them as a direct message.',
  id: { resolve: (list) => list.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.lists, tokens),
  fields: (t) => ({
    token: t.exposeID('token', { description: 'The upstream’s own id of the list, bare.', nullable: false }),
    name: t.exposeString('name', { description: 'Name of the list; null when it has none.' }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      description: 'Number of people on it; null when the upstream does not say.',
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
        description: 'The people on it. One who cannot be read is a null node and does not erase the others.',
        resolve: async (list, args, context, info) => {
          const tokens = await context.loaders.listMembers.load(list.token);
          const page = slicePage(tokens, args);
          return connectionOf(tokens, page, await memberNodes(tokens.slice(page.start, page.end), context, info));
        },
      },
      { name: 'DistributionListMembersConnection', description: 'People on a distribution list.' },
      { name: 'DistributionListMembersEdge', description: 'A person and the place in the list.' },
    ),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization it belongs to; null when the upstream does not say.',
    }),
  }),
});
