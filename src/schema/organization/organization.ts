import type { FieldMap } from '@pothos/core';
import type { GatewayContext } from '../../context.ts';
import type { Organization, OrganizationSetting } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { organizationKeyOf } from '../id.ts';
import { countOf } from '../numbers.ts';

const OrganizationSettingRef = builder.objectRef<OrganizationSetting>('OrganizationSetting').implement({
  description: 'A named setting of an organization, such as `ttl` (minutes, -1 for none) or `dor` (delete on read).',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the setting.', nullable: false }),
    value: t.field({
      type: 'JSON',
      description: 'Value: a number, a boolean, or either written as a string; null when unset.',
      resolve: (setting) => setting.value ?? null,
    }),
    source: t.exposeString('source', {
      description: 'Origin of the value, in the upstream’s words; null when the upstream does not say.',
    }),
    isLocked: t.exposeBoolean('isLocked', {
      description: 'Whether members cannot change the setting; null when the upstream does not say.',
    }),
  }),
});

export const OrganizationRef = builder.objectRef<Organization>('Organization').implement({
  description: 'A hospital, practice or other tenant, or the space of personal contacts.',
  fields: (t) => ({
    key: t.exposeString('key', {
      description: 'The upstream’s key of the organization, for `organization` arguments.',
      nullable: false,
    }),
    name: t.exposeString('name', { description: 'Name of the organization; null when the upstream gives none.' }),
    memberCount: t.field({
      type: 'NonNegativeInt',
      description: 'Number of accounts in the organization; null when the upstream does not say.',
      resolve: ({ memberCount }) => countOf(memberCount, 'Organization.members'),
    }),
    isPaid: t.exposeBoolean('isPaid', {
      description: 'Whether the organization is a paying customer; null when the upstream does not say.',
    }),
    isPending: t.exposeBoolean('isPending', {
      description: 'Whether the caller’s membership awaits approval; null when the upstream does not say.',
    }),
    roles: t.field({
      type: ['String'],
      extensions: costs({ perOperation: 2 }),
      description:
        'The caller’s administrative roles in the organization, in the upstream’s words, such as `admin`; empty when there are none, null when they cannot be read.',
      resolve: async (org, _args, context) =>
        (await context.loaders.organizations.roles()).flatMap(({ organization, roles }) =>
          organization === org.key ? roles : [],
        ),
    }),
    settings: t.field({
      type: [OrganizationSettingRef],
      nullable: false,
      description: 'Settings that apply to the caller in the organization.',
      resolve: (org) => org.settings,
    }),
  }),
});

/** The field beside an `organizationKey`: the organization itself, from the list of the caller's organizations. */
export const organizationField = {
  type: OrganizationRef,
  extensions: costs({ perOperation: 2 }),
  description:
    'The organization; null when its key is. One that the caller is not in has only its key. All organizations of an operation are read together.',
} as const;

/** @param key Undefined when the upstream named no organization. */
export async function organizationOf(
  key: string | undefined,
  { loaders }: GatewayContext,
): Promise<Organization | undefined> {
  return key === undefined ? undefined : ((await loaders.organizations.find(key)) ?? organizationWithKey(key));
}

/** The same for an object whose property `organizationKey` is the key. */
export const organizationOfKeyField = {
  ...organizationField,
  resolve: (
    { organizationKey }: { readonly organizationKey?: string | undefined },
    _args: object,
    context: GatewayContext,
  ) => organizationOf(organizationKey, context),
} as const;

/** The fields `organizationKey` and `organization` of an object that has the key elsewhere. @param description Of `organizationKey`. */
export function organizationFields<Parent>(
  t: PothosSchemaTypes.ObjectFieldBuilder<(typeof builder)['$inferSchemaTypes'], Parent>,
  description: string,
  keyOf: (parent: Parent) => string | undefined,
): FieldMap {
  return {
    organizationKey: t.string({ description, resolve: (parent) => keyOf(parent) ?? null }),
    organization: t.field({
      ...organizationField,
      resolve: (parent, _args, context) => organizationOf(keyOf(parent), context),
    }),
  };
}

/** An organization that the caller is not in: only its key is known. */
export function organizationWithKey(key: string): Organization {
  return {
    key,
    name: undefined,
    memberCount: undefined,
    isPaid: undefined,
    isPending: undefined,
    allowsForwarding: undefined,
    allowsPublicGroups: undefined,
    hasRoles: undefined,
    settings: [],
  };
}

/** An `organization` argument of calls that need a key. */
export const organizationArgument = {
  description: 'Key of the organization; the caller’s default organization when left out.',
} as const;

/** The organization of an argument, or the caller's default one, for calls that need a key. */
export async function resolveOrganization(
  value: string | null | undefined,
  { loaders }: GatewayContext,
): Promise<string> {
  if (value != null) return organizationKeyOf(value, 'organization');
  const { organizationKey } = await loaders.me();
  if (organizationKey === undefined) throw badUserInput('organization', 'the key of an organization');
  return organizationKey;
}
