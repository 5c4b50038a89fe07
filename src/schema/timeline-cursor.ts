/**
 * Cursors of timelines: the sort number of an item, and upstream places from which the items before and after it are read. A
 * place stays good while items arrive and disappear, so a cursor does too.
 */
import { createHash } from 'node:crypto';
import type { ConversationKey } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { conversationText } from '../loaders/conversation-memory.ts';

export interface TimelineCursor {
  readonly sortNumber: number;
  /** An upstream place from which everything before the item is read, and maybe items after it. */
  readonly before: string;
  /** The same for everything after the item. */
  readonly after: string;
}

/** Above any place seen; bounds the work for a made-up cursor. */
const maxCursorLength = 4096;

/** Identifies a list of items: a cursor is good for the list it comes from only. */
export function listTag(key: ConversationKey, field: string): string {
  return createHash('sha256')
    .update(`${field}\n${conversationText(key)}`)
    .digest('base64url')
    .slice(0, 12);
}

export function encodeCursor(tag: string, { sortNumber, before, after }: TimelineCursor): string {
  return Buffer.from(JSON.stringify([tag, sortNumber, before, after])).toString('base64url');
}

/** @throws GatewayError `BAD_USER_INPUT` naming `field` for anything but a cursor of this list. */
export function decodeCursor(tag: string, text: string, field: string): TimelineCursor {
  const parts = text.length > maxCursorLength ? undefined : parsed(text);
  const [of, sortNumber, before, after] = parts ?? [];
  if (of !== tag || typeof sortNumber !== 'number' || typeof before !== 'string' || typeof after !== 'string') {
    throw badUserInput(field, 'a cursor of this field of the same conversation');
  }
  return { sortNumber, before, after };
}

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
