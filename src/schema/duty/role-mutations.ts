/** Going on and off duty, away replies of roles, and saved roles. */
import type { GatewayContext } from '../../context.ts';
import type { Role } from '../../domain/duty.ts';
import { badUserInput } from '../../errors.ts';
import {
  clearRoleAway,
  optIntoRole,
  optOutOfRole,
  removeSavedRole,
  saveRole,
  setRoleAway,
} from '../../upstream/endpoints/role.ts';
import { missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { organizationKeyOf } from '../id.ts';
import { supportedFor } from '../not-supported.ts';
import { UserRef, userReference } from '../refs.ts';
import { resolveToken } from '../token-argument.ts';
import { RoleRef, resolveRole, roleAfter } from './role-ref.ts';

const roleField = {
  required: true,
  description: 'The role: its global id or token, or the global id of its account.',
} as const;
const organizationInput = {
  description: 'Key of the organization to act in; the organization of the role when left out.',
} as const;

const dutyFields = {
  OptIntoRoleInput: 'The user to put on duty: global id or address; the caller when left out.',
  OptOutOfRoleInput: 'The user to take off duty: global id or address; the caller when left out.',
} as const;

function dutyInput(name: keyof typeof dutyFields, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({
      role: t.id(roleField),
      user: t.id({ description: dutyFields[name] }),
      organization: t.string(organizationInput),
    }),
  });
}

const OptIntoRoleInput = dutyInput('OptIntoRoleInput', 'The role, and the user to put on duty.');
const OptOutOfRoleInput = dutyInput('OptOutOfRoleInput', 'The role, and the user to take off duty.');

function roleInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({ role: t.id(roleField), organization: t.string(organizationInput) }),
  });
}

const ClearRoleAwayInput = roleInput('ClearRoleAwayInput', 'The role whose automatic reply to switch off.');
const SaveRoleInput = roleInput('SaveRoleInput', 'The role to save.');
const UnsaveRoleInput = roleInput('UnsaveRoleInput', 'The role to remove from the saved ones.');

const SetRoleAwayInput = builder.inputType('SetRoleAwayInput', {
  description: 'The role, and the text of its automatic reply.',
  fields: (t) => ({
    role: t.id(roleField),
    text: t.string({ required: true, description: 'Text that users who write to the role receive; not blank.' }),
    organization: t.string(organizationInput),
  }),
});

interface Changed {
  readonly token: string;
}

interface ChangedDuty extends Changed {
  readonly user: string;
}

/** Fields with the role after the change. */
const changedRole = {
  type: RoleRef,
  extensions: costs({ perParent: 1 }),
  description: 'The role after the change; null with an error when it can no longer be read.',
} as const;

function rolePayload(name: string, description: string) {
  return builder.objectRef<Changed>(name).implement({
    description,
    fields: (t) => ({
      role: t.field({ ...changedRole, resolve: ({ token }, _args, context) => roleAfter(token, context) }),
    }),
  });
}

function dutyPayload(name: string, description: string) {
  return builder.objectRef<ChangedDuty>(name).implement({
    description,
    fields: (t) => ({
      role: t.field({ ...changedRole, resolve: ({ token }, _args, context) => roleAfter(token, context) }),
      user: t.field({
        type: UserRef,
        extensions: costs({ perParent: bulkShare, isReference: true }),
        description: 'The user whose duty changed; with `id` and `token` alone when it no longer exists.',
        resolve: ({ user }, _args, context, info) => userReference(user, context, info),
      }),
    }),
  });
}

const OptIntoRolePayload = dutyPayload('OptIntoRolePayload', 'The role with the user on duty.');
const OptOutOfRolePayload = dutyPayload('OptOutOfRolePayload', 'The role without the user on duty.');
const ClearRoleAwayPayload = rolePayload('ClearRoleAwayPayload', 'The role without its automatic reply.');
const SaveRolePayload = rolePayload('SaveRolePayload', 'The role that was saved.');
const UnsaveRolePayload = rolePayload('UnsaveRolePayload', 'The role that was removed.');

const SetRoleAwayPayload = builder.objectRef<Changed & { readonly text: string }>('SetRoleAwayPayload').implement({
  description:
    'The role and its automatic reply. The upstream has no read for that reply, so no field of Role shows it.',
  fields: (t) => ({
    role: t.field({ ...changedRole, resolve: ({ token }, _args, context) => roleAfter(token, context) }),
    text: t.exposeString('text', { nullable: false, description: 'Text of the automatic reply that is on now.' }),
  }),
});

interface RoleInput {
  readonly role: string;
  readonly organization?: string | null | undefined;
}

