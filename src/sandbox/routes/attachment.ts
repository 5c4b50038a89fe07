import { limits } from '../bounds.ts';
import { badRequest, HttpError, notFound } from '../http/http-error.ts';
import { bodyOf, pathValue, type Reply, type Routes, success } from '../http/request-context.ts';
import type { StoredFile } from '../state/file-store.ts';
import { readableMessage } from '../state/message.ts';
import { freshToken } from '../token.ts';

export const attachmentRoutes = {
  getMessageAttachment: (context) => {
    const { world, caller } = context;
    const message = readableMessage(world, caller, pathValue(context, 'message_token'));
    const file = world.files.get(message.id);
    if (file === undefined) throw notFound('Attachment');
    return fileReply(file, context.header('Range'));
  },

  createAttachmentTokens: (context) => {
    const { world, caller } = context;
    const {
      count = 1,
      expire_after_sec = 43_200,
      expire_after_used_sec = 5,
    } = bodyOf(context, 'createAttachmentTokens');
    if (count < 1 || count > limits.bulkAttachmentTokens) {
      throw badRequest(`count: expected 1 to ${limits.bulkAttachmentTokens}`);
    }
    if (expire_after_sec < 1 || expire_after_used_sec < 0) throw badRequest('expire_after_sec: expected seconds');
    const tokens = Array.from({ length: count }, freshToken);
    for (const token of tokens) {
      world.attachmentTokens.set(token, {
        account: caller.token,
        expiresAt: world.clock.now() + expire_after_sec * 1000,
        expireAfterUsedMs: expire_after_used_sec * 1000,
      });
    }
    return success({ attachment_tokens: tokens });
  },
} satisfies Routes;

/** The file without an envelope. A single byte range is supported (RFC 9110 §14). */
function fileReply({ bytes, contentType, fileName }: StoredFile, range: string | undefined): Reply {
  const part = rangeOf(range, bytes.length);
  const body = part === undefined ? bytes : bytes.subarray(part.from, part.to + 1);
  const headers = {
    'content-type': contentType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'accept-ranges': 'bytes',
    ...(part === undefined ? {} : { 'content-range': `bytes ${part.from}-${part.to}/${bytes.length}` }),
  };
  return { status: part === undefined ? 200 : 206, headers, bytes: body };
}

/** @returns Undefined for no range, several ranges or another unit; the whole file is then served. */
function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const match = /^bytes=(\d{0,12})-(\d{0,12})$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to)
    throw new HttpError(416, 'Range: expected bytes inside the file', { 'content-range': `bytes */${size}` });
  return { from, to };
}
