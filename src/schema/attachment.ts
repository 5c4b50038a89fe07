import type { Attachment, Message } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { createAttachmentTokens } from '../upstream/endpoints/attachment.ts';
import { builder } from './builder.ts';
import { costs } from './field-cost.ts';
import { countOf } from './numbers.ts';

interface MessageAttachment extends Attachment {
  readonly message: string;
}

/** Path of the route that streams a message's file; the upstream allows one, numbered 1 (contract, getMessageAttachment). */
function attachmentPath(message: string): string {
  return `/attachments/${message}/1`;
}

export const AttachmentRef = builder.objectRef<MessageAttachment>('Attachment').implement({
  description: 'A file that came with a message.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', {
      description: 'Its name; null when the sender gave none.',
    }),
    contentType: t.exposeString('contentType', {
      description: 'Its media type; null when the upstream does not say.',
    }),
    size: t.field({
      type: 'NonNegativeInt',
      description: 'Its length in bytes; null when the upstream does not say.',
      resolve: ({ size }) => countOf(size, 'Attachment.size'),
    }),
    url: t.string({
      nullable: false,
      description:
        'Where to fetch its bytes: a path on the gateway, which wants the same `Authorization` header, or `?token=` with one of `createAttachmentTokens`.',
      resolve: (file) => attachmentPath(file.message),
    }),
  }),
});

export function attachmentsOf(message: Message): MessageAttachment[] {
  return (message.attachments ?? []).map((attachment) => ({ ...attachment, message: message.token }));
}

/** Tokens of one call; the official client's limit (contract, createAttachmentTokens). */
const maxTokens = 20;
/** Seconds; what the official client asks for. */
const defaultLifetime = 43_200;
const lifetimeAfterUse = 5;

const CreateAttachmentTokensInput = builder.inputType('CreateAttachmentTokensInput', {
  description: 'Download tokens for links and pictures, which browsers fetch without an `Authorization` header.',
  fields: (t) => ({
    count: t.int({ required: true, description: `How many; 1 to ${maxTokens}.` }),
    lifetimeSeconds: t.int({
      description: `How long an unused one is good, in seconds; ${defaultLifetime} when left out. Used ones last ${lifetimeAfterUse} more seconds.`,
    }),
  }),
});

const CreateAttachmentTokensPayload = builder
  .objectRef<{ readonly tokens: readonly string[] }>('CreateAttachmentTokensPayload')
  .implement({
    description: 'The tokens.',
    fields: (t) => ({
      tokens: t.exposeStringList('tokens', {
        nullable: false,
        description: 'Each opens the attachments the caller may see: append `?token=` and it to an attachment’s `url`.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  createAttachmentTokens: t.field({
    type: CreateAttachmentTokensPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Reserves short-lived download tokens.',
    args: {
      input: t.arg({ type: CreateAttachmentTokensInput, required: true, description: 'How many, for how long.' }),
    },
    resolve: async (_root, { input }, context) => {
      if (input.count < 1 || input.count > maxTokens)
        throw badUserInput('input.count', `a number from 1 to ${maxTokens}`);
      const expireAfterSeconds = input.lifetimeSeconds ?? defaultLifetime;
      if (expireAfterSeconds < 1) throw badUserInput('input.lifetimeSeconds', 'seconds, 1 or more');
      const options = { count: input.count, expireAfterSeconds, expireAfterUseSeconds: lifetimeAfterUse };
      return { tokens: await createAttachmentTokens(context.upstream, options) };
    },
  }),
}));
