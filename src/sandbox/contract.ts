/** Validation of requests against the contract, and the conversion of text to the types of its schemas. */
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  type Api,
  type ContractDocument,
  contractDocument,
  contractDocumentV5,
  type Operation,
  type Reference,
  readOperations,
  resolve,
} from './contract-document.ts';
import { badRequest } from './http/http-error.ts';
import { isToken } from './token.ts';

export interface Contract {
  /** Of all files served. */
  readonly operations: readonly Operation[];
  /** @throws HttpError 400 with the name of the value and its expected form. */
  checkParameters(operation: Operation, query: URLSearchParams, header: (name: string) => string | undefined): void;
  /** @throws HttpError 400 with the name of the field and its expected form. */
  checkBody(operation: Operation, mediaType: string, fields: unknown): void;
  /**
   * Converts text to the types of the operation's schema: numbers, booleans, lists, objects. Forms carry only text, and
   * clients send some JSON values as text too. A single object for a list becomes a list of one. An empty text for a
   * property of another type counts as absent.
   */
  fromText(operation: Operation, mediaType: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** An Ajv instance with the formats of the contract. */
function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, meta: false });
  ajv.addFormat('uuid', isToken);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  return ajv;
}

const contracts = new Map<Api, Contract>();

/** One for all sandboxes of the process: compiling its validators takes longer than the requests they check. */
export function contractOf(api: Api): Contract {
  const known = contracts.get(api) ?? createContract(api);
  contracts.set(api, known);
  return known;
}

/** Compiles the schemas of the contract when they are first needed. */
class Validators {
  readonly #ajv = createAjv();
  readonly #ids = new Map<ContractDocument, string>();
  readonly #compiled = new Map<unknown, ValidateFunction>();

  /** @throws HttpError 400 that names the first violation. @param name Of the value; empty for a body. */
  check(document: ContractDocument, name: string, schema: AnySchema, value: unknown): void {
    const validator = this.#validatorOf(schema, document);
    if (!validator(value)) throw badRequest(complaint(name, validator));
  }

  #validatorOf(schema: AnySchema, document: ContractDocument): ValidateFunction {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const validator = this.#ajv.compile(this.#anchored(schema, document));
    this.#compiled.set(schema, validator);
    return validator;
  }

  /** Prefixes the local references of a document with its id. */
  #anchored(schema: AnySchema, document: ContractDocument): AnySchema {
    const references = `"${this.#idOf(document)}#/components/`;
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', references)) as AnySchema; // same shape
  }

  /** Ajv's id for the schemas of a document. */
  #idOf(document: ContractDocument): string {
    const known = this.#ids.get(document);
    if (known !== undefined) return known;
    const id = `contract-${this.#ids.size}`;
    this.#ajv.addSchema({ $id: id, components: document.components });
    this.#ids.set(document, id);
    return id;
  }
}

function createContract(api: Api): Contract {
  const validators = new Validators();
  const documents = api === 'v2' ? [contractDocument] : [contractDocument, contractDocumentV5];
  return {
    operations: documents.flatMap(readOperations),
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
        const { document } = operation;
        validators.check(document, parameter.name, parameter.schema, valueFromText(document, parameter.schema, text));
      }
    },
    checkBody: (operation, mediaType, fields) => {
      const schema = operation.body?.content[mediaType]?.schema;
      if (schema !== undefined) validators.check(operation.document, '', schema, fields);
    },
    fromText: (operation, mediaType, fields) => {
      const { document } = operation;
      const properties = propertiesOf(document, operation.body?.content[mediaType]?.schema);
      return Object.fromEntries(
        Object.entries(fields).flatMap(([name, value]) => {
          const schema = properties.get(name);
          if (schema === undefined) return [[name, value]];
          // The JavaScript SDK sends an empty string for a missing value.
          if (value === '' && !typesOf(document, schema).includes('string')) return [];
          return [[name, wantedValue(document, schema, value)]];
        }),
      );
    },
  };
}

/** Message of the first validation error: the path, and the expected form. */
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

function shapeOf(document: ContractDocument, schema: AnySchema): SchemaShape {
  return resolve(document, schema as Reference<SchemaShape>); // the contract uses object schemas only
}

function propertiesOf(document: ContractDocument, schema: AnySchema | undefined): Map<string, AnySchema> {
  if (schema === undefined) return new Map();
  const shape = shapeOf(document, schema);
  const inherited = (shape.allOf ?? []).flatMap((part) => [...propertiesOf(document, part)]);
  return new Map([...inherited, ...Object.entries(shape.properties ?? {})]);
}

function typesOf(document: ContractDocument, schema: AnySchema): readonly string[] {
  const shape = shapeOf(document, schema);
  const choices = (shape.oneOf ?? []).map((choice) => shapeOf(document, choice));
  return [shape, ...choices].flatMap((part) => part.type ?? []);
}

function wantedValue(document: ContractDocument, schema: AnySchema, value: unknown): unknown {
  if (typeof value === 'string') return valueFromText(document, schema, value);
  const types = typesOf(document, schema);
  const isOneObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isOneObject && types.includes('array') && !types.includes('object') ? [value] : value;
}

/** A value that cannot be converted stays text and then fails validation. */
function valueFromText(document: ContractDocument, schema: AnySchema, text: string): unknown {
  const types = typesOf(document, schema);
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
