import { badRequest } from './http-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Pass it to read the next page; null on the last page. */
  readonly continuation: string | null;
  /** Zero-based position of the first item. */
  readonly start: number;
}

/**
 * Cuts one page. A continuation is opaque to clients; it encodes the position.
 * @throws HttpError 400 for a malformed continuation.
 */
export function pageOf<Item>(all: readonly Item[], continuation: string | null | undefined, size: number): Page<Item> {
  const start = continuation === null || continuation === undefined || continuation === '' ? 0 : unpack(continuation);
  const end = start + size;
  return { items: all.slice(start, end), continuation: end < all.length ? pack(end) : null, start };
}

function pack(position: number): string {
  return Buffer.from(`page ${position}`).toString('base64url');
}

function unpack(continuation: string): number {
  const digits = /^page (\d{1,9})$/.exec(Buffer.from(continuation, 'base64url').toString('utf8'))?.[1];
  if (digits === undefined) throw badRequest('continuation: expected one from an earlier page');
  return Number(digits);
}
