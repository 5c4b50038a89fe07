/**
 * `@skip` and `@include` of an operation. Whether a selection is included depends on Boolean variables alone (GraphQL §6.3.2): for given
 * values, the operation has the result of one that has only the included selections, and no directives, which the compiler can run.
 */
import {
  BREAK,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  separateOperations,
  visit,
} from 'graphql';
import { isIncluded } from '../../../schema/conditions.ts';

type Variables = Readonly<Record<string, unknown>>;
/** By the name of a variable. */
type Values = Readonly<Record<string, boolean>>;

/** An operation for given values of its conditions. */
export interface Specialized {
  /** Without other operations and unused fragments. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** The conditions of one operation. */
export class Conditions {
  readonly #document: DocumentNode;
  /** Variables of conditions, and their defaults. */
  readonly #defaults: ReadonlyMap<string, boolean | undefined>;

  private constructor(document: DocumentNode, defaults: ReadonlyMap<string, boolean | undefined>) {
    this.#document = document;
    this.#defaults = defaults;
  }

  /**
   * @param document Valid.
   * @returns Undefined when the operation has no conditions, or other directives, and for a mutation: the compiler runs none.
   */
  static of(document: DocumentNode, operation: OperationDefinitionNode): Conditions | undefined {
    if (operation.operation === 'mutation') return undefined;
    const own = withoutOthers(document, operation);
    const names = new Set<string>();
    let count = 0;
    let hasOthers = false;
    visit(own, {
      Directive(node) {
        count += 1;
        const value = conditionOf(node);
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
        hasOthers ||= value?.kind !== Kind.VARIABLE && value?.kind !== Kind.BOOLEAN;
      },
    });
    if (count === 0 || hasOthers) return undefined;
    const defaults = new Map<string, boolean | undefined>();
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (!names.has(variable.name.value)) continue;
      defaults.set(variable.name.value, defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined);
    }
    return new Conditions(own, defaults);
  }

  /** Number of combinations of their values. */
  get combinations(): number {
    return 2 ** this.#defaults.size;
  }

  /** @returns Undefined when one has no Boolean, which is an error of the request. */
  valuesIn(variables: Variables): Values | undefined {
    const values: [string, boolean][] = [];
    for (const [name, byDefault] of this.#defaults) {
      const sent = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const value = sent === undefined ? byDefault : sent;
      if (typeof value !== 'boolean') return undefined;
      values.push([name, value]);
    }
    return Object.fromEntries(values);
  }

  /**
   * The operation with these values. Variables that only conditions use are no longer defined.
   * @returns Undefined when a selection set has nothing left, which is no valid document.
   */
  specialize(values: Values): Specialized | undefined {
    const enter = (node: SelectionNode) => {
      if (node.directives === undefined || node.directives.length === 0) return undefined;
      return isIncluded(node, values) ? { ...node, directives: [] } : null;
    };
    const conditionless = visit(this.#document, {
      Field: { enter },
      FragmentSpread: { enter },
      InlineFragment: { enter },
    });
    const operation = operationIn(conditionless);
    const document = separateOperations(conditionless)[operation?.name?.value ?? ''];
    if (operation === undefined || document === undefined || hasEmptySelection(document)) return undefined;
    const used = usedVariables(document);
    const variableDefinitions = (operation.variableDefinitions ?? []).filter(
      ({ variable: { name } }) => used.has(name.value) || !this.#defaults.has(name.value),
    );
    const specialized = { ...operation, variableDefinitions };
    const definitions = document.definitions.map((each) => (each === operation ? specialized : each));
    return { document: { ...document, definitions }, operation: specialized };
  }
}

/**
 * Without other operations, and without fragments that only they spread. `separateOperations` takes time for each operation and
 * definition together, 2.8 s for 8,000 of each: it is passed one operation.
 */
function withoutOthers(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const definitions = document.definitions.filter(
    (each) => each === operation || each.kind !== Kind.OPERATION_DEFINITION,
  );
  const single = { ...document, definitions };
  return separateOperations(single)[operation.name?.value ?? ''] ?? single;
}

/** The value of `if`; undefined for another directive. */
function conditionOf({ name, arguments: args }: DirectiveNode) {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return args?.[0]?.value;
}

function operationIn({ definitions }: DocumentNode): OperationDefinitionNode | undefined {
  for (const definition of definitions) if (definition.kind === Kind.OPERATION_DEFINITION) return definition;
  return undefined;
}

function hasEmptySelection(document: DocumentNode): boolean {
  let isEmpty = false;
  visit(document, {
    SelectionSet({ selections }) {
      if (selections.length > 0) return undefined;
      isEmpty = true;
      return BREAK;
    },
  });
  return isEmpty;
}

/** Names of the variables in arguments. */
function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return used;
}
