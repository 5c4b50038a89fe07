/**
 * Cursors of timelines: the sort number of an item, and upstream places from which the items before and after it are read. A place
 * stays valid while items arrive and disappear, so a cursor does too.
 */
import { createHash } from 'node:crypto';
import type { ConversationKey } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { conversationText } from '../../loaders/conversation-memory.ts';
import { maxTimelineItems } from '../../upstream/endpoints/conversation.ts';

export interface TimelineCursor {
  readonly sortNumber: number;
  /** From here everything before the item is read. */
  readonly before: CursorPlace;
  /** The same for everything after the item. */
  readonly after: CursorPlace;
}

export interface CursorPlace {
  readonly place: string;
  /** Number of items that the upstream reads first from the place and that are dropped: the item itself and those beyond it. */
  readonly excess: number;
}

/** Longer than any place seen; bounds the work for a forged cursor. */
const maxCursorLength = 4096;

/** Identifies a list of items: a cursor is valid only for its list. */
export function listTag(key: ConversationKey, field: string): string {
  return createHash('sha256')
    .update(`${field}\n${conversationText(key)}`)
    .digest('base64url')
    .slice(0, 12);
}

/**
 * A cursor as text.
 * @param tag Tag of the list; `decodeCursor` expects the same one.
 */
export function encodeCursor(tag: string, { sortNumber, before, after }: TimelineCursor): string {
  const parts = [tag, sortNumber, before.place, after.place, before.excess, after.excess];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws GatewayError `BAD_USER_INPUT` naming `field` for anything but a cursor of this list. */
export function decodeCursor(tag: string, text: string, field: string): TimelineCursor {
  const parts = text.length > maxCursorLength ? undefined : parsed(text);
  const [of, sortNumber, before, after, excessBefore = 0, excessAfter = 0] = parts ?? [];
  if (
    of !== tag ||
    typeof sortNumber !== 'number' ||
    typeof before !== 'string' ||
    typeof after !== 'string' ||
    !isExcess(excessBefore) ||
    !isExcess(excessAfter)
  ) {
    throw badUserInput(field, 'a cursor of this field of the same conversation');
  }
  return { sortNumber, before: { place: before, excess: excessBefore }, after: { place: after, excess: excessAfter } };
}

/** Cursors of earlier versions have no excess. */
function isExcess(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxTimelineItems;
}

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
