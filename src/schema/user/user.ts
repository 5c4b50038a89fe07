import type { EmailAddress, PhoneNumber } from '../../domain/domain.ts';
import { tokenPattern } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { thenOrNow } from '../../loaders/promise-or-value.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { userAddress } from '../id.ts';
import { MetadataEntryRef, metadataEntries } from '../metadata.ts';
import { OrganizationRef } from '../organization/organization.ts';
import { maxPageSize } from '../pagination.ts';
import { allowItemErrors, loadManyOrErrors, UserRef, userReference } from '../refs.ts';

const EmailRef = builder.objectRef<EmailAddress>('Email').implement({
  description: 'An e-mail address of an account.',
  fields: (t) => ({
    address: t.expose('address', { type: 'EmailAddress', description: 'The e-mail address itself.', nullable: false }),
    isVerified: t.exposeBoolean('isVerified', {
      description: 'Whether the address is verified; null when the upstream does not say.',
    }),
  }),
});

const PhoneRef = builder.objectRef<PhoneNumber>('Phone').implement({
  description: 'A phone number of an account.',
  fields: (t) => ({
    number: t.expose('number', { type: 'PhoneNumber', description: 'The phone number itself.', nullable: false }),
    isVerified: t.exposeBoolean('isVerified', {
      description: 'Whether the number is verified; null when the upstream does not say.',
    }),
  }),
});

/**
 * Deprecation of fields whose value depends on the organization the user was read in, so that one global id has several
 * values.
 */
function movedTo(field: string): string {
  return `Depends on the organization the user was read in: use \`membership { ${field} }\`. Removal on 2027-06-01.`;
}

builder.node(UserRef, {
  description:
    'An account: a person, a role or a bot. Its values in an organization are in `membership`, which has a separate id.',
  id: { resolve: (user) => user.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.users(), tokens),
  fields: (t) => ({
    token: t.exposeID('token', {
      description: 'The upstream’s id of the account, without a type prefix.',
      nullable: false,
    }),
    displayName: t.exposeString('displayName', {
      description: 'Displayed name; null when the upstream gives none.',
    }),
    firstName: t.exposeString('firstName', { description: 'Given name; null when unknown.' }),
    lastName: t.exposeString('lastName', { description: 'Family name; null when unknown.' }),
    username: t.exposeString('username', {
      description: 'Login name; null when the caller may not see it.',
    }),
    statusText: t.exposeString('statusText', {
      description: 'Text the user shows as a status, not a presence; null when unset.',
      deprecationReason: movedTo('statusText'),
    }),
    title: t.string({
      description: 'Job title in the organization the user was read in; null when unset.',
      deprecationReason: movedTo('title'),
      resolve: ({ title }) => title || null,
    }),
    department: t.string({
      description: 'Department in the organization the user was read in; null when unset.',
      deprecationReason: movedTo('department'),
      resolve: ({ department }) => department || null,
    }),
    avatarUrl: t.expose('avatarUrl', {
      type: 'URL',
      description: 'Address of the picture; null when there is none.',
    }),
    avatarPath: t.string({
      description:
        'Path on the gateway of the picture, for pages that load pictures from their own origin; null when there is none. The request needs the same `Authorization` header.',
      resolve: ({ avatarUrl, token }) => (avatarUrl === undefined ? null : `/avatars/users/${token}`),
    }),
    isDoNotDisturb: t.exposeBoolean('isDoNotDisturb', {
      description: 'Whether do-not-disturb is on; null when the upstream does not say.',
      deprecationReason: movedTo('isDoNotDisturb'),
    }),
    doNotDisturbText: t.exposeString('doNotDisturbText', {
      description: 'Text shown to others while do-not-disturb is on; null when unset.',
      deprecationReason: movedTo('doNotDisturbText'),
    }),
    autoForwardTo: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who receives the messages while do-not-disturb is on; null when unset.',
      deprecationReason: movedTo('autoForwardTo'),
      resolve: (user, _args, context, info) => userReference(user.autoForwardTo, context, info),
    }),
    emails: t.field({
      type: [EmailRef],
      description: 'E-mail addresses the caller may see; empty when the upstream gives none.',
      resolve: ({ emails }) => emails ?? [],
    }),
    phones: t.field({
      type: [PhoneRef],
      description: 'Phone numbers the caller may see; empty when the upstream gives none.',
      resolve: ({ phones }) => phones ?? [],
    }),
    organizationKey: t.exposeString('organizationKey', {
      description:
        'Key of the organization `title`, `department` and do-not-disturb belong to; null when the upstream does not say.',
      deprecationReason: movedTo('organizationKey'),
    }),
    organizations: t.field({
      type: [OrganizationRef],
      extensions: costs({ perParent: 1, items: { by: 'guess', count: 5 } }),
      nullable: { list: true, items: true },
      description:
        'Organizations of the account. For accounts other than the caller’s own it is null, with the error FORBIDDEN: the upstream lists only the caller’s.',
      resolve: (user, _args, context) =>
        thenOrNow(context.loaders.organizations.ofUser.load(user.token), allowItemErrors),
    }),
    metadata: t.field({
      type: [MetadataEntryRef],
      extensions: costs({ perParent: bulkShare }),
      description:
        'Key and value pairs attached to the user in one organization, empty when there are none; null when they cannot be read.',
      deprecationReason: movedTo('metadata'),
      args: {
        organization: t.arg.string({
          description: 'Key of the organization; the organization the user was read in when left out.',
        }),
      },
      resolve: (user, { organization }, context) =>
        user.metadata !== undefined && organization == null
          ? metadataEntries(user.metadata)
          : thenOrNow(context.loaders.userMetadata(organization ?? undefined).load(user.token), (metadata) =>
              metadataEntries(metadata ?? {}),
            ),
    }),
  }),
});

