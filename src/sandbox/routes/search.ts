import { limits } from '../bounds.ts';
import { badRequest } from '../http/http-error.ts';
import { pageOf } from '../http/paging.ts';
import { bodyOf, itemsOf, type Reply, type RequestContext, type Routes, success } from '../http/request-context.ts';
import { findHits, type Hit, type SearchTerms } from '../state/directory.ts';
import { rosterOf } from '../state/roster.ts';

const usualPage = 25;

export const searchRoutes: Routes = {
  search: (context) => searchReply(context, () => ({})),
};

/** @param more Fields of a hit that only one version has; those named in `return_fields` are part of the entity too. */
export function searchReply(context: RequestContext, more: (hit: Hit) => Readonly<Record<string, unknown>>): Reply {
  const request = bodyOf(context, 'search');
  const size = request.page_size ?? usualPage;
  if (size < 1) throw badRequest('page_size: expected 1 or more');
  const hits = findHits(context.world, context.caller, termsOf(context));
  const { items, continuation, start } = pageOf(hits, request.continuation, Math.min(size, limits.searchPage));
  const onRoster = new Set(rosterOf(context.world, context.caller.token).map(({ token }) => token));
  const results = items.map((hit) => ({
    type: `tigertext:entity:${hit.kind}`,
    organization_id: hit.organization,
    // An organization has a key and no token; the entity contains the key.
    ...(hit.kind === 'organization' ? {} : { token: hit.token }),
    ...more(hit),
    account_status: 'active',
    in_roster: onRoster.has(hit.token),
    ...(request.results_format === 'tokens' ? {} : { entity: entityOf(hit, request, more(hit)) }),
  }));
  return success({
    results,
    metadata: { continuation, first_hit: items.length === 0 ? 0 : start + 1, total_hits: hits.length },
  });
}

type SearchRequest = ReturnType<typeof bodyOf<'search'>>;

/** Fields that Android sends beside `bool`; the contract has only the first. */
const plainFields = ['display_name', 'first_name', 'last_name', 'name', 'username', 'title', 'department', 'status'];

/** A field beside `bool` is equal to one in `bool.must`. Without `directory` the default organization is searched. */
function termsOf(context: RequestContext): SearchTerms {
  const { caller } = context;
  const request = bodyOf(context, 'search');
  return {
    // v5 takes one word too.
    kinds: new Set(itemsOf(request.type ?? ['account'])),
    organizations: (request.directory ?? [caller.defaultOrganization]).filter((key) => caller.memberships.has(key)),
    must: Object.entries({
      ...request.bool?.must,
      ...Object.fromEntries(Object.entries(request).filter(([name]) => plainFields.includes(name))),
    }),
    mustNot: Object.entries(request.bool?.must_not ?? {}),
    without: new Set(request.exclude_tokens ?? []),
    tags: new Set(request.tags ?? []),
    wanted: request.return_fields,
    // v5 takes one object too.
    sort: [request.sort ?? []].flat(),
  };
}

/** The entity limited to `return_fields` and its token. */
function entityOf(hit: Hit, request: SearchRequest, more: Readonly<Record<string, unknown>>): object {
  const metadata = request.render_metadata === true ? { metadata: hit.metadata } : {};
  const entity: Readonly<Record<string, unknown>> = { ...hit.fields, ...more, ...metadata };
  if (request.return_fields === undefined) return entity;
  const wanted = new Set(['token', ...request.return_fields]);
  return Object.fromEntries(Object.entries(entity).filter(([name]) => wanted.has(name)));
}
