/** Random operations of a schema: every field, argument and fragment can occur. The same seed gives the same text. */
import {
  type GraphQLField,
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
  /** Values for one place, such as `Query.message.id` or `MuteInput.counterpart`; now and then one of `texts` instead. */
  readonly textsOf?: (place: string) => readonly string[] | undefined;
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

/** Names that mean something to an executor: what every object has, paths joined, indices. */
const oddNames = ['constructor', 'toString', '__proto__', 'idx0', '_', 'index', 'then', 'toJSON', 'length'];

/** Most fields an operation is given; what is spread several times counts once. */
const mostFields = 60;

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #options: RandomOptions;
  readonly #random: () => number;
  readonly #variables: Record<string, unknown> = {};
  readonly #definitions: string[] = [];
  /** Written to their end, so that none can come to spread itself. */
  readonly #fragments: { readonly name: string; readonly type: string; readonly text: string }[] = [];
  /** Response names by what they stand for: a name is used again only for the same field with the same arguments. */
  readonly #names = new Map<string, string[]>();
  readonly #taken = new Set<string>();
  /** Arguments as they were written before, by type and field. */
  readonly #written = new Map<string, string[]>();
  readonly #conditions: string[] = [];
  /** Share of selections with a condition, of literals with variables in them, of odd names; half of the operations have none. */
  readonly #wildness: number;
  #fields = 0;
  /** The argument or input field whose value is written. */
  #place = '';

  constructor(schema: GraphQLSchema, options: RandomOptions) {
    this.#schema = schema;
    this.#options = options;
    this.#random = randomNumbers(options.seed);
    this.#wildness = this.#chance(0.5) ? 0 : 0.25;
  }

  operation(): RandomOperation {
    const { kind, depth = 5 } = this.#options;
    const names = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
    const root = this.#schema.getType(names[kind]) as GraphQLObjectType; // the schema has all three
    const selection =
      kind === 'subscription' ? `{ ${this.#field(root, depth, false)} }` : this.#selection(root, depth, 3);
    const definitions = this.#definitions.length === 0 ? '' : `(${this.#definitions.join(', ')})`;
    const fragments = this.#fragments.map(({ text }) => text);
    return {
      query: [`${kind} Random${definitions} ${selection}`, ...fragments].join('\n'),
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
      if (this.#chance(0.1)) return `__typename${this.#condition()}`;
      const inner = this.#pick(this.#schema.getPossibleTypes(type));
      return `... on ${inner.name}${this.#condition()} ${this.#selection(inner, depth, 3)}`;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
    const known = this.#fragments.filter((fragment) => fragment.type === type.name);
    if (known.length > 0 && this.#chance(0.35)) return `...${this.#pick(known).name}${this.#condition()}`;
    if (this.#chance(0.15) && this.#fields < mostFields) {
      const text = this.#selection(type, depth, 3);
      if (this.#chance(0.3)) return `...${this.#chance(0.5) ? ` on ${type.name}` : ''}${this.#condition()} ${text}`;
      const name = `F${this.#fragments.length}`;
      this.#fragments.push({ name, type: type.name, text: `fragment ${name} on ${type.name} ${text}` });
      return `...${name}${this.#condition()}`;
    }
    return this.#field(type, depth, true);
  }

  #field(type: GraphQLNamedType, depth: number, mayBeConditional: boolean): string {
    const all = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const condition = mayBeConditional ? this.#condition() : '';
    const isLeafOnly = depth <= 1 || this.#fields >= mostFields;
    const fields = all.filter((field) => !isLeafOnly || !isCompositeType(getNamedType(field.type)));
    if (fields.length === 0 || (mayBeConditional && this.#chance(0.05))) return `__typename${condition}`;
    const field = this.#pick(fields);
    this.#fields += 1;
    const written = this.#arguments(type, field);
    const inner = getNamedType(field.type);
    const selection = isCompositeType(inner) ? ` ${this.#selection(inner, depth - 1, 4)}` : '';
    return `${this.#name(field, written)}${written}${condition}${selection}`;
  }

  /** With the response name: one that merges with what stands for the same, or a new one. */
  #name(field: GraphQLField<unknown, unknown>, written: string): string {
    const meaning = `${field.name}${written}: ${String(field.type)}`;
    const known = this.#names.get(meaning) ?? [];
    if (known.length > 0 && this.#chance(0.7)) return `${this.#pick(known)}: ${field.name}`;
    const others = [...this.#taken];
    const wanted = this.#chance(this.#wildness)
      ? this.#pick([...oddNames, `${field.name}_${others.at(-1) ?? 'x'}`, `nodes_${field.name}`])
      : this.#pick([field.name, `a${this.#fields}`, `b${this.#fields}`]);
    const name = this.#taken.has(wanted) ? `c${this.#fields}` : wanted;
    this.#taken.add(name);
    this.#names.set(meaning, [...known, name]);
    return `${name}: ${field.name}`;
  }

  /** `@skip`, `@include`, both or neither; Booleans are shared among the conditions of an operation. */
  #condition(): string {
    if (!this.#chance(this.#wildness)) return '';
    const skip = ` @skip(if: ${this.#boolean()})`;
    const include = ` @include(if: ${this.#boolean()})`;
    return this.#pick([skip, include, skip + include, include + skip]);
  }

  #boolean(): string {
    if (this.#chance(0.3)) return String(this.#chance(0.5));
    if (this.#conditions.length > 0 && this.#chance(0.7)) return this.#pick(this.#conditions);
    const value = this.#chance(0.5);
    const hasDefault = this.#chance(0.2);
    const name = this.#variable(hasDefault ? `Boolean! = ${this.#chance(0.5)}` : 'Boolean!', value, hasDefault);
    this.#conditions.push(name);
    return name;
  }

  #arguments(type: GraphQLNamedType, field: GraphQLField<unknown, unknown>): string {
    const place = `${type.name}.${field.name}`;
    const before = this.#written.get(place) ?? [];
    if (before.length > 0 && this.#chance(0.6)) return this.#pick(before);
    const given = field.args
      .filter((arg) => isNonNullType(arg.type) || this.#chance(0.3))
      .map((arg) => `${arg.name}: ${this.#in(`${place}.${arg.name}`, () => this.#input(arg.type, 3, 0.4))}`);
    const written = given.length === 0 ? '' : `(${given.join(', ')})`;
    this.#written.set(place, [...before, written]);
    return written;
  }

  #in<Value>(place: string, write: () => Value): Value {
    const before = this.#place;
    this.#place = place;
    const value = write();
    this.#place = before;
    return value;
  }

  /** A value as text: a variable, a literal, or a literal with variables in it. @param share Of variables. */
  #input(type: GraphQLInputType, depth: number, share: number): string {
    if (this.#chance(share)) return this.#typedVariable(type, depth);
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (!isNonNullType(type) && this.#chance(0.05)) return 'null';
    const within = this.#wildness / 2;
    if (isListType(nullable)) {
      if (this.#chance(0.1)) return this.#input(nullable.ofType, depth - 1, within);
      const length = Math.floor(this.#random() * 4);
      return `[${Array.from({ length }, () => this.#input(nullable.ofType, depth - 1, within)).join(', ')}]`;
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields())
        .filter((field) => isNonNullType(field.type) || (depth > 0 && this.#chance(0.4)))
        .map((field) => {
          const place = `${nullable.name}.${field.name}`;
          return `${field.name}: ${this.#in(place, () => this.#input(field.type, depth - 1, within))}`;
        });
      return `{ ${fields.join(', ')} }`;
    }
    if (getNamedType(nullable).name === 'JSON') return this.#json(3);
    return literal(this.#value(type, depth));
  }

  #json(depth: number): string {
    if (this.#chance(this.#wildness)) {
      return this.#variable(this.#pick(['Int', 'JSON', 'String']), this.#pick([7, null]), true);
    }
    if (depth === 0 || this.#chance(0.4)) return this.#pick(['null', '1', '"text"', '-0', 'true', '1.5e3', '[]']);
    if (this.#chance(0.5)) return `[${this.#json(depth - 1)}, ${this.#json(depth - 1)}]`;
    return `{ ${this.#pick(['a', 'b', '__proto__', 'constructor'])}: ${this.#json(depth - 1)}, z: ${this.#json(depth - 1)} }`;
  }

  /** Now and then one that may be null, with a default, where null may not be: such an operation is valid. */
  #typedVariable(type: GraphQLInputType, depth: number): string {
    const value = this.#value(type, depth);
    const hasDefault = this.#chance(this.#wildness);
    if (!hasDefault) return this.#variable(String(type), value ?? null, !isNonNullType(type) && this.#chance(0.3));
    const preset = this.#value(type, 0);
    const loose = String(isNonNullType(type) && this.#chance(0.5) ? type.ofType : type);
    const sent = loose.endsWith('!') ? value : this.#pick([value, null]);
    const written =
      preset === undefined || preset === null ? (isNonNullType(type) ? undefined : 'null') : literal(preset);
    return this.#variable(written === undefined ? loose : `${loose} = ${written}`, sent, written !== undefined);
  }

  #variable(type: string, value: unknown, mayBeLeftOut: boolean): string {
    const number = this.#definitions.length;
    const name = this.#chance(this.#wildness / 4) ? `constructor` : `v${number}`;
    const free = this.#definitions.some((definition) => definition.startsWith(`$${name}:`)) ? `v${number}` : name;
    this.#definitions.push(`$${free}: ${type}`);
    if (value !== undefined && !(mayBeLeftOut && this.#chance(0.4))) this.#variables[free] = value;
    return `$${free}`;
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (isListType(type)) {
      const length = Math.floor(this.#random() * 4);
      return Array.from({ length }, () => this.#value(type.ofType, depth - 1) ?? this.#text());
    }
    if (isEnumType(type)) return new EnumName(this.#pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#chance(0.4)),
      );
      return Object.fromEntries(
        fields.map((field) => {
          const place = `${type.name}.${field.name}`;
          return [field.name, this.#in(place, () => this.#value(field.type, depth - 1))];
        }),
      );
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
    const own = this.#options.textsOf?.(this.#place) ?? [];
    return this.#pick(own.length === 0 || this.#chance(0.15) ? this.#options.texts : own);
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

function literal(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object') {
    return `{ ${Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${name}: ${literal(item)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}
