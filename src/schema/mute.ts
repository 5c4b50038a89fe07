import type { Mute } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import {
  muteGroup,
  muteOrganization,
  muteUser,
  unmuteGroup,
  unmuteOrganization,
  unmuteUser,
} from '../upstream/mute.ts';
import { builder } from './builder.ts';
import { costs } from './cost.ts';
import { counterpartOf } from './roster-changes.ts';

/** Minutes; limits of the official clients (contract, MuteRequest). */
const longestMute = 525_600;

const MuteInput = builder.inputType('MuteInput', {
  description: 'What to silence and for how long: a conversation, or a whole organization.',
  fields: (t) => ({
    counterpart: t.id({
      description: 'A user or group: global id, token, e-mail address, phone number or login name.',
    }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; without `counterpart`, the organization to silence.',
    }),
    minutes: t.int({ required: true, description: `For how long, from now; 1 to ${longestMute}.` }),
  }),
});

const UnmuteInput = builder.inputType('UnmuteInput', {
  description: 'What to hear again: a conversation, or a whole organization.',
  fields: (t) => ({
    counterpart: t.id({
      description: 'A user or group: global id, token, e-mail address, phone number or login name.',
    }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; without `counterpart`, the organization to hear again.',
    }),
  }),
});

const MutePayload = builder.objectRef<{ mutedUntil: string }>('MutePayload').implement({
  description: 'The silence that begins.',
  fields: (t) => ({
    mutedUntil: t.expose('mutedUntil', { type: 'DateTime', nullable: false, description: 'When it ends.' }),
  }),
});

const UnmutePayload = builder.objectRef<{ wasMuted: boolean }>('UnmutePayload').implement({
  description: 'The silence that ended.',
  fields: (t) => ({
    wasMuted: t.exposeBoolean('wasMuted', {
      nullable: false,
      description: 'Whether there was one; ending none is no error.',
    }),
  }),
});

type Target =
  | { readonly kind: 'USER' | 'GROUP'; readonly token: string; readonly organization: string | undefined }
  | { readonly kind: 'ORGANIZATION'; readonly token: string; readonly organization: undefined };

async function targetOf(
  input: { readonly counterpart?: string | null | undefined; readonly organization?: string | null | undefined },
  context: Parameters<typeof counterpartOf>[2],
): Promise<Target> {
  const organization = input.organization ?? undefined;
  if (input.counterpart == null) {
    if (organization === undefined) throw badUserInput('input', 'counterpart, organization or both');
    return { kind: 'ORGANIZATION', token: organization, organization: undefined };
  }
  const counterpart = await counterpartOf(input.counterpart, 'input.counterpart', context);
  if (counterpart.kind === 'LIST')
    throw badUserInput('input.counterpart', 'a user or group; distribution lists cannot be muted');
  return { kind: counterpart.kind, token: counterpart.token, organization: organization ?? counterpart.organization };
}

function isOf({ kind, token }: Target): (mute: Mute) => boolean {
  return (mute) => mute.kind === kind && mute.token === token;
}

builder.mutationFields((t) => ({
  mute: t.field({
    type: MutePayload,
    extensions: costs({ each: 4 }),
    description: 'Silences a conversation or a whole organization for the caller; messages still arrive.',
    args: { input: t.arg({ type: MuteInput, required: true, description: 'What and how long.' }) },
    resolve: async (_root, { input }, context) => {
      const { minutes } = input;
      if (minutes < 1 || minutes > longestMute) throw badUserInput('input.minutes', `minutes, 1 to ${longestMute}`);
      const target = await targetOf(input, context);
      const { upstream } = context;
      if (target.kind === 'USER')
        await muteUser(upstream, target.token, { minutes, organization: target.organization });
      else if (target.kind === 'GROUP')
        await muteGroup(upstream, target.token, { minutes, organization: target.organization });
      else await muteOrganization(upstream, target.token, minutes);
      context.loaders.clearMutes();
      const mute = (await context.loaders.mutes()).find(isOf(target));
      return { mutedUntil: mute?.mutedUntil ?? new Date(Date.now() + minutes * 60_000).toISOString() };
    },
  }),
  unmute: t.field({
    type: UnmutePayload,
    extensions: costs({ each: 4 }),
    description: 'Ends the silence of a conversation or organization for the caller.',
    args: { input: t.arg({ type: UnmuteInput, required: true, description: 'What.' }) },
    resolve: async (_root, { input }, context) => {
      const target = await targetOf(input, context);
      const { upstream } = context;
      const wasMuted = (await context.loaders.mutes()).some(isOf(target));
      if (target.kind === 'USER') await unmuteUser(upstream, target.token, { organization: target.organization });
      else if (target.kind === 'GROUP')
        await unmuteGroup(upstream, target.token, { organization: target.organization });
      else await unmuteOrganization(upstream, target.token);
      context.loaders.clearMutes();
      return { wasMuted };
    },
  }),
}));
