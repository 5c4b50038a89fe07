/**
 * The size of a document with all fragment spreads expanded, in time proportional to its text: each fragment is counted
 * once, and its count is added at each spread. Thirty levels of fragments that spread the next one twice are a billion fields.
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

/** Size of an operation or a fragment as executed. Counts that overflow become `Infinity`. */
export interface Size {
  /** Levels of fields. */
  depth: number;
  /** Levels of selection sets, including those of fragments. */
  nesting: number;
  fields: number;
  /** Aliased fields. */
  aliases: number;
  /** Fields whose response name occurs earlier in the same selection set. */
  repeats: number;
  directives: number;
  /**
   * Fields, spreads, inline fragments and uses of variables: the nodes that validation visits. Unlike the other counts it
   * includes the fields below `__schema` and `__type`.
   */
  steps: number;
}

/** Counts one document. All calls of a method together take time proportional to the text, unless stated otherwise. */
export class DocumentSize {
  readonly operations: readonly OperationDefinitionNode[];
  /** Whether a fragment spreads itself, directly or indirectly; the counts are too low then. Valid after `sizeOf`. */
  isCyclic = false;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** Sizes of fragments spread at the root and below it; `undefined` while a fragment is being counted. */
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

  /** Response names at the root of an operation. Takes time proportional to the text for each operation. */
  rootNames({ selectionSet }: OperationDefinitionNode): ReadonlySet<string> {
    const names = new Set<string>();
    this.#flatten(selectionSet, new Set(), (field) => names.add(responseName(field)));
    return names;
  }

  /** The definitions that validation starts from: operations, and fragments that no operation reaches. Valid after `sizeOf`. */
  roots(): readonly (OperationDefinitionNode | FragmentDefinitionNode)[] {
    const unreached = [...this.#fragments.values()].filter(
      ({ name: { value } }) => !this.#atRoot.has(value) && !this.#below.has(value),
    );
    return [...this.operations, ...unreached];
  }

  /** The size of a fragment that no operation reaches. */
  sizeOfFragment({ name }: FragmentDefinitionNode): Size {
    return this.#fragment(name.value, false);
  }

  /**
   * Estimated number of comparisons of the rule that fields of one response name can be merged: in each merged selection,
   * each pair of fields of one name, and each field and spread with each spread.
   *
   * Takes time proportional to the definition's `steps`. Does not terminate on a cyclic document.
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
    // Validation rules report fragments that are cyclic or undefined.
    if (sizes.has(name)) this.isCyclic = true;
    if (fragment === undefined || sizes.has(name)) return emptySize();
    sizes.set(name, undefined);
    const size = this.#selections(fragment.selectionSet, isRoot);
    sizes.set(name, size);
    return size;
  }

  #selections(set: SelectionSetNode, isRoot: boolean): Size {
    const size = emptySize();
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
    const size = emptySize();
    size.fields = 1;
    if (alias !== undefined) size.aliases = 1;
    size.directives = directives?.length ?? 0;
    size.steps = variablesIn(values);
    const inner = selectionSet === undefined ? undefined : this.#selections(selectionSet, false);
    // Introspection queries are deep; graphql-js limits them by `MaxIntrospectionDepthRule`.
    if (isRoot && name.value.startsWith('__')) {
      size.steps += inner?.steps ?? 0;
      size.nesting = inner?.nesting ?? 0;
      return size;
    }
    if (inner !== undefined) add(size, inner);
    size.depth = 1 + (inner?.depth ?? 0);
    return size;
  }

  /** Visits the fields of a selection set, following each fragment once. @returns Number of spreads. */
  #flatten({ selections }: SelectionSetNode, followed: Set<string>, onField: (field: FieldNode) => void): number {
    let spreads = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) onField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        spreads += this.#flatten(selection.selectionSet, followed, onField);
      } else {
        spreads += 1;
        const { value } = selection.name;
        const fragment = followed.has(value) ? undefined : this.#fragments.get(value);
        followed.add(value);
        if (fragment !== undefined) spreads += this.#flatten(fragment.selectionSet, followed, onField);
      }
    }
    return spreads;
  }
}

function emptySize(): Size {
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

/** Number of uses of variables in arguments, or in arguments of directives. */
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
