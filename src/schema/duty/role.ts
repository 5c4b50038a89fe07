/** Roles: accounts that represent the person on duty. Values in the account's metadata cost no call of their own. */
import type { GatewayContext } from '../../context.ts';
import type { User } from '../../domain/domain.ts';
import type { DutyParty, EscalationPolicy, EscalationStep, Role, RoleProfile, RoleTag } from '../../domain/duty.ts';
import { GatewayError } from '../../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { intOf } from '../numbers.ts';
import { organizationField, organizationOf } from '../organization/organization.ts';
import { allowItemErrors, loadManyOrErrors, UserRef, userReference, userReferences } from '../refs.ts';
import { needsRead } from '../selection.ts';
import { RoleRef, roleOfUser } from './role-ref.ts';

function nameOrError(user: User | Error | undefined): string | Error | null {
  return user instanceof Error ? user : (user?.displayName ?? null);
}

/**
 * The values of the role's account.
 * @throws GatewayError when they break the contract.
 */
function readable({ profile }: Role): RoleProfile {
  if (profile.error !== undefined) throw profile.error;
  return profile;
}

const wholeCost = costs({ perParent: 1, sharedKey: 'role' });

/** The role's own object, which has more than the metadata of its account. */
function whole(role: Role, { loaders }: GatewayContext): PromiseOrValue<Role | undefined> {
  return role.rules === undefined ? loaders.roles.whole(role.organizationKey).load(role.token) : role;
}

export const RoleTagRef = builder.objectRef<RoleTag>('RoleTag').implement({
  description: 'A tag that groups the roles of an organization.',
  fields: (t) => ({
    tagId: t.exposeString('tagId', {
      nullable: false,
      description: 'The upstream’s id of the tag, for `roles(tag:)`; not a global id.',
    }),
    name: t.exposeString('name', { description: 'Name of the tag; null when the upstream gives none.' }),
    color: t.exposeString('color', {
      description: 'Colour of the tag as `#RRGGBB`; null when the upstream gives none.',
    }),
  }),
});

export const EscalationTargetRef = builder.objectRef<DutyParty>('EscalationTarget').implement({
  description: 'A user, or a role, that is asked in a step of an escalation.',
  fields: (t) => ({
    token: t.exposeString('token', { nullable: false, description: 'Token of the account, without a type prefix.' }),
    name: t.exposeString('name', {
      description: 'Name as the upstream sends it with the escalation; null when it sends none.',
    }),
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'The account, with `role` when it represents the user on duty; with `id` and `token` alone when it no longer exists.',
      resolve: ({ token }, _args, context, info) => userReference(token, context, info),
    }),
  }),
});

export const EscalationStepRef = builder.objectRef<EscalationStep>('EscalationStep').implement({
  description: 'One step of an escalation: back-ups, and the time they have.',
  fields: (t) => ({
    durationMinutes: t.int({
      description: 'Time the step has, in minutes; null when the upstream does not say.',
      resolve: ({ durationMinutes }) => intOf(durationMinutes, 'EscalationStep.duration'),
    }),
    targets: t.field({
      type: [EscalationTargetRef],
      nullable: false,
      extensions: costs({ items: { by: 'guess', count: 3 } }),
      description: 'Accounts that are asked in this step.',
      resolve: ({ targets }) => targets,
    }),
  }),
});

/** The steps of a path or of an escalation; the upstream names no limit for them. */
export const stepsField = {
  type: [EscalationStepRef] as [typeof EscalationStepRef],
  nullable: false,
  extensions: costs({ items: { by: 'guess', count: 3 } }),
  description: 'Back-ups in the order in which they are asked.',
  resolve: ({ steps }: { readonly steps: readonly EscalationStep[] }) => steps,
} as const;

const EscalationPolicyRef = builder.objectRef<EscalationPolicy>('EscalationPolicy').implement({
  description: 'The path of an unconfirmed message to a role.',
  fields: (t) => ({
    isAutomatic: t.exposeBoolean('isAutomatic', {
      description: 'Whether every message to the role is escalated by itself; null when the upstream does not say.',
    }),
    targetMinutes: t.int({
      description: 'Time the role itself has before the first step, in minutes; null when the upstream does not say.',
      resolve: ({ targetMinutes }) => intOf(targetMinutes, 'EscalationPolicy.target_duration'),
    }),
    steps: t.field(stepsField),
    keptMinutes: t.int({
      description:
        'Time from the end of an escalation to the removal of its conversation, in minutes; null when the upstream does not say.',
      resolve: ({ keptMinutes }) => intOf(keptMinutes, 'EscalationPolicy.destruction_duration'),
    }),
  }),
});

