import { builder } from './builder.ts';
import { DistributionListRef, orNull } from './refs.ts';

builder.node(DistributionListRef, {
  description: 'A list of people: a message to it reaches each of them as a direct message.',
  id: { resolve: (list) => list.token },
  loadWithoutCache: (token, context) => context.loaders.lists.load(token).then(orNull),
  fields: (t) => ({
    token: t.exposeID('token', { description: 'The upstream’s own id of the list, bare.', nullable: false }),
    name: t.string({ description: 'Name of the list; null when it has none.', resolve: (list) => orNull(list.name) }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      description: 'Number of people on it; null when the upstream does not say.',
      resolve: (list) => orNull(list.memberCount),
    }),
    organizationKey: t.string({
      description: 'Key of the organization it belongs to; null when the upstream does not say.',
      resolve: (list) => orNull(list.organization),
    }),
  }),
});
