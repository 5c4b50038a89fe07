import type { Conversation } from '../../domain/conversation.ts';
import type { Mute } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import {
  clearMutes,
  muteGroup,
  muteOrganization,
  muteUser,
  unmuteGroup,
  unmuteOrganization,
  unmuteUser,
} from '../../upstream/endpoints/mute.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { conversationKeyOf } from '../id.ts';
import { organizationField, organizationOf } from '../organization/organization.ts';
import { ConversationRef, CounterpartRef, conversationReference, groupReference, userReference } from '../refs.ts';
import { MuteTargetInput, replacedByTarget, targetOf } from '../target.ts';
import { muteOf } from './read-conversation.ts';
import { conversationField, counterpartOf } from './roster-mutations.ts';

/** Minutes; limits of the official clients (contract, MuteRequest). */
const maxMute = 525_600;

const counterpartField = {
  description: 'A user or group: global id, token, e-mail address, phone number or login name.',
} as const;

const MuteInput = builder.inputType('MuteInput', {
  description: 'The conversation or organization to mute, and the duration.',
  fields: (t) => ({
    target: t.field({ type: MuteTargetInput, description: 'The conversation or organization to mute.' }),
    conversation: t.id({ ...conversationField, deprecationReason: replacedByTarget }),
    counterpart: t.id({ ...counterpartField, deprecationReason: replacedByTarget }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; without `counterpart`, the organization to mute.',
      deprecationReason: replacedByTarget,
    }),
    minutes: t.int({ required: true, description: `Duration in minutes, from now; 1 to ${maxMute}.` }),
  }),
});

const UnmuteInput = builder.inputType('UnmuteInput', {
  description: 'The conversation or organization to unmute.',
  fields: (t) => ({
    target: t.field({ type: MuteTargetInput, description: 'The conversation or organization to unmute.' }),
    conversation: t.id({ ...conversationField, deprecationReason: replacedByTarget }),
    counterpart: t.id({ ...counterpartField, deprecationReason: replacedByTarget }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; without `counterpart`, the organization to unmute.',
      deprecationReason: replacedByTarget,
    }),
  }),
});

interface MutedConversation {
  readonly conversation: Conversation | null;
}

const mutedConversation = {
  type: ConversationRef,
  description: 'The conversation after the change; null for an organization, and when its organization is not known.',
} as const;

const MutePayload = builder.objectRef<MutedConversation & { mutedUntil: string }>('MutePayload').implement({
  description: 'The mute that was set.',
  fields: (t) => ({
    mutedUntil: t.expose('mutedUntil', { type: 'DateTime', nullable: false, description: 'Time the mute ends.' }),
    conversation: t.field({ ...mutedConversation, resolve: ({ conversation }) => conversation }),
  }),
});

const UnmutePayload = builder.objectRef<MutedConversation & { wasMuted: boolean }>('UnmutePayload').implement({
  description: 'Result of ending a mute.',
  fields: (t) => ({
    wasMuted: t.exposeBoolean('wasMuted', {
      nullable: false,
      description: 'Whether the target was muted; unmuting a target that is not muted causes no error.',
    }),
    conversation: t.field({ ...mutedConversation, resolve: ({ conversation }) => conversation }),
  }),
});

type Muted =
  | { readonly kind: 'USER' | 'GROUP'; readonly token: string; readonly organization: string | undefined }
  | { readonly kind: 'ORGANIZATION'; readonly token: string; readonly organization: undefined };

async function mutedOf(
  input: {
    readonly target?: Parameters<typeof targetOf>[0];
    readonly conversation?: string | null | undefined;
    readonly counterpart?: string | null | undefined;
    readonly organization?: string | null | undefined;
  },
  context: Parameters<typeof counterpartOf>[2],
): Promise<Muted> {
  const { conversation, counterpart: address, organization, paths } = targetOf(input.target, input);
  if (conversation !== undefined) {
    const key = conversationKeyOf(conversation, paths.conversation);
    const { kind, token } = await counterpartOf(key.counterpart, paths.conversation, context);
    if (kind === 'LIST') throw badUserInput(paths.conversation, 'the conversation with a user or group');
    return { kind, token, organization: key.organization };
  }
  if (address === undefined) {
    if (organization === undefined) throw badUserInput('input', 'a target');
    return { kind: 'ORGANIZATION', token: organization, organization: undefined };
  }
  const counterpart = await counterpartOf(address, paths.counterpart, context);
  if (counterpart.kind === 'LIST')
    throw badUserInput(paths.counterpart, 'a user or group; distribution lists cannot be muted');
  return {
    kind: counterpart.kind,
    token: counterpart.token,
    organization: organization ?? counterpart.organizationKey,
  };
}

function muteOfTarget(mutes: readonly Mute[], { kind, token, organization }: Muted): Mute | undefined {
  if (kind === 'ORGANIZATION') return mutes.find((mute) => mute.kind === kind && mute.token === token);
  return muteOf(mutes, { counterpart: token, kind, organization });
}

