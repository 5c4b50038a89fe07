/**
 * Runs prepared operations: compiled if the compiler gives the same result as graphql-js, otherwise by graphql-js. An operation with
 * conditions is compiled for the values that it is sent with.
 */
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GatewayContext } from '../../context.ts';
import { isCompilable } from './document/compilable.ts';
import type { Conditions, Specialized } from './document/conditions.ts';

/**
 * Runs a query or a mutation, or computes the result of a subscription for one event. A result without `data` means that
 * nothing was executed, because the variables are invalid.
 * @param root The event, for a subscription; undefined otherwise.
 * @param variables Not coerced yet.
 */
export type Execute = (
  root: unknown,
  context: GatewayContext,
  variables: Readonly<Record<string, unknown>>,
) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Maximum compiled forms of one operation with conditions; graphql-js runs further ones. A client has few: a page with and without
 * its details.
 */
const maxForms = 4;

/**
 * One form of an operation: executed by graphql-js at first, and compiled from then on. Compiling takes 5 to 20 ms, ten times an
 * execution by graphql-js, and many documents arrive only once: from exploring users, and from clients that write values into the
 * text.
 */
class Form {
  readonly #interpret: Execute;
  readonly #compile: () => Execute;
  /** Executions by graphql-js that are left. */
  #interpretations: number;
  #compiled: Execute | undefined;

  constructor(interpret: Execute, compileAfter: number, compile: () => Execute) {
    this.#interpret = interpret;
    this.#interpretations = compileAfter;
    this.#compile = compile;
  }

  get isCompiled(): boolean {
    return this.#compiled !== undefined;
  }

  /** @returns The function for the next execution. */
  next(): Execute {
    if (this.#compiled !== undefined) return this.#compiled;
    if (this.#interpretations === 0) return this.compile();
    this.#interpretations -= 1;
    return this.#interpret;
  }

  compile(): Execute {
    this.#compiled ??= this.#compile();
    return this.#compiled;
  }
}

export interface ExecutorOptions {
  readonly schema: GraphQLSchema;
  /** Valid for the schema. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Conditions of the operation; undefined when it has none. */
  readonly conditions: Conditions | undefined;
  /** Executions before the operation is compiled; with conditions, of each combination of their values. */
  readonly compileAfter: number;
}

/** Executes one operation, by graphql-js or compiled. */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #conditions: Conditions | undefined;
  readonly #compileAfter: number;
  /** The form of an operation without conditions. */
  readonly #only: Form;
  /** Forms of an operation with conditions, by the values of these. */
  readonly #forms = new Map<string, Form>();

  constructor({ schema, document, operation, conditions, compileAfter }: ExecutorOptions) {
    this.#schema = schema;
    this.#document = document;
    this.#operation = operation;
    this.#conditions = conditions;
    this.#compileAfter = compileAfter;
    this.#only = new Form(this.#interpret, compileAfter, () => this.#compile({ document, operation }));
  }

  /** Number of compiled forms that the operation may have. */
  get maxForms(): number {
    return Math.min(maxForms, this.#conditions?.combinations ?? 1);
  }

  /** Whether no further execution with these variables compiles. */
  isCompiledFor(variables: Readonly<Record<string, unknown>>): boolean {
    return this.#formFor(variables)?.isCompiled ?? true;
  }

  readonly execute: Execute = (root, context, variables) => {
    const execute = this.#formFor(variables)?.next() ?? this.#interpret;
    return execute(root, context, variables);
  };

  /** Compiles an operation without conditions, unless it is compiled already. */
  compile(): void {
    if (this.#conditions === undefined) this.#only.compile();
  }

  /** @returns Undefined when graphql-js executes it: the value of a condition is not a Boolean, or `maxForms` others exist. */
  #formFor(variables: Readonly<Record<string, unknown>>): Form | undefined {
    const conditions = this.#conditions;
    if (conditions === undefined) return this.#only;
    const values = conditions.valuesIn(variables);
    if (values === undefined) return undefined;
    const key = Object.values(values).join();
    const known = this.#forms.get(key);
    if (known !== undefined || this.#forms.size >= maxForms) return known;
    const form = new Form(this.#interpret, this.#compileAfter, () => {
      const specialized = conditions.specialize(values);
      return specialized === undefined ? this.#interpret : this.#compile(specialized);
    });
    this.#forms.set(key, form);
    return form;
  }

  /** Executes by graphql-js, which also reports invalid variables. */
  readonly #interpret: Execute = (rootValue, contextValue, variableValues) => {
    const [schema, document] = [this.#schema, this.#document];
    const operationName = this.#operation.name?.value;
    return execute({ schema, document, rootValue, contextValue, variableValues, operationName });
  };

  /** @returns `#interpret` if a compiled operation could give another result than graphql-js. */
  #compile({ document, operation }: Specialized): Execute {
    if (!isCompilable(this.#schema, document, operation)) return this.#interpret;
    const compiled = compileQuery(this.#schema, document, operation.name?.value, {
      // Stack traces of field errors are never reported, and are expensive if a long list fails.
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(compiled)) return this.#interpret;
    return (root, context, variables) => {
      const result = compiled.query(root, context, variables);
      // The compiler's messages for invalid variables differ: graphql-js repeats the check and reports them.
      if (!(result instanceof Promise) && result.data === undefined) return this.#interpret(root, context, variables);
      return result;
    };
  }
}