interface NamedRole {
  readonly role: Role;
  /** As option of the upstream calls. */
  readonly inOrganization: { readonly organization: string | undefined };
}

async function named(input: RoleInput, context: GatewayContext): Promise<NamedRole> {
  const organization =
    input.organization == null ? undefined : organizationKeyOf(input.organization, 'input.organization');
  const role = await resolveRole(input.role, 'input.role', context);
  return { role, inOrganization: { organization: organization ?? role.organizationKey } };
}

/** Makes a change to a role, and clears the roles in the loaders. */
async function change(
  input: RoleInput,
  context: GatewayContext,
  make: (role: string, inOrganization: NamedRole['inOrganization']) => Promise<void>,
): Promise<Changed> {
  const { role, inOrganization } = await named(input, context);
  await missingFor('input.role', 'such role', supportedFor('roles', make(role.token, inOrganization)));
  context.loaders.clearRoles();
  return { token: role.token };
}

type Duty = RoleInput & { readonly user?: string | null | undefined };

async function changeDuty(input: Duty, context: GatewayContext, make: typeof optIntoRole): Promise<ChangedDuty> {
  const user = (await resolveToken(['User'], input.user, 'input.user', context)) ?? (await context.loaders.me()).token;
  // Role or user may be absent; the role was read just now.
  const making = change(input, context, (role, inOrganization) =>
    missingFor('input.user', 'such user in the organization', make(context.upstream, role, user, inOrganization)),
  );
  return { ...(await making), user };
}

builder.mutationFields((t) => ({
  optIntoRole: t.field({
    type: OptIntoRolePayload,
    extensions: costs({ perParent: 3 }),
    description:
      'Puts a user on duty for a role; the previous one goes off. Members do so themselves when the role is open, administrators for any user (assumed); otherwise FORBIDDEN. Both users get a RosterChanged event with the duty list, the organization an EntityChanged event of the account.',
    args: { input: t.arg({ type: OptIntoRoleInput, required: true, description: 'The role and the user.' }) },
    resolve: (_root, { input }, context) => changeDuty(input, context, optIntoRole),
  }),
  optOutOfRole: t.field({
    type: OptOutOfRolePayload,
    extensions: costs({ perParent: 3 }),
    description:
      'Takes a user off duty; FORBIDDEN for another user unless by an administrator, and for the last one of a role that requires one (assumed).',
    args: { input: t.arg({ type: OptOutOfRoleInput, required: true, description: 'The role and the user.' }) },
    resolve: (_root, { input }, context) => changeDuty(input, context, optOutOfRole),
  }),
  setRoleAway: t.field({
    type: SetRoleAwayPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Switches the automatic reply of a role on: users who write to it receive the text as a message.',
    args: { input: t.arg({ type: SetRoleAwayInput, required: true, description: 'The role and the text.' }) },
    resolve: async (_root, { input }, context) => {
      const { text } = input;
      if (text.trim() === '') throw badUserInput('input.text', 'a text');
      assertFitsEvent(context, { 'input.text': text });
      const changed = await change(input, context, (role, inOrganization) =>
        setRoleAway(context.upstream, role, text, inOrganization),
      );
      return { ...changed, text };
    },
  }),
  clearRoleAway: t.field({
    type: ClearRoleAwayPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Switches the automatic reply of a role off; a role without one causes no error.',
    args: { input: t.arg({ type: ClearRoleAwayInput, required: true, description: 'The role, by its id.' }) },
    resolve: (_root, { input }, context) =>
      change(input, context, (role, inOrganization) => clearRoleAway(context.upstream, role, inOrganization)),
  }),
  saveRole: t.field({
    type: SaveRolePayload,
    extensions: costs({ perParent: 3 }),
    description: 'Saves a role for the caller, in `savedRoles`; saving a saved role causes no error.',
    args: { input: t.arg({ type: SaveRoleInput, required: true, description: 'The role, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const { token: me } = await context.loaders.me();
      return change(input, context, (role, inOrganization) => saveRole(context.upstream, me, role, inOrganization));
    },
  }),
  unsaveRole: t.field({
    type: UnsaveRolePayload,
    extensions: costs({ perParent: 3 }),
    description: 'Removes a role from `savedRoles`; a role that is not saved causes no error.',
    args: { input: t.arg({ type: UnsaveRoleInput, required: true, description: 'The role, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const { token: me } = await context.loaders.me();
      return change(input, context, (role, inOrganization) =>
        removeSavedRole(context.upstream, me, role, inOrganization),
      );
    },
  }),
}));
