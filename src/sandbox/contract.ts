/**
 * The operations of the contract and the validation of requests against them. Read from schema/upstream.yaml at run
 * time, so that the list of operations cannot differ from the contract.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { operations } from '../generated/contract.ts';
import { badRequest } from './http-error.ts';
import { isToken } from './token.ts';

export type OperationId = keyof operations;

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
}

type Reference<Value> = Value | { readonly $ref: string };

interface RawOperation {
  readonly operationId?: OperationId;
  readonly parameters?: readonly Reference<Parameter>[];
  readonly requestBody?: Reference<Body>;
}

interface ContractDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation | readonly Reference<Parameter>[]>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Contract {
  readonly operations: readonly Operation[];
  /** @throws HttpError 400 naming the value and what was expected of it. */
  checkParameters(operation: Operation, query: URLSearchParams, header: (name: string) => string | undefined): void;
  /** @throws HttpError 400 naming the field and what was expected of it. */
  checkBody(operation: Operation, mediaType: string, fields: unknown): void;
  /**
   * Converts text to the types of the operation's schema: numbers, booleans, lists, objects. Forms carry only text, and
   * clients send some JSON values as text too. A single object for a list becomes a list of one. An empty text for a
   * property of another type counts as absent.
   */
  fromText(operation: Operation, mediaType: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

// Read once per process: the file is part of the package. It is known to be valid YAML, and parsing takes half the time
// without pretty errors and the check for unique keys.
export const contractDocument: ContractDocument = parse(
  readFileSync(new URL('../../schema/upstream.yaml', import.meta.url), 'utf8'),
  { prettyErrors: false, uniqueKeys: false },
);
const methods = new Set(['get', 'put', 'post', 'delete']);

function resolve<Value>(value: Reference<Value>): Value {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as Value; // not a reference
  const [, , kind = '', name = ''] = value.$ref.split('/');
  return resolve(contractDocument.components[kind]?.[name] as Reference<Value>); // the component with that name
}

function readOperations(): Operation[] {
  return Object.entries(contractDocument.paths).flatMap(([path, item]) => {
    const shared = (item.parameters ?? []) as readonly Reference<Parameter>[]; // the only key that is not a method
    return Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, raw]) => {
        const operation = raw as RawOperation; // every method key holds an operation
        if (operation.operationId === undefined) throw new Error(`${method} ${path} has no operationId`);
        return {
          id: operation.operationId,
          method: method.toUpperCase(),
          path,
          parameters: [...shared, ...(operation.parameters ?? [])].map(resolve),
          body: operation.requestBody === undefined ? undefined : resolve(operation.requestBody),
        };
      });
  });
}

/** An Ajv instance with the contract's schemas and formats. */
function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, meta: false });
  ajv.addFormat('uuid', isToken);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addSchema({ $id: 'contract', components: contractDocument.components });
  return ajv;
}

/** Prefixes the contract's local references with the id under which Ajv knows the contract. */
function anchored(schema: unknown): AnySchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"contract#/components/')) as AnySchema; // same shape
}

export function createContract(): Contract {
  const ajv = createAjv();
  const compiled = new Map<unknown, ValidateFunction>();
  const validatorOf = (schema: AnySchema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validator = ajv.compile(anchored(schema));
    compiled.set(schema, validator);
    return validator;
  };
  const check = (name: string, schema: AnySchema, value: unknown): void => {
    const validator = validatorOf(schema);
    if (validator(value)) return;
    throw badRequest(complaint(name, validator));
  };
  return {
    operations: readOperations(),
    checkParameters: (operation, query, header) => {
      for (const parameter of operation.parameters) {
        if (parameter.in === 'path') continue;
        const text = parameter.in === 'query' ? (query.get(parameter.name) ?? undefined) : header(parameter.name);
        if (text === undefined) {
          // Applies to `recipient` of the typing call and to the mute headers.
          if (parameter.required === true) throw badRequest(`${parameter.name} is required`);
          continue;
        }
        // Android sends its session name and its own message id here, not a UUID; only equality matters.
        if (parameter.name === 'Request-ID') continue;
        check(parameter.name, parameter.schema, valueFromText(parameter.schema, text));
      }
    },
    checkBody: (operation, mediaType, fields) => {
      const schema = operation.body?.content[mediaType]?.schema;
      if (schema !== undefined) check('', schema, fields);
    },
    fromText: (operation, mediaType, fields) => {
      const properties = propertiesOf(operation.body?.content[mediaType]?.schema);
      return Object.fromEntries(
        Object.entries(fields).flatMap(([name, value]) => {
          const schema = properties.get(name);
          if (schema === undefined) return [[name, value]];
          // The JavaScript SDK writes what it has not as an empty text.
          if (value === '' && !typesOf(schema).includes('string')) return [];
          return [[name, wantedValue(schema, value)]];
        }),
      );
    },
  };
}

/** Message of the first validation error: the path, and what was expected there. */
function complaint(name: string, validator: ValidateFunction): string {
  const errors = validator.errors ?? [];
  const error = errors[0];
  if (error === undefined) return `${name} is not valid`;
  const missing: unknown = error.params.missingProperty;
  const path = [name, ...error.instancePath.split('/').slice(1)].filter((part) => part !== '').join('.');
  if (typeof missing === 'string') return `${[path, missing].filter((part) => part !== '').join('.')} is required`;
  const allowed: unknown = error.params.allowedValues;
  if (Array.isArray(allowed)) return `${path}: expected one of ${allowed.join(', ')}`;
  const format: unknown = error.params.format;
  if (format === 'uuid') return `${path}: expected a lower-case UUID`;
  return `${path === '' ? 'body' : path}: ${error.message ?? 'not valid'}`;
}

interface SchemaShape {
  readonly type?: string | readonly string[];
  readonly oneOf?: readonly AnySchema[];
  readonly allOf?: readonly AnySchema[];
  readonly properties?: Readonly<Record<string, AnySchema>>;
}

function shapeOf(schema: AnySchema): SchemaShape {
  return resolve(schema as Reference<SchemaShape>); // the contract uses object schemas only
}

function propertiesOf(schema: AnySchema | undefined): Map<string, AnySchema> {
  if (schema === undefined) return new Map();
  const shape = shapeOf(schema);
  const inherited = (shape.allOf ?? []).flatMap((part) => [...propertiesOf(part)]);
  return new Map([...inherited, ...Object.entries(shape.properties ?? {})]);
}

function typesOf(schema: AnySchema): readonly string[] {
  const shape = shapeOf(schema);
  return [shape, ...(shape.oneOf ?? []).map(shapeOf)].flatMap((part) => part.type ?? []);
}

function wantedValue(schema: AnySchema, value: unknown): unknown {
  if (typeof value === 'string') return valueFromText(schema, value);
  const types = typesOf(schema);
  const isOneObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isOneObject && types.includes('array') && !types.includes('object') ? [value] : value;
}

/** A value that cannot be converted stays text and then fails validation. */
function valueFromText(schema: AnySchema, text: string): unknown {
  const types = typesOf(schema);
  if (types.includes('string')) return text;
  if (types.includes('integer') && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('array') || types.includes('object')) {
    const value = jsonIn(text);
    if (typeof value === 'object') return value;
    return types.includes('array') ? text.split(',').map((item) => item.trim()) : text;
  }
  return text;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
