/**
 * Which media type a client likes best (RFC 9110 §12.5.1). Read here and not by a library: those at hand take a range with a
 * parameter, such as `application/json; charset=utf-8`, for another type than the one without, and answer 406.
 */

/** Media types of GraphQL over HTTP. */
export const graphqlMediaType = 'application/graphql-response+json';
export const jsonMediaType = 'application/json';
/** GraphQL over SSE. */
export const eventsMediaType = 'text/event-stream';

/**
 * What an operation can be answered as. Clients that take anything get the older JSON (GraphQL over HTTP, "Legacy
 * Watershed"), which therefore comes first.
 */
const answerTypes = [jsonMediaType, graphqlMediaType, eventsMediaType, 'multipart/mixed'] as const;
export type AnswerType = (typeof answerTypes)[number];
const pageTypes = [...answerTypes, 'text/html'] as const;

interface Range {
  readonly type: string;
  readonly weight: number;
}

const weightParameter = /;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*(?:;|$)/i;

function rangesOf(accept: string | undefined): Range[] {
  // Sent empty, it says as little as when it is left out.
  const text = accept === undefined || accept.trim() === '' ? '*/*' : accept;
  return text.split(',').map((item) => {
    const end = item.indexOf(';');
    const type = (end < 0 ? item : item.slice(0, end)).trim().toLowerCase();
    return { type, weight: end < 0 ? 1 : Number(weightParameter.exec(item)?.[1] ?? 1) };
  });
}

/** How exactly a range means a type: 0, not at all, to 3, by its name. */
function precision(range: string, type: string): number {
  if (range === type) return 3;
  if (range === '*/*') return 1;
  return range.endsWith('/*') && type.startsWith(range.slice(0, -1)) ? 2 : 0;
}

interface Rank {
  readonly weight: number;
  readonly precision: number;
  readonly place: number;
}

/** The most exact range that means the type decides about it. */
function rankOf(ranges: readonly Range[], type: string): Rank | undefined {
  let phase: Rank | undefined;
  for (const [place, range] of ranges.entries()) {
    const exactness = precision(range.type, type);
    if (exactness > (phase?.precision ?? 0)) phase = { weight: range.weight, precision: exactness, place };
  }
  return phase === undefined || phase.weight === 0 ? undefined : phase;
}

/** Of equal weight, what the client names exactly comes first, then what it names earlier, then what is offered earlier. */
function preferred<Type extends string>(accept: string | undefined, offers: readonly Type[]): Type | undefined {
  const ranges = rangesOf(accept);
  let best: { readonly offer: Type; readonly rank: Rank } | undefined;
  for (const offer of offers) {
    const phase = rankOf(ranges, offer);
    if (phase !== undefined && (best === undefined || isBefore(phase, best.rank))) best = { offer, rank: phase };
  }
  return best?.offer;
}

function isBefore(one: Rank, other: Rank): boolean {
  if (one.weight !== other.weight) return one.weight > other.weight;
  if (one.precision !== other.precision) return one.precision > other.precision;
  return one.place < other.place;
}

/** What an operation is to be answered as; undefined when the client takes nothing the gateway has. */
export function answerTypeFor(accept: string | undefined): AnswerType | undefined {
  return preferred(accept, answerTypes);
}

/** Whether the client likes a page better than the answer to an operation, as browsers do that go to an address. */
export function prefersPage(accept: string | undefined): boolean {
  return preferred(accept, pageTypes) === 'text/html';
}

/** Whether the client names event streams among what it takes, preferred or not. */
export function takesEvents(accept = ''): boolean {
  return rankOf(rangesOf(accept), eventsMediaType)?.precision === 3;
}