function conversationOf({ kind, token, organization }: Muted): Conversation | null {
  if (kind === 'ORGANIZATION' || organization === undefined) return null;
  return conversationReference({ counterpart: token, kind, organization });
}

const MuteKindRef = builder.enumType('MuteKind', {
  description: 'Kinds of targets that can be muted.',
  values: {
    USER: { description: 'A direct conversation with a user.' },
    GROUP: { description: 'A group conversation with its members.' },
    ORGANIZATION: { description: 'All conversations of an organization.' },
  } satisfies Record<Mute['kind'], object>,
});

const MuteRef = builder.objectRef<Mute>('Mute').implement({
  description: 'A mute set by the caller.',
  fields: (t) => ({
    kind: t.expose('kind', { type: MuteKindRef, nullable: false, description: 'Kind of the muted target.' }),
    token: t.exposeString('token', {
      nullable: false,
      description: 'Token of the muted user or group, or key of the muted organization.',
    }),
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description:
        'The muted user or group; null for an organization, and when the caller can no longer see the user or group. A selection of `id` and `token` alone costs no upstream call.',
      resolve: ({ kind, token }, _args, context, info) => {
        if (kind === 'ORGANIZATION') return null;
        return kind === 'USER' ? userReference(token, context, info) : groupReference(token, context, info);
      },
    }),
    organizationKey: t.string({
      description: 'Key of the organization the conversation belongs to; null when the upstream does not say.',
      resolve: (mute) => mute.organization ?? null,
    }),
    organization: t.field({
      ...organizationField,
      resolve: (mute, _args, context) =>
        organizationOf(mute.kind === 'ORGANIZATION' ? mute.token : mute.organization, context),
    }),
    mutedUntil: t.expose('mutedUntil', { type: 'DateTime', nullable: false, description: 'Time the mute ends.' }),
  }),
});

const UnmuteAllPayload = builder.objectRef<{ count: number }>('UnmuteAllPayload').implement({
  description: 'The mutes that ended.',
  fields: (t) => ({
    count: t.exposeInt('count', { nullable: false, description: 'Number of mutes that ended.' }),
  }),
});

builder.queryFields((t) => ({
  mutes: t.field({
    type: [MuteRef],
    nullable: { list: true, items: false },
    extensions: costs({ perOperation: 1, items: { by: 'guess', count: 20 } }),
    description: 'All mutes of the caller; null when they cannot be read.',
    resolve: (_root, _args, context) => context.loaders.mutes(),
  }),
}));

builder.mutationFields((t) => ({
  unmuteAll: t.field({
    type: UnmuteAllPayload,
    extensions: costs({ perParent: 2 }),
    description: 'Ends all mutes of the caller.',
    resolve: async (_root, _args, context) => {
      const { length } = await context.loaders.mutes();
      await clearMutes(context.upstream);
      context.loaders.clearMutes();
      return { count: length };
    },
  }),
  mute: t.field({
    type: MutePayload,
    extensions: costs({ perParent: 5 }),
    description: 'Mutes a conversation or a whole organization for the caller. Messages still arrive.',
    args: {
      input: t.arg({
        type: MuteInput,
        required: true,
        description: 'The conversation or organization and the duration.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const { minutes } = input;
      if (minutes < 1 || minutes > maxMute) throw badUserInput('input.minutes', `minutes, 1 to ${maxMute}`);
      const target = await mutedOf(input, context);
      const { upstream } = context;
      if (target.kind === 'USER')
        await muteUser(upstream, target.token, { minutes, organization: target.organization });
      else if (target.kind === 'GROUP')
        await muteGroup(upstream, target.token, { minutes, organization: target.organization });
      else await muteOrganization(upstream, target.token, minutes);
      context.loaders.clearMutes();
      const mute = muteOfTarget(await context.loaders.mutes(), target);
      const mutedUntil = mute?.mutedUntil ?? new Date(Date.now() + minutes * 60_000).toISOString();
      return { mutedUntil, conversation: conversationOf(target) };
    },
  }),
  unmute: t.field({
    type: UnmutePayload,
    extensions: costs({ perParent: 5 }),
    description: 'Unmutes a conversation or organization for the caller.',
    args: {
      input: t.arg({ type: UnmuteInput, required: true, description: 'The conversation or organization to unmute.' }),
    },
    resolve: async (_root, { input }, context) => {
      const target = await mutedOf(input, context);
      const { upstream } = context;
      const wasMuted = muteOfTarget(await context.loaders.mutes(), target) !== undefined;
      if (target.kind === 'USER') await unmuteUser(upstream, target.token, { organization: target.organization });
      else if (target.kind === 'GROUP')
        await unmuteGroup(upstream, target.token, { organization: target.organization });
      else await unmuteOrganization(upstream, target.token);
      context.loaders.clearMutes();
      return { wasMuted, conversation: conversationOf(target) };
    },
  }),
}));
