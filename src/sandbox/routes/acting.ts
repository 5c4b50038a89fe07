/** Helpers of several routes: organization, metadata, picture, list lengths. */

import { limits } from '../bounds.ts';
import type { UploadedFile } from '../http/body.ts';
import { badRequest, forbidden } from '../http/http-error.ts';
import { isTrue, type RequestContext, requestedOrganization } from '../http/request-context.ts';
import { freshToken } from '../token.ts';

/**
 * @returns The organization key of the request, or undefined.
 * @throws HttpError 403 when the caller is not a member of it.
 */
export function actingOrganization(context: RequestContext): string | undefined {
  const organization = requestedOrganization(context);
  if (organization !== undefined && !context.caller.memberships.has(organization)) {
    throw forbidden('TT-X-Organization-Key: expected an organization of the caller');
  }
  return organization;
}

/** Whether the response has the metadata of objects. */
export function wantsMetadata(context: RequestContext): boolean {
  return isTrue(context.query.get('render_metadata'));
}

/** @throws HttpError 400 for a list longer than the batch size of the official clients. */
export function requireAtMost(name: string, items: readonly unknown[], most: number): void {
  if (items.length > most) throw badRequest(`${name}: expected at most ${most} items`);
}

/** @throws HttpError 400 above eleven keys, the limit of the official SDK. */
export function requireMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  requireAtMost('metadata', Object.keys(metadata), limits.metadataKeys);
  return metadata;
}

/** Magic bytes of picture formats, as latin1 text. */
const pictureStarts = [
  { start: /^\x89PNG/, contentType: 'image/png' },
  { start: /^\xff\xd8\xff/, contentType: 'image/jpeg' },
  { start: /^GIF8/, contentType: 'image/gif' },
  { start: /^RIFF.{4}WEBP/s, contentType: 'image/webp' },
] as const;

/** Android declares a group's picture as `multipart/form-data`; the type is then read from the magic bytes. */
function pictureType({ contentType, bytes }: UploadedFile): string | undefined {
  if (contentType.startsWith('image/')) return contentType;
  const beginning = bytes.toString('latin1', 0, 16);
  return pictureStarts.find(({ start }) => start.test(beginning))?.contentType;
}

/**
 * Stores the picture of the request.
 * @returns Its path on this server, or null when the request has none.
 * @throws HttpError 400 for a file that is not a picture.
 */
export function storePicture({ world, file }: RequestContext): string | null {
  if (file === undefined) return null;
  const contentType = file.field === 'avatar' ? pictureType(file) : undefined;
  if (contentType === undefined) throw badRequest('avatar: expected a picture');
  const path = `/avatars/${freshToken()}`;
  world.files.put(path, { ...file, contentType });
  return path;
}
