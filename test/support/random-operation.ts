/** Random operations that a schema allows: every field, argument and fragment can come up. The same seed, the same text. */
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface RandomOptions {
  readonly seed: number;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Values for arguments of type ID and String, taken from the world the operation is to meet. */
  readonly texts: readonly string[];
  readonly depth?: number;
}

/** Mulberry32: small, and the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomOperation(schema: GraphQLSchema, options: RandomOptions): RandomOperation {
  return new Writer(schema, options).operation();
}

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #options: RandomOptions;
  readonly #random: () => number;
  readonly #variables: Record<string, unknown> = {};
  readonly #definitions: string[] = [];
  readonly #fragments: string[] = [];
  #fields = 0;

  constructor(schema: GraphQLSchema, options: RandomOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#random = randomNumbers(options.seed);
  }

  operation(): RandomOperation {
    const { kind, depth = 5 } = this.#options;
    const names = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
    const root = this.#schema.getType(names[kind]) as GraphQLObjectType; // the schema has all three
    const selection = this.#selection(root, depth, kind === 'query' ? 3 : 1);
    const definitions = this.#definitions.length === 0 ? '' : `(${this.#definitions.join(', ')})`;
    return {
      query: [`${kind} Random${definitions} ${selection}`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)] as Item; // callers give at least one
  }

  #selection(type: GraphQLNamedType, depth: number, most: number): string {
    const parts: string[] = [];
    const count = 1 + Math.floor(this.#random() * most);
    for (let index = 0; index < count; index++) parts.push(this.#part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLNamedType, depth: number): string {
    if (isAbstractType(type) && (this.#chance(0.6) || !isInterfaceType(type))) {
      if (this.#chance(0.1)) return '__typename';
      const inner = this.#pick(this.#schema.getPossibleTypes(type));
      return `... on ${inner.name} ${this.#selection(inner, depth, 3)}`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    if (this.#chance(0.05) && depth < 5) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push('');
      this.#fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} ${this.#selection(type, depth, 2)}`;
      return `...${name}${this.#directive()}`;
    }
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 1 || !isCompositeType(getNamedType(field.type)),
    );
    if (fields.length === 0 || this.#chance(0.05)) return '__typename';
    const field = this.#pick(fields);
    const inner = getNamedType(field.type);
    const selection = isCompositeType(inner) ? ` ${this.#selection(inner, depth - 1, 4)}` : '';
    // A name of its own, since the same field with other arguments would not merge.
    return `a${this.#fields++}: ${field.name}${this.#arguments(field.args)}${this.#directive()}${selection}`;
  }

  #directive(): string {
    if (!this.#chance(0.08)) return '';
    const value = this.#chance(0.5) ? this.#chance(0.7) : this.#variable('Boolean!', this.#chance(0.7));
    return ` @${this.#chance(0.5) ? 'include' : 'skip'}(if: ${value})`;
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args
      .filter((arg) => isNonNullType(arg.type) || this.#chance(0.3))
      .map((arg) => {
        const value = this.#value(arg.type, 3);
        return `${arg.name}: ${this.#chance(0.4) ? this.#variable(String(arg.type), value) : literal(value, arg.type)}`;
      });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#definitions.length}`;
    this.#definitions.push(`$${name}: ${type}`);
    this.#variables[name] = value;
    return `$${name}`;
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (this.#chance(0.03) && depth < 3) return undefined;
    if (isListType(type))
      return Array.from(
        { length: Math.floor(this.#random() * 4) },
        () => this.#value(type.ofType, depth - 1) ?? this.#text(),
      );
    if (isEnumType(type)) return new EnumName(this.#pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#chance(0.4)),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth - 1)]));
    }
    switch (type.name) {
      case 'Int':
      case 'NonNegativeInt':
        return this.#pick([1, 2, 5, 20, 100, 0, -1, 2_147_483_647]);
      case 'Float':
        return this.#random() * 100;
      case 'Boolean':
        return this.#chance(0.5);
      case 'JSON':
        return this.#pick([null, 1, 'text', [1, { a: null }], { nested: { deep: ['x'] } }]);
      case 'DateTime':
        return '2026-01-02T03:04:05.000Z';
      default:
        return this.#text();
    }
  }

  #text(): string {
    return this.#pick(this.#options.texts);
  }
}

/** An enum value, which is no text in a document but one in variables. */
class EnumName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  toJSON(): string {
    return this.name;
  }
}

function literal(value: unknown, type: GraphQLInputType): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type)).join(', ')}]`;
  if (typeof value === 'object') {
    return `{ ${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${name}: ${literal(item, type)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
