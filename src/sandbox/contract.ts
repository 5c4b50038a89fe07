/**
 * The contract as the sandbox obeys it: which operations exist, and whether a request fits. Read from
 * schema/upstream.yaml at run time, so that a route can neither be forgotten nor invented.
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

/** One operation of the contract with its references resolved one step, enough to check a request. */
export interface Operation {
  readonly id: OperationId;
  /** Upper case. */
  readonly method: string;
  /** With names in braces, without a trailing slash. */
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
  /** @throws Refusal 400 naming the value and what was expected of it. */
  checkParameters(operation: Operation, query: URLSearchParams, header: (name: string) => string | undefined): void;
  /** @throws Refusal 400 naming the field and what was expected of it. */
  checkBody(operation: Operation, mediaType: string, fields: unknown): void;
  /**
   * Turns text into what the operation's schema wants: numbers, booleans, lists, objects. Forms carry text alone, and
   * clients write some of these as text in JSON too. One object in place of a list is a list of one, and an empty text
   * in place of what is no text is nothing.
   */
  fromText(operation: Operation, mediaType: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

// Read once per process: the file is part of the package and does not change while it runs. It is known to be good, and
// reading it takes half the time without the care for files that are not.
export const contractDocument: ContractDocument = parse(
  readFileSync(new URL('../../schema/upstream.yaml', import.meta.url), 'utf8'),
  { prettyErrors: false, uniqueKeys: false },
);
const methods = new Set(['get', 'put', 'post', 'delete']);

function resolve<Value>(value: Reference<Value>): Value {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return value as Value; // no reference left
  const [, , kind = '', name = ''] = value.$ref.split('/');
  return resolve(contractDocument.components[kind]?.[name] as Reference<Value>); // what the contract keeps under that name
}

function readOperations(): Operation[] {
  return Object.entries(contractDocument.paths).flatMap(([path, item]) => {
    const shared = (item.parameters ?? []) as readonly Reference<Parameter>[]; // the one key that is no operation
    return Object.entries(item)
      .filter(([method]) => methods.has(method))
      .map(([method, raw]) => {
        const operation = raw as RawOperation; // every key but `parameters` holds one
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

/** An Ajv that knows the contract's schemas under their own references and enforces its formats. */
function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, meta: false });
  ajv.addFormat('uuid', isToken);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addSchema({ $id: 'contract', components: contractDocument.components });
  return ajv;
}

/** References inside the contract are local to it; give them the name it has inside Ajv. */
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
          // `recipient` of the typing listing and the mute headers: clients send some of them elsewhere.
          if (parameter.required === true) throw badRequest(`${parameter.name} is required`);
          continue;
        }
        // Android's is the name of its session and its own message id; what counts is that it comes again.
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

/** The first fault in words: where, and what was expected there. */
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

/** Forms, queries and headers carry text alone; a value that cannot be read stays text and then fails the check. */
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
