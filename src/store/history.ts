/** Reads a page of the history of a conversation, which the service stores. */
import {
  type ConversationId,
  TimelineDocument,
  type TimelineQuery,
  type TimelineQueryVariables,
} from '../documents.ts';
import type { Context } from './context.ts';
import { messageItem, noticeItem } from './items.ts';

type PageInfo = NonNullable<NonNullable<TimelineQuery['conversation']>['timeline']>['pageInfo'];

/** A displayed page: the cursors of its ends, and their positions. */
export interface Page extends Partial<PageInfo> {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads one page of a timeline.
 * @throws the error of the request.
 */
export async function readPage(context: Context, id: ConversationId, variables: Omit<TimelineQueryVariables, 'id'>) {
  const { conversation } = await context.run(TimelineDocument, { id, ...variables });
  const { nodes = [], pageInfo } = conversation?.timeline ?? {};
  const items = nodes.flatMap((node) => {
    if (node === null) return [];
    return node.__typename === 'Message' ? messageItem(context, id, node, undefined, []) : noticeItem(node);
  });
  const [first, last] = [items[0], items.at(-1)];
  const pages: readonly Page[] = first && last ? [{ ...pageInfo, from: first.order, to: last.order }] : [];
  // A conversation without history, as opposed to one that is absent.
  const isAbsent = conversation !== null && pageInfo === undefined;
  return { ...pageInfo, items, pages, isAbsent };
}

/** Cursor of the item after a page, or of one at least so many items after it, up to a page more. Null when there is none. */
export async function cursorBehind(context: Context, id: ConversationId, page: Page | undefined, newCount: number) {
  const { pageSize } = context.bounds;
  const first = Math.min(4 * pageSize, newCount + pageSize);
  const read = await readPage(context, id, { first, after: page?.endCursor ?? null });
  return (newCount === 0 ? read.startCursor : read.hasNextPage && read.endCursor) || null;
}
