/** Changes to the caller's own account, organizations and presence. */

import type { GatewayContext } from '../../context.ts';
import type { User } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import {
  clearOrganizationSetting,
  getOrganization,
  leaveOrganization,
  updateOrganizationSettings,
} from '../../upstream/endpoints/organization.ts';
import { updatePresence, updateUserSettings } from '../../upstream/endpoints/user.ts';
import { attributeErrorTo, missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { assertFitsEvent } from '../event-size-limit.ts';
import { costs } from '../field-cost.ts';
import { organizationKeyOf, tokenOf } from '../id.ts';
import { OrganizationRef, organizationWithKey } from '../organization/organization.ts';
import { MembershipRef, membershipOf, UserRef } from '../refs.ts';

const missingOrganization = 'such organization of the caller';

/** The setting's name in the contract's path (deleteUserOrganizationSetting). */
const autoForwardSetting = 'dnd_auto_forward_receiver';

const UpdateMeInput = builder.inputType('UpdateMeInput', {
  description: 'Changes to the caller’s own account. Values that are left out stay the same.',
  fields: (t) => ({
    displayName: t.string({ description: 'Name that other users see.' }),
    firstName: t.string({ description: 'Given name of the caller.' }),
    lastName: t.string({ description: 'Family name of the caller.' }),
    statusText: t.string({ description: 'Status text that other users see; an empty string removes it.' }),
    isDoNotDisturb: t.boolean({ description: 'Whether do-not-disturb is on.' }),
    doNotDisturbText: t.string({
      description: 'Text shown to others while do-not-disturb is on; an empty string removes it.',
    }),
    avatar: t.field({ type: 'File', description: 'Picture, sent by the GraphQL multipart request specification.' }),
  }),
});

const UpdateMyOrganizationInput = builder.inputType('UpdateMyOrganizationInput', {
  description: 'Changes to the caller’s values in one organization. Values that are left out stay the same.',
  fields: (t) => ({
    organization: t.string({ required: true, description: 'Key of the organization.' }),
    isDoNotDisturb: t.boolean({ description: 'Whether do-not-disturb is on in the organization.' }),
    autoForwardTo: t.id({
      description:
        'Global id or token of the user who receives the caller’s messages while do-not-disturb is on; null ends the forwarding.',
    }),
    acceptLicence: t.boolean({ description: 'Whether the caller accepts the organization’s terms.' }),
  }),
});

const LeaveOrganizationInput = builder.inputType('LeaveOrganizationInput', {
  description: 'The organization to leave.',
  fields: (t) => ({ organization: t.string({ required: true, description: 'Key of the organization.' }) }),
});

const PresenceStatusRef = builder.enumType('PresenceStatus', {
  description: 'Presence that the caller’s contacts see while the caller has a live subscription.',
  values: {
    ONLINE: { description: 'The caller is active.' },
    AWAY: { description: 'The caller is not active.' },
  },
});

const SetPresenceInput = builder.inputType('SetPresenceInput', {
  description: 'The presence to show.',
  fields: (t) => ({
    status: t.field({ type: PresenceStatusRef, required: true, description: 'Presence that contacts see.' }),
  }),
});

const UpdateMePayload = builder.objectRef<{ me: User }>('UpdateMePayload').implement({
  description: 'The account after the change.',
  fields: (t) => ({
    me: t.field({
      type: UserRef,
      nullable: false,
      description: 'The caller’s account after the change.',
      resolve: ({ me }) => me,
    }),
  }),
});

const UpdateMyOrganizationPayload = builder
  .objectRef<{ organization: string }>('UpdateMyOrganizationPayload')
  .implement({
    description: 'The organization after the change.',
    fields: (t) => ({
      organization: t.field({
        type: OrganizationRef,
        extensions: costs({ perParent: 2 }),
        description:
          'The organization, with the settings that apply to the caller; with its key alone when the caller is not in it.',
        resolve: async ({ organization }, _args, context) =>
          (await getOrganization(context.upstream, await ownToken(context), organization)) ??
          organizationWithKey(organization),
      }),
      me: t.field({
        type: UserRef,
        extensions: costs({ perParent: 1 }),
        nullable: false,
        description: 'The caller’s account as read in that organization.',
        resolve: ({ organization }, _args, context) => context.loaders.me(organization),
      }),
      membership: t.field({
        type: MembershipRef,
        extensions: costs({ perParent: 2 }),
        description: 'The caller’s values in that organization.',
        resolve: async ({ organization }, _args, context) => {
          const me = await context.loaders.me(organization);
          return membershipOf((await context.loaders.member(me.token, organization)) ?? me, organization);
        },
      }),
    }),
  });

const LeaveOrganizationPayload = builder.objectRef<{ key: string }>('LeaveOrganizationPayload').implement({
  description: 'The organization that was left.',
  fields: (t) => ({
    leftOrganizationKey: t.exposeString('key', { nullable: false, description: 'Key of the organization.' }),
  }),
});

const SetPresencePayload = builder.objectRef<{ status: 'ONLINE' | 'AWAY' }>('SetPresencePayload').implement({
  description: 'The presence after the change.',
  fields: (t) => ({
    status: t.expose('status', {
      type: PresenceStatusRef,
      nullable: false,
      description: 'Presence that contacts see.',
    }),
  }),
});

/** The caller's token, which paths about the caller require. */
async function ownToken({ loaders }: GatewayContext): Promise<string> {
  return (await loaders.me()).token;
}

builder.mutationFields((t) => ({
  updateMe: t.field({
    type: UpdateMePayload,
    extensions: costs({ perParent: 4 }),
    description:
      'Changes the caller’s own account. The caller’s other devices receive `AccountSettingsChanged`, contacts `EntityChanged`.',
    args: {
      input: t.arg({ type: UpdateMeInput, required: true, description: 'The values to change on the account.' }),
    },
    resolve: async (_root, { input }, context) => {
      if (Object.values(input).every((value) => value == null)) throw badUserInput('input', 'at least one change');
      assertFitsEvent(context, {
        'input.displayName': input.displayName,
        'input.firstName': input.firstName,
        'input.lastName': input.lastName,
        'input.statusText': input.statusText,
        'input.doNotDisturbText': input.doNotDisturbText,
      });
      await updateUserSettings(context.upstream, await ownToken(context), {
        displayName: input.displayName ?? undefined,
        firstName: input.firstName ?? undefined,
        lastName: input.lastName ?? undefined,
        statusText: input.statusText ?? undefined,
        doNotDisturb: input.isDoNotDisturb ?? undefined,
        doNotDisturbText: input.doNotDisturbText ?? undefined,
        avatar: (await input.avatar) ?? undefined,
      });
      context.loaders.clearUsers();
      return { me: await context.loaders.me() };
    },
  }),
  updateMyOrganization: t.field({
    type: UpdateMyOrganizationPayload,
    extensions: costs({ perParent: 3 }),
    description: 'Changes the caller’s values in one organization.',
    args: {
      input: t.arg({
        type: UpdateMyOrganizationInput,
        required: true,
        description: 'The organization and the values to change.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const { isDoNotDisturb, autoForwardTo, acceptLicence } = input;
      const organization = organizationKeyOf(input.organization, 'input.organization');
      const me = await ownToken(context);
      const settings = {
        doNotDisturb: isDoNotDisturb ?? undefined,
        acceptLicence: acceptLicence ?? undefined,
        autoForwardTo: autoForwardTo == null ? undefined : tokenOf('User', autoForwardTo, 'input.autoForwardTo'),
      };
      const changes = Object.values(settings).some((value) => value !== undefined);
      if (!changes && autoForwardTo === undefined) throw badUserInput('input', 'at least one change');
      if (changes) {
        const update = missingFor(
          'input.organization',
          missingOrganization,
          updateOrganizationSettings(context.upstream, me, organization, settings),
        );
        await (settings.autoForwardTo === undefined
          ? update
          : attributeErrorTo('input.autoForwardTo', 'a user of the organization', update));
      }
      if (autoForwardTo === null)
        await missingFor(
          'input.organization',
          missingOrganization,
          clearOrganizationSetting(context.upstream, me, organization, autoForwardSetting),
        );
      context.loaders.clearOrganizations();
      return { organization };
    },
  }),
  leaveOrganization: t.field({
    type: LeaveOrganizationPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Removes the caller from an organization.',
    args: {
      input: t.arg({ type: LeaveOrganizationInput, required: true, description: 'The organization to leave, by key.' }),
    },
    resolve: async (_root, { input }, context) => {
      const key = organizationKeyOf(input.organization, 'input.organization');
      const leaving = leaveOrganization(context.upstream, await ownToken(context), key);
      await missingFor('input.organization', missingOrganization, leaving);
      context.loaders.clear();
      return { key };
    },
  }),
  setPresence: t.field({
    type: SetPresencePayload,
    extensions: costs({ perParent: 1 }),
    description: 'Sets the presence that the caller’s contacts see. It applies while a live subscription is open.',
    args: { input: t.arg({ type: SetPresenceInput, required: true, description: 'The presence that contacts see.' }) },
    resolve: async (_root, { input }, context) => {
      await updatePresence(context.upstream, input.status === 'ONLINE' ? 'online' : 'away');
      return { status: input.status };
    },
  }),
}));