const organizationArgument = {
  description:
    'Key of the organization to read in; the caller’s default organization when left out. The user’s values in that organization are in `membership(organization:)` with the same key.',
} as const;

/** Cost by form of address: tokens are read in bulk, other addresses individually. */
const readShare = (id: unknown) =>
  typeof id === 'string' && tokenPattern.test(id.replace(/^User:/, '')) ? bulkShare : 1;

builder.queryFields((t) => ({
  me: t.field({
    type: UserRef,
    extensions: costs({ perParent: 1 }),
    description: 'The caller’s own account.',
    args: { organization: t.arg.string(organizationArgument) },
    resolve: (_root, { organization }, context) => context.loaders.me(organization ?? undefined),
  }),
  user: t.field({
    type: UserRef,
    extensions: costs({ perParent: 1 }),
    description: 'Reads one account; null when it does not exist or the caller may not see it.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'Global id, token, e-mail address, phone number (with plus and country code) or login name.',
      }),
      organization: t.arg.string(organizationArgument),
    },
    resolve: (_root, { id, organization }, context) =>
      context.loaders.users(organization ?? undefined).load(userAddress(id, 'id')),
  }),
  users: t.field({
    type: [UserRef],
    extensions: costs({ perItem: readShare, items: { by: 'list', argument: 'ids' } }),
    nullable: { list: false, items: true },
    description:
      'Reads several accounts, in the order given; null in the place of each that does not exist or the caller may not see.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: `Accounts in the forms that \`user(id:)\` accepts; at most ${maxPageSize}.`,
      }),
      organization: t.arg.string(organizationArgument),
    },
    resolve: (_root, { ids, organization }, context) => {
      if (ids.length > maxPageSize) throw badUserInput('ids', `at most ${maxPageSize} ids`);
      const addresses = ids.map((id, index) => userAddress(id, `ids.${index}`));
      return loadManyOrErrors(context.loaders.users(organization ?? undefined), addresses);
    },
  }),
}));
