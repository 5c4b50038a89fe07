/** The request and the reply that all kinds of search share: a page of hits, as entities. */
import type { Page } from '../../domain/domain.ts';
import type { Upstream } from '../upstream.ts';
import { readContinuation, requireArray, requireObject } from '../wire/read.ts';

export interface PageRequest {
  /** Continuation of the previous page. */
  readonly continuation?: string | undefined;
  readonly pageSize: number;
}

/**
 * One page of a search.
 * @param json What to search, where and in which order.
 * @param decode Items of the page for one row; an empty list drops the row.
 */
export function searchPage<Item>(
  upstream: Upstream,
  { continuation, pageSize }: PageRequest,
  json: Readonly<Record<string, unknown>>,
  decode: (row: unknown) => readonly Item[],
): Promise<Page<Item>> {
  const call = {
    operationId: 'search',
    method: 'POST',
    path: '/v2/search',
    json: { ...json, results_format: 'entities', page_size: pageSize, continuation },
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => {
    const page = requireObject(reply, 'search.reply');
    const total = page.metadata === undefined ? undefined : requireObject(page.metadata, 'search.metadata').total_hits;
    return {
      items: requireArray(page.results, 'search.results').flatMap(decode),
      continuation: readContinuation(page.metadata),
      total: typeof total === 'number' ? total : undefined,
    };
  });
}
