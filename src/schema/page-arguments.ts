/** Arguments of pages that differ from those of whole lists (`pagination.ts`): their limits, and descriptions that say them. */
import { type GraphQLSchema, isObjectType } from 'graphql';
import { badUserInput } from '../errors.ts';
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
   * Number of items that are asked for.
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