builder.node(RoleRef, {
  description:
    'An account that represents the user on duty. Users write to it, and its answers come from it: `sendMessage` takes its id as `recipient`, and for users on duty as `speakAs`. An account counts as a role by the mark `feature_service: role` in its metadata, as in the official clients; any user who may write these, such as the account’s own user, can set it. Only the upstream’s own object of a role proves that it is one: `isOpen`, `isOwnerRequired` and `noOwnersMessage` are read from it, and are all null for an account that has none.',
  id: { resolve: ({ token }) => token },
  loadManyWithoutCache: (tokens, context) =>
    thenOrNow(loadManyOrErrors(context.loaders.users(), tokens), (users) =>
      allowItemErrors(users.map((user) => (user instanceof Error ? user : user && roleOfUser(user)))),
    ),
  fields: (t) => ({
    token: t.exposeID('token', {
      nullable: false,
      description: 'The upstream’s id of the role, which is that of its account.',
    }),
    name: t.exposeString('name', { description: 'Name of the role; null when the upstream gives none.' }),
    account: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description:
        'The account of the role, which is the counterpart and the sender of messages; with `id` and `token` alone when it no longer exists.',
      resolve: ({ token }, _args, context, info) => userReference(token, context, info),
    }),
    description: t.string({
      description: 'Purpose of the role; null when unset.',
      resolve: (role) => readable(role).description,
    }),
    tag: t.field({
      type: RoleTagRef,
      description: 'The tag of the role; null when it has none.',
      resolve: (role) => readable(role).tag,
    }),
    isStaffed: t.boolean({
      nullable: false,
      description: 'Whether a user is on duty for the role, without an upstream call.',
      resolve: (role) => readable(role).onDuty.length > 0,
    }),
    onDuty: t.field({
      type: [UserRef],
      nullable: { list: false, items: true },
      extensions: costs({ perItem: bulkShare, items: { by: 'guess', count: 1 }, isReference: true }),
      description:
        'Users on duty, whom the upstream calls owners: at most one today. Empty when none is; null with an error in the place of each that cannot be read.',
      resolve: ({ profile: { onDuty, error } }, _args, context, info) =>
        error === undefined ? userReferences(onDuty, needsRead(info), context) : allowItemErrors([error]),
    }),
    onDutyNames: t.field({
      type: ['String'],
      nullable: { list: false, items: true },
      extensions: costs({ perItem: bulkShare, items: { by: 'guess', count: 1 } }),
      description:
        'Names of those in `onDuty`, in the same order; null in the place of each that cannot be read. Costs no call when the upstream sends names.',
      resolve: ({ profile: { onDuty, error } }, _args, { loaders }) => {
        if (error !== undefined) return allowItemErrors([error]);
        const unnamed = onDuty.filter(({ name }) => name === undefined).map(({ token }) => token);
        return thenOrNow(loaders.users().loadMany(unnamed), (users) => {
          const read = new Map(unnamed.map((token, index) => [token, users[index]]));
          return allowItemErrors(onDuty.map(({ token, name }) => name ?? nameOrError(read.get(token))));
        });
      },
    }),
    isOpen: t.boolean({
      extensions: wholeCost,
      description:
        'Whether members of the organization may put themselves on duty; null when the upstream does not say.',
      resolve: (role, _args, context) => thenOrNow(whole(role, context), (own) => own?.rules?.isOpen),
    }),
    isOwnerRequired: t.boolean({
      extensions: wholeCost,
      description: 'Whether the last user on duty may not go off duty; null when the upstream does not say.',
      resolve: (role, _args, context) => thenOrNow(whole(role, context), (own) => own?.rules?.isOwnerRequired),
    }),
    noOwnersMessage: t.string({
      extensions: wholeCost,
      description: 'Text of the role for users who write while no one is on duty; null when it has none.',
      resolve: (role, _args, context) => thenOrNow(whole(role, context), (own) => own?.rules?.noOwnersMessage),
    }),
    escalationPolicy: t.field({
      type: EscalationPolicyRef,
      extensions: wholeCost,
      description: 'Path of an unconfirmed message to the role; null when the role has no such policy.',
      resolve: (role, _args, context) =>
        role.profile.escalationPolicy ?? thenOrNow(whole(role, context), (own) => own?.profile.escalationPolicy),
    }),
    organizationKey: t.exposeString('organizationKey', {
      description: 'Key of the organization of the role; null when the upstream does not say.',
    }),
    organization: t.field({
      ...organizationField,
      resolve: ({ organizationKey }, _args, context) => organizationOf(organizationKey, context),
    }),
  }),
});

/** An upstream that sends no metadata with an account; the metadata are then read, in bulk. */
async function roleFromMetadata(token: string, { loaders }: GatewayContext): Promise<Role | null> {
  const metadata = await loaders.userMetadata().load(token);
  if (metadata?.feature_service !== 'role') return null;
  return (await loaders.roles.whole().load(token)) ?? null;
}

builder.objectField(UserRef, 'role', (t) =>
  t.field({
    type: RoleRef,
    extensions: costs({ perParent: bulkShare }),
    description:
      'The role that the account represents; null for all other accounts. Costs no call when the upstream sent metadata with the account.',
    resolve: (user, _args, context) =>
      user.metadata === undefined ? roleFromMetadata(user.token, context) : roleOfUser(user),
  }),
);

/** @throws GatewayError `FORBIDDEN` unless the account is the caller's own: the upstream keeps these lists to their owner. */
export async function requireMe(token: string, { loaders }: GatewayContext): Promise<void> {
  if ((await loaders.me()).token !== token) throw new GatewayError('FORBIDDEN');
}
