/** A user's values in one organization. A membership has a separate id, so that one global id means one set of values. */

import type { GatewayContext } from '../../context.ts';
import type { Membership } from '../../domain/domain.ts';
import { asError } from '../../errors.ts';
import { thenOrNow } from '../../loaders/promise-or-value.ts';
import { builder } from '../builder.ts';
import { counterpartIn } from '../conversation/read-conversation.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { idInOrganization, organizationKeyOf, splitIdInOrganization } from '../id.ts';
import { MetadataEntryRef, metadataEntries } from '../metadata.ts';
import { organizationOfKeyField } from '../organization/organization.ts';
import {
  allowItemErrors,
  ConversationRef,
  MembershipRef,
  membershipOf,
  membershipReference,
  UserRef,
  userReference,
} from '../refs.ts';

builder.node(MembershipRef, {
  description:
    'A user’s values in one organization. The same user has a different membership, with a different id, in each organization.',
  id: {
    resolve: ({ user, organizationKey: key }) => idInOrganization(user.token, key),
    description: 'Global id: the type, a colon, the token of the user, a colon, and the key of the organization.',
  },
  loadManyWithoutCache: async (ids, context) =>
    allowItemErrors(await Promise.all(ids.map((id) => readMembership(id, context).catch(asError)))),
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: false,
      description: 'The user with this membership.',
      resolve: ({ user }) => user,
    }),
    // Nullable like every other field of this name, otherwise documents that select several of them on one node do not merge.
    organizationKey: t.exposeString('organizationKey', { description: 'Key of the organization; never null.' }),
    organization: t.field(organizationOfKeyField),
    title: t.string({
      description: 'Job title in the organization; null when unset.',
      resolve: ({ user }) => user.title || null,
    }),
    department: t.string({
      description: 'Department in the organization; null when unset.',
      resolve: ({ user }) => user.department || null,
    }),
    statusText: t.string({
      description: 'Text the user shows as a status in the organization, not a presence; null when unset.',
      resolve: ({ user }) => user.statusText,
    }),
    isDoNotDisturb: t.boolean({
      description: 'Whether do-not-disturb is on in the organization; null when the upstream does not say.',
      resolve: ({ user }) => user.isDoNotDisturb,
    }),
    doNotDisturbText: t.string({
      description: 'Text shown to others while do-not-disturb is on in the organization; null when unset.',
      resolve: ({ user }) => user.doNotDisturbText,
    }),
    autoForwardTo: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'The user who receives the messages while do-not-disturb is on in the organization; null when unset.',
      resolve: ({ user }, _args, context, info) => userReference(user.autoForwardTo, context, info),
    }),
    metadata: t.field({
      type: [MetadataEntryRef],
      extensions: costs({ perParent: bulkShare }),
      description:
        'Key and value pairs attached to the user in the organization, empty when there are none; null when they cannot be read.',
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
  const { token, organization } = splitIdInOrganization(id);
  return membershipOf(await loaders.member(token, organization), organization);
}

builder.objectField(UserRef, 'membership', (t) =>
  t.field({
    type: MembershipRef,
    extensions: costs({ perParent: bulkShare, isReference: true }),
    description:
      'The user’s values in one organization; null when the user is not in it, or the caller may not see them. With `organization` and only `id` selected, the field costs no upstream call and does not check that the membership exists.',
    args: {
      organization: t.arg.string({
        description:
          'Key of the organization; the caller’s default organization when left out, and then the field is null when the upstream does not name it.',
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

builder.objectField(ConversationRef, 'membership', (t) =>
  t.field({
    type: MembershipRef,
    extensions: costs({ perParent: bulkShare, isReference: true }),
    description:
      'Title, department and do-not-disturb of the counterpart in the organization of the conversation; null for groups and distribution lists. It arrives with `conversations`, and costs no further upstream call there.',
    resolve: (conversation, _args, context, info) => {
      const { counterpart: token, organization, kind } = conversation.key;
      if (kind === 'USER') return membershipReference(token, organization, context, info);
      // Only a read shows the type of an object behind an id.
      return kind === undefined
        ? thenOrNow(counterpartIn(conversation, context), (counterpart) =>
            counterpart?.kind === 'USER' ? membershipReference(token, organization, context, info) : null,
          )
        : null;
    },
  }),
);
