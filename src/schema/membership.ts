/** What a user is in one organization: a thing with an id of its own, so that one global id means one set of values. */

import type { GatewayContext } from '../context.ts';
import type { Membership } from '../domain.ts';
import { asError } from '../errors.ts';
import { thenOrNow } from '../loaders/deferred.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { membershipId, organizationKeyOf, splitMembershipId } from './id.ts';
import { MetadataEntryRef, metadataEntries } from './metadata.ts';
import { allowItemErrors, MembershipRef, membershipOf, membershipReference, UserRef, userReference } from './refs.ts';

builder.node(MembershipRef, {
  description:
    'What a user is in one organization. The same user in another organization is another membership, with an id and values of its own.',
  id: {
    resolve: ({ user, organizationKey: key }) => membershipId(user.token, key),
    description:
      'Global id, readable: the type, a colon, the token of the user, a colon, and the key of the organization.',
  },
  loadManyWithoutCache: async (ids, context) =>
    allowItemErrors(await Promise.all(ids.map((id) => readMembership(id, context).catch(asError)))),
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: false,
      description: 'The user.',
      resolve: ({ user }) => user,
    }),
    // Nullable like every other field of this name: else documents that select several of them on one node would not merge.
    organizationKey: t.exposeString('organizationKey', { description: 'Key of the organization; never null.' }),
    title: t.string({ description: 'Job title there; null when unset.', resolve: ({ user }) => user.title }),
    department: t.string({ description: 'Department there; null when unset.', resolve: ({ user }) => user.department }),
    statusText: t.string({
      description: 'The line of text that the user shows there; not a presence. Null when unset.',
      resolve: ({ user }) => user.statusText,
    }),
    isDoNotDisturb: t.boolean({
      description: 'Whether the user asked not to be disturbed there; null when the upstream does not say.',
      resolve: ({ user }) => user.isDoNotDisturb,
    }),
    doNotDisturbText: t.string({
      description: 'What the user lets others know while not to be disturbed there; null when unset.',
      resolve: ({ user }) => user.doNotDisturbText,
    }),
    autoForwardTo: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user that gets the messages while this one is not to be disturbed there; null when unset.',
      resolve: ({ user }, _args, context, info) => userReference(user.autoForwardTo, context, info),
    }),
    metadata: t.field({
      type: [MetadataEntryRef],
      extensions: costs({ perParent: bulkShare }),
      description: 'Key and value pairs attached to the user there; empty when none were set.',
      resolve: ({ user, organizationKey: key }, _args, context) =>
        user.metadata !== undefined
          ? metadataEntries(user.metadata)
          : thenOrNow(context.loaders.userMetadata(key).load(user.token), (metadata) =>
              metadataEntries(metadata ?? {}),
            ),
    }),
  }),
});

async function readMembership(id: string, { loaders }: GatewayContext): Promise<Membership | null> {
  const { token, organization } = splitMembershipId(id);
  return membershipOf(await loaders.member(token, organization), organization);
}

builder.objectField(UserRef, 'membership', (t) =>
  t.field({
    type: MembershipRef,
    extensions: costs({ perParent: bulkShare, isReference: true }),
    description:
      'What the user is in one organization; null when the user is not in it, or the caller may not see that. With `organization` and nothing but `id` selected, it costs no upstream call and may name one that does not exist.',
    args: {
      organization: t.arg.string({
        description:
          'Key of the organization; the caller’s default one when left out, and then null when the upstream does not name it.',
      }),
    },
    resolve: ({ token }, { organization }, context, info) =>
      membershipReference(
        token,
        organization == null ? undefined : organizationKeyOf(organization, 'organization'),
        context,
        info,
      ),
  }),
);
