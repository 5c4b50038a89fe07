import type { Attachment, Message } from '../domain.ts';
import { builder } from './builder.ts';
import { orNull } from './refs.ts';

interface MessageAttachment extends Attachment {
  readonly message: string;
}

/** Path of the route that streams a message's file; the upstream allows one, numbered 1 (contract, getMessageAttachment). */
export function attachmentPath(message: string): string {
  return `/attachments/${message}/1`;
}

export const AttachmentRef = builder.objectRef<MessageAttachment>('Attachment').implement({
  description: 'A file that came with a message.',
  fields: (t) => ({
    fileName: t.string({
      description: 'Its name; null when the sender gave none.',
      resolve: (file) => orNull(file.fileName),
    }),
    contentType: t.string({
      description: 'Its media type; null when the upstream does not say.',
      resolve: (file) => orNull(file.contentType),
    }),
    size: t.field({
      type: 'NonNegativeInt',
      description: 'Its length in bytes; null when the upstream does not say.',
      resolve: (file) => orNull(file.size),
    }),
    url: t.string({
      nullable: false,
      description: 'Where to fetch its bytes: a path on the gateway, which wants the same `Authorization` header.',
      resolve: (file) => attachmentPath(file.message),
    }),
  }),
});

export function attachmentsOf(message: Message): MessageAttachment[] {
  return (message.attachments ?? []).map((attachment) => ({ ...attachment, message: message.token }));
}
