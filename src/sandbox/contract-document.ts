/**
 * The two contract files, read at run time, so that the list of operations cannot differ from the contract: schema/upstream.yaml (v2) and
 * schema/upstream-v5.yaml, as the JSON that `npm run generate` makes of them. Operation ids are unique across both.
 */
import { readFileSync } from 'node:fs';
import type { AnySchema } from 'ajv/dist/2020.js';
import type { operations } from '../generated/contract.ts';
import type { operations as operationsV5 } from '../generated/contract-v5.ts';

export type Operations = operations & operationsV5;
export type OperationId = keyof Operations;

/** `both` serves the v2 and the v5 contract; `v2` answers the paths of the v5 file as unknown ones. */
export type Api = 'v2' | 'both';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: AnySchema;
}

interface Body {
  readonly required?: boolean;
  readonly content: Readonly<Record<string, { readonly schema: AnySchema }>>;
}

/** One operation of the contract. The references of its parameters and body are resolved, those inside schemas are not. */
export interface Operation {
  readonly id: OperationId;
  /** Upper case. */
  readonly method: string;
  /** Template with parameter names in braces, without a trailing slash. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  /** The file that the references inside its schemas belong to. */
  readonly document: ContractDocument;
}

export type Reference<Value> = Value | { readonly $ref: string };

interface RawOperation {
  readonly operationId?: OperationId;
  readonly parameters?: readonly Reference<Parameter>[];
  readonly requestBody?: Reference<Body>;
  /** Id of an operation of the v2 file that this one describes further. */
  readonly 'x-extends'?: OperationId;
}

export interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation | readonly Reference<Parameter>[]>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

// Part of the package, so known to have this shape.
function readContract(name: string): ContractDocument {
  return JSON.parse(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8'));
}

export const contractDocument: ContractDocument = readContract('upstream.json');
export const contractDocumentV5: ContractDocument = readContract('upstream-v5.json');

const methods = new Set(['get', 'put', 'post', 'delete']);

/** The target of a reference of the contract; any other value unchanged. */
export function resolve<Value>(document: ContractDocument, value: Reference<Value>): Value {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as Value; // not a reference
  const [, , kind = '', name = ''] = value.$ref.split('/');
  return resolve(document, document.components[kind]?.[name] as Reference<Value>); // the component with that name
}

/** An operation that extends one of the v2 file describes that one further, and is not listed. */
export function readOperations(document: ContractDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) => {
    const shared = (item.parameters ?? []) as readonly Reference<Parameter>[]; // the only key that is not a method
    return Object.entries(item)
      .filter(([method]) => methods.has(method))
      .flatMap(([method, raw]) => {
        const operation = raw as RawOperation; // every method key holds an operation
        if (operation.operationId === undefined) throw new Error(`${method} ${path} has no operationId`);
        if (operation['x-extends'] !== undefined) return [];
        return [
          {
            id: operation.operationId,
            method: method.toUpperCase(),
            path,
            parameters: [...shared, ...(operation.parameters ?? [])].map((parameter) => resolve(document, parameter)),
            body: operation.requestBody === undefined ? undefined : resolve(document, operation.requestBody),
            document,
          },
        ];
      });
  });
}
