/** Page arguments that differ from those of whole lists (`pagination.ts`): their limits, and descriptions that state them. */
import { type GraphQLSchema, isObjectType } from 'graphql';
import type { Page } from '../domain/domain.ts';
import { badUserInput } from '../errors.ts';
import { attributeErrorTo } from './argument-error.ts';
import type { PageArguments } from './pagination.ts';

/** Descriptions of the arguments of one connection, in the field's `extensions.pageArguments`. */
type PageDescriptions = Readonly<Partial<Record<keyof PageArguments, string>>>;

/** The descriptions as a field's `extensions`. */
export function describedAs(pageArguments: PageDescriptions): { readonly pageArguments: PageDescriptions } {
  return { pageArguments };
}

interface PageSizes {
  /** Items of a page without `first`. */
  readonly usual: number;
  readonly most: number;
}

/** A connection whose pages go forward only. */
export class ForwardPages {
  readonly usual: number;
  readonly most: number;

  constructor({ usual, most }: PageSizes) {
    this.usual = usual;
    this.most = most;
  }

  /** The field's `extensions`. */
  get described(): ReturnType<typeof describedAs> {
    const rejected = 'Rejected with BAD_USER_INPUT: pages go forward only.';
    return describedAs({
      first: `Maximum number of items: 1 to ${this.most}; ${this.usual} when left out.`,
      last: rejected,
      before: rejected,
    });
  }

  /**
   * Requested number of items.
   * @throws GatewayError `BAD_USER_INPUT` for `last` and `before`, and a size out of bounds.
   */
  sizeOf({ first, last, before }: PageArguments): number {
    if (last != null || before != null)
      throw badUserInput(last == null ? 'before' : 'last', 'paging with first and after');
    const size = first ?? this.usual;
    if (size < 1 || size > this.most) throw badUserInput('first', `a number from 1 to ${this.most}`);
    return size;
  }
}

/** Valid `after` of a list of the upstream, for errors. */
const expectedCursor = 'the `endCursor` of a page of this field';

/** Maximum length of a cursor in characters: the upstream's continuations are tokens of some hundred. */
const maxCursorLength = 4_096;

/** The upstream page that the arguments of a field request. */
interface RequestedPage {
  readonly pageSize: number;
  /** The upstream's continuation in `after`; undefined for the first page. */
  readonly continuation: string | undefined;
}

/**
 * Pages of a list that the upstream continues by its own token. A cursor is that token and the name of the list: tokens of several
 * lists look alike, and a token of another list would select an arbitrary page of this one.
 */
export class UpstreamPages extends ForwardPages {
  readonly #prefix: string;

  /** @param list Name of the list, without a colon. */
  constructor(list: string, sizes: PageSizes) {
    super(sizes);
    this.#prefix = `${list}:`;
  }

  /** @throws GatewayError `BAD_USER_INPUT` for a size out of bounds, a cursor of another list, and `last` or `before`. */
  requested(args: PageArguments): RequestedPage {
    return { pageSize: this.sizeOf(args), continuation: this.#placeAfter(args.after) };
  }

  /** Names `after` in the error of a page that the upstream rejects, because no other argument can be the cause. */
  read<Read>({ continuation }: RequestedPage, reading: Promise<Read>): Promise<Read> {
    return continuation === undefined ? reading : attributeErrorTo('after', expectedCursor, reading);
  }

  /**
   * The connection of a page. The upstream's continuation starts after the last item, so only the cursor of the last edge continues
   * the list; those of other edges only distinguish them.
   */
  connectionOf<Edge extends { readonly cursor: string }>(
    { continuation: before }: RequestedPage,
    { continuation, total }: Pick<Page<unknown>, 'continuation' | 'total'>,
    edges: readonly Edge[],
  ) {
    const endCursor = continuation === undefined ? null : `${this.#prefix}${continuation}`;
    return {
      totalCount: total ?? null,
      pageInfo: {
        hasNextPage: endCursor !== null,
        hasPreviousPage: before !== undefined,
        startCursor: null,
        endCursor,
      },
      edges: edges.map((edge, index) =>
        index === edges.length - 1 && endCursor !== null ? { ...edge, cursor: endCursor } : edge,
      ),
    };
  }

  #placeAfter(after: string | null | undefined): string | undefined {
    if (after == null) return undefined;
    const place = after.slice(this.#prefix.length);
    // A continuation may go into a path, which cannot contain a lone surrogate.
    const isCursor = after.startsWith(this.#prefix) && place !== '' && after.length <= maxCursorLength;
    if (!isCursor || /\p{Surrogate}/u.test(place)) throw badUserInput('after', expectedCursor);
    return place;
  }
}

/** Gives the paging arguments their own descriptions, in place of those that Pothos gives to all connections. */
export function describePageArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const { args, extensions } of Object.values(type.getFields())) {
      const described = (extensions['pageArguments'] ?? {}) as PageDescriptions; // set by `describedAs` only
      for (const argument of args) {
        const description = described[argument.name as keyof PageArguments]; // undefined for other names
        if (description !== undefined) argument.description = description;
      }
    }
  }
}
