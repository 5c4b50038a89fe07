import type { EmailAddress, PhoneNumber } from '../domain.ts';
import { tokenPattern } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { thenOrNow } from '../loaders/deferred.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { userAddress } from './id.ts';
import { MetadataEntryRef, metadataEntries } from './metadata.ts';
import { OrganizationRef } from './organization.ts';
import { maxPageSize } from './pagination.ts';
import { allowItemErrors, loadManyOrErrors, UserRef, userReference } from './refs.ts';

const EmailRef = builder.objectRef<EmailAddress>('Email').implement({
  description: 'An e-mail address of an account.',
  fields: (t) => ({
    address: t.expose('address', { type: 'EmailAddress', description: 'The address.', nullable: false }),
    isVerified: t.exposeBoolean('isVerified', {
      description: 'Whether its owner proved to own it; null when the upstream does not say.',
    }),
  }),
});

const PhoneRef = builder.objectRef<PhoneNumber>('Phone').implement({
  description: 'A phone number of an account.',
  fields: (t) => ({
    number: t.expose('number', { type: 'PhoneNumber', description: 'The number.', nullable: false }),
    isVerified: t.exposeBoolean('isVerified', {
      description: 'Whether its owner proved to own it; null when the upstream does not say.',
    }),
  }),
});

/** Of fields whose value depends on the organization the user was read in, so that one global id may have several. */
function movedTo(field: string): string {
  return `Depends on the organization the user was read in: use \`membership { ${field} }\`. Removal on 2027-06-01.`;
}

builder.node(UserRef, {
  description:
    'An account: a person, a role or a bot. What it is in an organization stands in `membership`, which has an id of its own.',
  id: { resolve: (user) => user.token },
  loadManyWithoutCache: (tokens, context) => loadManyOrErrors(context.loaders.users(), tokens),
  fields: (t) => ({
    token: t.exposeID('token', { description: 'The upstream’s own id of the account, bare.', nullable: false }),
    displayName: t.exposeString('displayName', {
      description: 'The name people see; null when the upstream gives none.',
    }),
    firstName: t.exposeString('firstName', { description: 'Given name; null when unknown.' }),
    lastName: t.exposeString('lastName', { description: 'Family name; null when unknown.' }),
    username: t.exposeString('username', {
      description: 'Login name; null when the caller may not see it.',
    }),
    statusText: t.exposeString('statusText', {
      description: 'The line of text the user set about themselves; not a presence. Null when unset.',
      deprecationReason: movedTo('statusText'),
    }),
    title: t.exposeString('title', {
      description: 'Job title in the organization the user was read in; null when unset.',
      deprecationReason: movedTo('title'),
    }),
    department: t.exposeString('department', {
      description: 'Department in the organization the user was read in; null when unset.',
      deprecationReason: movedTo('department'),
    }),
    avatarUrl: t.expose('avatarUrl', {
      type: 'URL',
      description: 'Picture; null when there is none.',
    }),
    isDoNotDisturb: t.exposeBoolean('isDoNotDisturb', {
      description: 'Whether the user asked not to be disturbed; null when the upstream does not say.',
      deprecationReason: movedTo('isDoNotDisturb'),
    }),
    doNotDisturbText: t.exposeString('doNotDisturbText', {
      description: 'What the user lets others know while not to be disturbed; null when unset.',
      deprecationReason: movedTo('doNotDisturbText'),
    }),
    autoForwardTo: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'Who receives this user’s messages while the user is not to be disturbed; null when nobody does.',
      deprecationReason: movedTo('autoForwardTo'),
      resolve: (user, _args, context, info) => userReference(user.autoForwardTo, context, info),
    }),
    emails: t.expose('emails', {
      type: [EmailRef],
      description: 'E-mail addresses the caller may see; null when the upstream gives none.',
    }),
    phones: t.expose('phones', {
      type: [PhoneRef],
      description: 'Phone numbers the caller may see; null when the upstream gives none.',
    }),
    organizationKey: t.exposeString('organizationKey', {
      description:
        'Key of the organization `title`, `department` and do-not-disturb belong to; null when the upstream does not say.',
      deprecationReason: movedTo('organizationKey'),
    }),
    organizations: t.field({
      type: [OrganizationRef],
      extensions: costs({ perParent: 1 }),
      nullable: { list: true, items: true },
      description: 'Organizations the account is in. The upstream answers this for the caller’s own account only.',
      resolve: (user, _args, context) => thenOrNow(context.loaders.organizations.load(user.token), allowItemErrors),
    }),
    metadata: t.field({
      type: [MetadataEntryRef],
      extensions: costs({ perParent: bulkShare }),
      description:
        'Key and value pairs attached to the user in one organization; empty when none were set. Without an argument, in the one the user was read in.',
      deprecationReason: movedTo('metadata'),
      args: {
        organization: t.arg.string({
          description: 'Key of the organization; the one the user was read in when left out.',
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
    'Key of the organization to read in; the caller’s default one when left out. What the user is there stands in `membership(organization:)` under the same key.',
} as const;

/** Tokens are read in bulk, other addresses one by one. */
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
    description: 'One account; null when there is none the caller may see.',
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
    description: 'Several accounts, in the order asked for; null where there is none the caller may see.',
    args: {
      ids: t.arg.idList({ required: true, description: `Each as in \`user(id:)\`; at most ${maxPageSize}.` }),
      organization: t.arg.string(organizationArgument),
    },
    resolve: (_root, { ids, organization }, context) => {
      if (ids.length > maxPageSize) throw badUserInput('ids', `at most ${maxPageSize} ids`);
      const addresses = ids.map((id, index) => userAddress(id, `ids.${index}`));
      return loadManyOrErrors(context.loaders.users(organization ?? undefined), addresses);
    },
  }),
}));
