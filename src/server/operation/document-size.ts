/**
 * How large a document is when its fragments are spread out, found in time proportional to its text: each fragment is
 * counted once, and its count added wherever it is spread. What spreads twice, thirty levels deep, is a billion fields.
 */
import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Of an operation or a fragment, as it would be executed. Numbers that are too large become `Infinity`. */
export interface Size {
  /** Levels of fields. */
  depth: number;
  /** Levels of selections, those of fragments included. */
  nesting: number;
  fields: number;
  /** Fields under another name. */
  aliases: number;
  /** Fields asked for again in one selection. */
  repeats: number;
  directives: number;
  /**
   * Fields, spreads, inline fragments and uses of variables: what validation goes through. Unlike the other counts it
   * includes the fields below `__schema` and `__type`.
   */
  steps: number;
}

/** Counts one document. Each method takes time proportional to the text for all its calls together, unless it says otherwise. */
export class DocumentSize {
  readonly operations: readonly OperationDefinitionNode[];
  /** A fragment spreads itself, if only by way of others; other counts are too low then. Known after the first `sizeOf`. */
  isCyclic = false;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Of fragments, at the root and elsewhere; `undefined` while one is being counted. */
  readonly #atRoot = new Map<string, Size | undefined>();
  readonly #below = new Map<string, Size | undefined>();

  constructor({ definitions }: DocumentNode) {
    this.operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    for (const definition of definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  sizeOf(operation: OperationDefinitionNode): Size {
    const size = this.#selections(operation.selectionSet, true);
    size.directives += operation.directives?.length ?? 0;
    return size;
  }

  /** Response names an operation asks for at its root. Proportional to the text for each operation. */
  rootNames({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
    const names = new Set<string>();
    this.#flatten(selectionSet, new Set(), (field) => names.add(responseName(field)));
    return names;
  }

  /** The definitions validation starts from: operations, and fragments that none of them reaches. */
  roots(): readonly (OperationDefinitionNode | FragmentDefinitionNode)[] {
    const unreached = [...this.#fragments.values()].filter(
      ({ name: { value } }) => !this.#atRoot.has(value) && !this.#below.has(value),
    );
    return [...this.operations, ...unreached];
  }

  /** The size of a fragment that stands alone. */
  sizeOfFragment({ name }: FragmentDefinitionNode): Size {
    return this.#fragment(name.value, false);
  }

  /**
   * How many comparisons tell whether fields of one response name agree, roughly: within each merged selection, all fields
   * of one name with one another, and everything with each fragment.
   *
   * Proportional to the definition's `steps`; never to be called on a cyclic document.
   * @param limit Counting stops above it.
   */
  comparisons({ selectionSet }: OperationDefinitionNode | FragmentDefinitionNode, limit: number): number {
    let sum = 0;
    const merge = (sets: readonly SelectionSetNode[]): void => {
      const groups = new Map<string, FieldNode[]>();
      const spread = new Set<string>();
      let fields = 0;
      let spreads = 0;
      for (const set of sets) {
        spreads += this.#flatten(set, spread, (field) => {
          fields += 1;
          const group = groups.get(responseName(field));
          if (group === undefined) groups.set(responseName(field), [field]);
          else group.push(field);
        });
      }
      sum += spreads * (fields + spreads);
      for (const { length } of groups.values()) sum += (length * (length - 1)) / 2;
      for (const group of groups.values()) {
        if (sum > limit) return;
        const inner = group.flatMap((field) => field.selectionSet ?? []);
        if (inner.length > 0) merge(inner);
      }
    };
    merge([selectionSet]);
    return sum;
  }

  #fragment(name: string, isRoot: boolean): Size {
    const sizes = isRoot ? this.#atRoot : this.#below;
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name);
    // Spread in itself, or defined nowhere: other rules say so.
    if (sizes.has(name)) this.isCyclic = true;
    if (fragment === undefined || sizes.has(name)) return nothing();
    sizes.set(name, undefined);
    const size = this.#selections(fragment.selectionSet, isRoot);
    sizes.set(name, size);
    return size;
  }

  #selections(set: SelectionSetNode, isRoot: boolean): Size {
    const size = nothing();
    const names = new Set<string>();
    for (const selection of set.selections) {
      size.steps += 1 + variablesIn(selection.directives);
      if (selection.kind === Kind.FIELD) {
        const name = responseName(selection);
        if (names.has(name)) size.repeats += 1;
        names.add(name);
        add(size, this.#field(selection, isRoot));
        continue;
      }
      size.directives += selection.directives?.length ?? 0;
      add(
        size,
        selection.kind === Kind.INLINE_FRAGMENT
          ? this.#selections(selection.selectionSet, isRoot)
          : this.#fragment(selection.name.value, isRoot),
      );
    }
    size.nesting += 1;
    return size;
  }

  #field({ name, alias, directives, arguments: values, selectionSet }: FieldNode, isRoot: boolean): Size {
    const size = nothing();
    size.fields = 1;
    if (alias !== undefined) size.aliases = 1;
    size.directives = directives?.length ?? 0;
    size.steps = variablesIn(values);
    const inner = selectionSet === undefined ? undefined : this.#selections(selectionSet, false);
    // The schema about itself is deep by nature; graphql-js bounds that by a rule of its own.
    if (isRoot && name.value.startsWith('__')) {
      size.steps += inner?.steps ?? 0;
      size.nesting = inner?.nesting ?? 0;
      return size;
    }
    if (inner !== undefined) add(size, inner);
    size.depth = 1 + (inner?.depth ?? 0);
    return size;
  }

  /** Finds the fields of a selection, each fragment followed once. @returns How many spreads there are. */
  #flatten({ selections }: SelectionSetNode, followed: Set<string>, found: (field: FieldNode) => void): number {
    let spreads = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) found(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        spreads += this.#flatten(selection.selectionSet, followed, found);
      } else {
        spreads += 1;
        const { value } = selection.name;
        const fragment = followed.has(value) ? undefined : this.#fragments.get(value);
        followed.add(value);
        if (fragment !== undefined) spreads += this.#flatten(fragment.selectionSet, followed, found);
      }
    }
    return spreads;
  }
}

function nothing(): Size {
  return { depth: 0, nesting: 0, fields: 0, aliases: 0, repeats: 0, directives: 0, steps: 0 };
}

function add(to: Size, other: Size): void {
  to.depth = Math.max(to.depth, other.depth);
  to.nesting = Math.max(to.nesting, other.nesting);
  to.fields += other.fields;
  to.aliases += other.aliases;
  to.repeats += other.repeats;
  to.directives += other.directives;
  to.steps += other.steps;
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

/** Uses of variables in arguments, or in those of directives. */
function variablesIn(nodes: readonly ASTNode[] | undefined): number {
  let uses = 0;
  for (const node of nodes ?? []) {
    if (node.kind === Kind.VARIABLE) uses += 1;
    else if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) uses += variablesIn([node.value]);
    else if (node.kind === Kind.DIRECTIVE) uses += variablesIn(node.arguments);
    else if (node.kind === Kind.LIST) uses += variablesIn(node.values);
    else if (node.kind === Kind.OBJECT) uses += variablesIn(node.fields);
  }
  return uses;
}
