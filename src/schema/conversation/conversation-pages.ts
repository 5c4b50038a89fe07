/**
 * Pages of the caller's conversations. The upstream lists them by last traffic and cuts the pages; a cursor contains the upstream
 * page and the conversation, so that it stays valid while conversations move to the front.
 */

import { hash } from 'node:crypto';
import type { Conversation, ConversationState } from '../../domain/conversation.ts';
import type { RosterEntry } from '../../domain/domain.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { conversationText } from '../../loaders/conversation-memory.ts';
import type { Loaders } from '../../loaders/loaders.ts';
import { maxRosterPages } from '../../loaders/roster-states.ts';
import { attributeErrorTo } from '../argument-error.ts';
import { ForwardPages } from '../page-arguments.ts';

export const conversationPages = new ForwardPages({ usual: 50, most: 200 });

export interface ConversationListArguments {
  readonly organization: string | undefined;
  readonly unreadOnly: boolean;
  readonly size: number;
  readonly after: string | undefined;
}

type Row = Conversation | GatewayError;

/** Position after a conversation, or at the start of an upstream page. */
interface Place {
  /** Continuation of the upstream page; empty for the first one. */
  readonly page: string;
  /** The conversation; empty at the start of the list. */
  readonly text: string;
  /**
   * Index in the page at the time, -1 at its start, and sort number of the last message: used to continue when the conversation has
   * moved.
   */
  readonly index: number;
  readonly sortNumber: number;
  /** Hashes of the conversations before it, the nearest first, for a list without sort numbers. */
  readonly earlier: readonly string[];
}

const start: Place = { page: '', text: '', index: -1, sortNumber: 0, earlier: [] };
/** Number of conversations that must move or disappear at the same time before a list without sort numbers loses its place. */
const maxEarlier = 8;
const maxCursorLength = 4096;

/** Short, because a cursor has several. */
function nameOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}

