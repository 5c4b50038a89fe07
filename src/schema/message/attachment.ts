import type { Attachment, Message } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { createAttachmentTokens } from '../../upstream/endpoints/attachment.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { countOf } from '../numbers.ts';

interface MessageAttachment extends Attachment {
  readonly message: string;
}

/** Path of the route that streams a message's file; the upstream allows one, numbered 1 (contract, getMessageAttachment). */
function attachmentPath(message: string): string {
  return `/attachments/${message}/1`;
}

export const AttachmentRef = builder.objectRef<MessageAttachment>('Attachment').implement({
  description: 'A file attached to a message.',
  fields: (t) => ({
    fileName: t.exposeString('fileName', {
      description: 'Name of the file; null when the sender gave none.',
    }),
    contentType: t.exposeString('contentType', {
      description: 'Media type of the file; null when the upstream does not say.',
    }),
    size: t.field({
      type: 'NonNegativeInt',
      description: 'Length of the file in bytes; null when the upstream does not say.',
      resolve: ({ size }) => countOf(size, 'Attachment.size'),
    }),
    url: t.string({
      nullable: false,
      description:
        'Path on the gateway for downloading the file. The request needs the same `Authorization` header, or `?token=` with a token from `createAttachmentTokens`.',
      resolve: (file) => attachmentPath(file.message),
    }),
  }),
});

/** The attachments of a message, each with the message that its URL needs. */
export function attachmentsOf(message: Message): MessageAttachment[] {
  return (message.attachments ?? []).map((attachment) => ({ message: message.token, ...attachment }));
}

/** Maximum tokens of one call; the official client's limit (contract, createAttachmentTokens). */
const maxTokens = 20;
/** Seconds; the value of the official client. */
const defaultLifetime = 43_200;
const lifetimeAfterUse = 5;

const CreateAttachmentTokensInput = builder.inputType('CreateAttachmentTokensInput', {
  description:
    'Number and lifetime of download tokens, for links and pictures, which browsers fetch without an `Authorization` header.',
  fields: (t) => ({
    count: t.int({ required: true, description: `Number of tokens, 1 to ${maxTokens}.` }),
    lifetimeSeconds: t.int({
      description: `Lifetime of an unused token in seconds; ${defaultLifetime} when left out. A used token stays valid for ${lifetimeAfterUse} more seconds.`,
    }),
  }),
});

const CreateAttachmentTokensPayload = builder
  .objectRef<{ readonly tokens: readonly string[] }>('CreateAttachmentTokensPayload')
  .implement({
    description: 'The tokens that were created.',
    fields: (t) => ({
      tokens: t.exposeStringList('tokens', {
        nullable: false,
        description: 'Download tokens. Append `?token=` and a token to the `url` of an attachment the caller may see.',
      }),
    }),
  });

builder.mutationFields((t) => ({
  createAttachmentTokens: t.field({
    type: CreateAttachmentTokensPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Creates short-lived download tokens for attachments.',
    args: {
      input: t.arg({
        type: CreateAttachmentTokensInput,
        required: true,
        description: 'Number and lifetime of the tokens.',
      }),
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
