/**
 * Content negotiation: the response media type that a client prefers (RFC 9110 §12.5.1). No library is used: the known ones treat a
 * range with a parameter, such as `application/json; charset=utf-8`, as a different type and answer 406.
 */

/** Media types of GraphQL over HTTP. */
export const graphqlMediaType = 'application/graphql-response+json';
export const jsonMediaType = 'application/json';
/** GraphQL over SSE. */
export const eventsMediaType = 'text/event-stream';
/** Apollo's protocol for subscriptions over HTTP. Its parameter is part of the name here: a plain `multipart/mixed` is another protocol. */
export const subscriptionPartsMediaType = 'multipart/mixed;subscriptionSpec=1.0';

/** Media types that carry the results of a subscription. */
const streamTypes = [eventsMediaType, subscriptionPartsMediaType] as const;
export type StreamType = (typeof streamTypes)[number];
const jsonTypes = [jsonMediaType, graphqlMediaType] as const;

/**
 * Media types of responses to operations. The older JSON type is first, so that clients that accept any type get it (GraphQL over
 * HTTP, "Legacy Watershed").
 */
const responseTypes = [...jsonTypes, eventsMediaType, 'multipart/mixed', subscriptionPartsMediaType] as const;
export type ResponseType = (typeof responseTypes)[number];
const pageTypes = [...responseTypes, 'text/html'] as const;

interface Range {
  /** In lower case. */
  readonly type: string;
  readonly weight: number;
}

/** What a client accepts. */
export interface Accepted {
  /** Media type of the response to an operation; undefined when the client accepts none of those the gateway has. */
  readonly response: ResponseType | undefined;
  /**
   * Media type for the results of a subscription, which the client must accept by name; it may prefer another for other operations.
   */
  readonly stream: StreamType | undefined;
  /** Media type of a response that is one JSON document, also when the client accepts none. */
  readonly json: (typeof jsonTypes)[number];
}

/** What is accepted, by header: clients send the same few headers, and parsing them takes 2 % of the time of a small query. */
const knownHeaders = new Map<string, Accepted>();
/** Maximum cached headers; the cache is emptied when it is full. */
const maxCachedHeaders = 64;
/** Maximum characters of a cached header, so that the cache stays under 64 KiB. */
const maxCachedHeader = 256;

/** An item of the list; commas in quoted parameters do not end it. */
const listItem = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const weightParameter = /;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*(?:;|$)/i;
/** Parameter that makes `multipart/mixed` a protocol of its own. Apollo Kotlin sends `deferSpec` with every query. */
const protocolParameter = /;[ \t]*((?:subscription|defer|incremental)Spec)=("?)([^"; \t]*)\2[ \t]*(?:;|$)/i;

function rangesOf(accept: string | undefined): Range[] {
  // An empty header has the meaning of an absent one.
  const text = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  return (text.match(listItem) ?? []).map((item) => {
    const end = item.indexOf(';');
    const type = (end < 0 ? item : item.slice(0, end)).trim().toLowerCase();
    if (end < 0) return { type, weight: 1 };
    const [, protocol, , version] = (type === 'multipart/mixed' && protocolParameter.exec(item)) || [];
    const weight = Number(weightParameter.exec(item)?.[1] ?? 1);
    return { type: protocol === undefined ? type : `${type};${protocol.toLowerCase()}=${version}`, weight };
  });
}

/** Specificity of a range for a type: 0 no match, 1 any type, 2 any subtype, 3 exact. */
function precision(range: string, type: string): number {
  if (range === type.toLowerCase()) return 3;
  if (range === '*/*') return 1;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1)) ? 2 : 0;
}

interface Rank {
  readonly weight: number;
  readonly precision: number;
  /** Index of the range in the header. */
  readonly index: number;
}

/** Rank of a type by its most specific range; undefined when the client does not accept the type. */
function rankOf(ranges: readonly Range[], type: string): Rank | undefined {
  let rank: Rank | undefined;
  for (const [index, range] of ranges.entries()) {
    const exactness = precision(range.type, type);
    if (exactness > (rank?.precision ?? 0)) rank = { weight: range.weight, precision: exactness, index };
  }
  return rank === undefined || rank.weight === 0 ? undefined : rank;
}

/** The offer with the highest weight; ties are broken by specificity, then by order in the header, then by order of the offers. */
function preferred<Type extends string>(ranges: readonly Range[], offers: readonly Type[]): Type | undefined {
  let best: { readonly offer: Type; readonly rank: Rank } | undefined;
  for (const offer of offers) {
    const rank = rankOf(ranges, offer);
    if (rank !== undefined && (best === undefined || isBefore(rank, best.rank))) best = { offer, rank };
  }
  return best?.offer;
}

function isBefore(one: Rank, other: Rank): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight;
  if (one.precision !== other.precision) return one.precision > other.precision;
  return one.index < other.index;
}

/** What the client accepts, by its `Accept` header. */
export function acceptedBy(accept = ''): Accepted {
  const known = knownHeaders.get(accept);
  if (known !== undefined) return known;
  const ranges = rangesOf(accept);
  const response = preferred(ranges, responseTypes);
  const named = streamTypes.filter((type) => rankOf(ranges, type)?.precision === 3);
  // A client of streams alone reads their errors by their status, which the older type does not have.
  const json = preferred(ranges, jsonTypes) ?? (response === undefined ? jsonMediaType : graphqlMediaType);
  const accepted: Accepted = { response, stream: preferred(ranges, named), json };
  if (accept.length > maxCachedHeader) return accepted;
  if (knownHeaders.size >= maxCachedHeaders) knownHeaders.clear();
  knownHeaders.set(accept, accepted);
  return accepted;
}

/** Whether the client accepts JSON, preferred or not. */
export function acceptsJson(accept: string | undefined): boolean {
  return preferred(rangesOf(accept), [jsonMediaType]) !== undefined;
}

/** Whether the client prefers an HTML page to a response of an operation, as a browser does when it navigates. */
export function prefersPage(accept: string | undefined): boolean {
  return preferred(rangesOf(accept), pageTypes) === 'text/html';
}