function encodePlace({ page, text, index, sortNumber, earlier }: Place, organization: string | undefined): string {
  const parts = [page, text, index, sortNumber, earlier, organization ?? ''];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws GatewayError `BAD_USER_INPUT` when it is no cursor of this field in the organization. */
function decodePlace(cursor: string | undefined, organization: string | undefined): Place {
  if (cursor === undefined) return start;
  try {
    const parts: unknown =
      cursor.length > maxCursorLength ? undefined : JSON.parse(Buffer.from(cursor, 'base64url').toString());
    // Cursors of earlier versions have four parts.
    const [page, text, index, sortNumber, earlier = [], of = organization ?? '']: readonly unknown[] = Array.isArray(
      parts,
    )
      ? parts
      : [];
    if (
      typeof page === 'string' &&
      typeof text === 'string' &&
      typeof index === 'number' &&
      Number.isInteger(index) &&
      typeof sortNumber === 'number' &&
      Array.isArray(earlier) &&
      of === (organization ?? '')
    )
      return { page, text, index, sortNumber, earlier: earlier.map(String) };
  } catch {
    // Not JSON: the same error.
  }
  throw badUserInput('after', 'a cursor of this field');
}

/** A conversation of a page. */
class ListedConversation {
  readonly row: Row;
  readonly #cursorOf: () => string;
  #cursor: string | undefined;

  constructor(row: Row, cursorOf: () => string) {
    this.row = row;
    this.#cursorOf = cursorOf;
  }

  /** Computed when it is read: most operations select that of the last conversation or none, and it takes nine hashes. */
  get cursor(): string {
    this.#cursor ??= this.#cursorOf();
    return this.#cursor;
  }
}

export interface ConversationList {
  readonly rows: readonly ListedConversation[];
  readonly hasNext: boolean;
  /** Cursor of the next page when no conversation has one; undefined at the end of the list. */
  readonly onward: string | undefined;
  /** Number of conversations when the whole list was read. */
  readonly total: number | undefined;
}

/** @returns Null when counts are requested that the upstream does not have. */
export async function listOfConversations(
  loaders: Loaders,
  { organization, unreadOnly, size, after }: ConversationListArguments,
): Promise<ConversationList | null> {
  let place = decodePlace(after, organization);
  const rows: ListedConversation[] = [];
  for (let pages = 0; pages < maxRosterPages; pages++) {
    const reading = readRows(loaders, organization, place.page);
    const page = await (place.page === '' ? reading : attributeErrorTo('after', 'a cursor of this field', reading));
    if (unreadOnly && !page.hasCounts) return null;
    for (let index = firstIndex(page, place); index < page.rows.length; index++) {
      const row = page.rows[index];
      if (row === undefined || (unreadOnly && !isUnread(row))) continue;
      const isLast = index === page.rows.length - 1;
      const { page: name } = place;
      rows.push(new ListedConversation(row, () => encodePlace(placeBehind(page, index, name), organization)));
      if (rows.length < size) continue;
      return { rows, hasNext: !isLast || page.next !== undefined, onward: undefined, total: undefined };
    }
    if (page.next === undefined) {
      const total = after === undefined ? rows.length : undefined;
      return { rows, hasNext: false, onward: undefined, total };
    }
    place = { ...start, page: page.next };
  }
  return { rows, hasNext: true, onward: encodePlace(place, organization), total: undefined };
}

/** @param name Continuation of the page; empty for the first one. */
function placeBehind({ rows, next }: Rows, index: number, name: string): Place {
  const row = rows[index];
  const earlier = rows.slice(Math.max(0, index - maxEarlier), index).reverse();
  return {
    // After the last conversation of a page the next page begins, which saves a second read of this one.
    ...(index === rows.length - 1 && next !== undefined ? { page: next, index: -1 } : { page: name, index }),
    text: row === undefined ? '' : textOf(row),
    sortNumber: row === undefined ? 0 : sortNumberOf(row),
    earlier: earlier.map((one) => nameOf(textOf(one))),
  };
}

interface Rows {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
  readonly hasCounts: boolean;
}

async function readRows(loaders: Loaders, organization: string | undefined, continuation: string): Promise<Rows> {
  const page = await loaders.conversations.page(organization, continuation === '' ? undefined : continuation);
  if (page !== undefined) return { rows: page.items.map(ofState), next: page.continuation, hasCounts: true };
  const entries = (await loaders.roster()).map(ofEntry).filter((row) => row !== undefined);
  const rows = organization === undefined ? entries : entries.filter((row) => isIn(row, organization));
  return { rows, next: undefined, hasCounts: false };
}

function ofState(state: ConversationState | GatewayError): Row {
  return state instanceof GatewayError ? state : { kind: 'CONVERSATION', key: state.key, state };
}

/** A v2 entry without organization names no conversation. */
function ofEntry(entry: RosterEntry | GatewayError): Row | undefined {
  if (entry instanceof GatewayError) return entry;
  const { counterpart, organizationKey: organization } = entry;
  if (organization === undefined) return undefined;
  return {
    kind: 'CONVERSATION',
    key: { organization, counterpart: counterpart.token, kind: counterpart.kind },
    counterpart,
  };
}

function isIn(row: Row, organization: string): boolean {
  return row instanceof GatewayError || row.key.organization === organization;
}

function isUnread(row: Row): boolean {
  return !(row instanceof GatewayError) && (row.state?.unreadCount ?? 0) > 0;
}

function textOf(row: Row): string {
  return row instanceof GatewayError ? '' : conversationText(row.key);
}

function sortNumberOf(row: Row): number {
  return row instanceof GatewayError ? 0 : (row.state?.lastMessage?.sortNumber ?? 0);
}

/**
 * Index at which to continue after a place. When its conversation has moved, to the front of this page or off it: the first
 * conversation with older traffic, and never one after its old index, so that none is skipped.
 */
function firstIndex({ rows, hasCounts }: Rows, { text, index, sortNumber, earlier }: Place): number {
  if (text === '') return Math.min(index + 1, rows.length); // the start, or a row that could not be read
  if (hasCounts && index < 0) return 0;
  if (!hasCounts || sortNumber === 0) return behindNamed(rows, [nameOf(text), ...earlier], index);
  const found = rows.findIndex((row) => textOf(row) === text && sortNumberOf(row) === sortNumber);
  if (found >= 0) return found + 1;
  const older = rows.findIndex((row) => sortNumberOf(row) < sortNumber);
  return older >= 0 ? Math.min(older, index + 1) : Math.min(index + 1, rows.length);
}

/** The same without sort numbers: conversations with traffic move to the front, so the last of those already read has not moved. */
function behindNamed(rows: readonly Row[], names: readonly string[], index: number): number {
  const read = new Set(names);
  const last = rows.findLastIndex((row) => read.has(nameOf(textOf(row))));
  return last >= 0 ? last + 1 : Math.min(index + 1, rows.length);
}
