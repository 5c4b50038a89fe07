/**
 * Validates responses and frames against schema/upstream.yaml and upstream-v5.yaml, independently of the sandbox's own validation.
 */
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { contractDocument, contractDocumentV5 } from '../../src/sandbox/contract-document.ts';

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: AnySchema }>>;
}

export interface ContractOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly responses: Readonly<Record<string, Response>>;
  readonly hasBody: boolean;
  /** Id under which Ajv knows the components of its file. */
  readonly contract: 'contract' | 'contract-v5';
}

interface RawOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
  readonly requestBody?: object;
  /** A v2 operation that this one only describes further. */
  readonly 'x-extends'?: string;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Response>>>>;
}

// The same files the sandbox reads, parsed once; what is made of them here is not what the sandbox makes of them.
const documents = {
  contract: contractDocument as unknown as Document,
  'contract-v5': contractDocumentV5 as unknown as Document,
};

const ajv = new Ajv2020({ strict: false });
ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
for (const [$id, { components }] of Object.entries(documents)) ajv.addSchema({ $id, components });
const compiled = new Map<unknown, ValidateFunction>();

function validatorOf(schema: AnySchema, contract: ContractOperation['contract'] = 'contract'): ValidateFunction {
  const validator =
    compiled.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${contract}#/`)));
  compiled.set(schema, validator);
  return validator;
}

function operationsOf(contract: ContractOperation['contract']): ContractOperation[] {
  return Object.entries(documents[contract].paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method, operation]) => methods.includes(method) && operation['x-extends'] === undefined)
      .map(([method, { operationId, responses, requestBody }]) => ({
        operationId,
        method: method.toUpperCase(),
        path,
        responses,
        hasBody: requestBody !== undefined,
        contract,
      })),
  );
}

const methods = ['get', 'put', 'post', 'delete'];

/** Of the v2 file. */
export const contractOperations: readonly ContractOperation[] = operationsOf('contract');
/** Of the v5 file, some of which have v2 paths. */
export const contractOperationsV5: readonly ContractOperation[] = operationsOf('contract-v5');

/** The operation a request belongs to; words in a path go before names. */
export function operationOf(method: string, pathname: string): ContractOperation | undefined {
  const segments = pathname.replace(/\/+$/, '').split('/');
  const names = ({ path }: ContractOperation) => path.split('{').length;
  return [...contractOperations, ...contractOperationsV5]
    .filter((operation) => {
      const template = operation.path.split('/');
      return (
        operation.method === method &&
        template.length === segments.length &&
        template.every((part, index) => part.startsWith('{') || part === segments[index])
      );
    })
    .sort((one, other) => names(one) - names(other))[0];
}

/** Everything wrong with an answer, in words; empty when it keeps to the contract. */
export function answerFaults(
  operation: ContractOperation,
  status: number,
  contentType: string,
  body: unknown,
): string[] {
  const listed = operation.responses[String(status)];
  const response =
    listed?.$ref === undefined
      ? listed
      : documents[operation.contract].components['responses']?.[listed.$ref.split('/').at(-1) ?? ''];
  const schema =
    response?.content?.['application/json']?.schema ??
    (status >= 400 ? { $ref: '#/components/schemas/ErrorEnvelope' } : undefined);
  if (schema === undefined) return [];
  if (contentType !== 'application/json') return [`content type ${contentType}`];
  const validator = validatorOf(schema, operation.contract);
  if (!validator(body)) return [ajv.errorsText(validator.errors)];
  return status >= 400 ? envelopeFaults(body) : [];
}

const entityForm = (type: object) => ({ type: 'object', required: ['type', 'token'], properties: { type } });
const aboutConversation = {
  required: ['conversation_id'],
  properties: { conversation_id: { type: 'string', minLength: 1 } },
};
const withCounts = {
  allOf: [aboutConversation, { $ref: '#/components/schemas/UnreadCounts' }, { required: ['is_unread'] }],
};
const newMessage = {
  allOf: [withCounts, { required: ['recipient_token', 'is_group', 'last_message', 'first_expiring_unread_message'] }],
};

const dutyList = { properties: { meta_type: { const: 'role_assignment' } }, required: ['meta_type'] };
const friendsForm = {
  not: { required: ['friend'] },
  properties: { entity: entityForm({ enum: ['account', 'group', 'list'] }) },
  if: { properties: { action: { const: 'del' } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: aboutConversation,
  else: { $ref: '#/components/schemas/ConversationItem' },
};

/** EVENTS-v5.md §2 and §3: what the events have to look like on a v5 stream. */
const formsV5: Readonly<Record<string, AnySchema>> = {
  'tigertext:iq:message': newMessage,
  'tigertext:iq:group_message': newMessage,
  'tigertext:iq:message:status': withCounts,
  'tigertext:iq:group:message:status': withCounts,
  'tigertext:iq:friends': {
    required: ['action', 'organization_id', 'entity'],
    // A person goes on or off duty: the duty list is no conversation (EVENTS-v5.md §4).
    if: { properties: { entity: { properties: { metadata: dutyList }, required: ['metadata'] } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { entity: { required: ['type', 'id', 'token', 'name'] } } },
    else: friendsForm,
  },
  'tigertext:iq:update': {
    required: ['organization_id', 'entity'],
    not: { required: ['token'] },
    properties: { entity: entityForm({ enum: ['account', 'group', 'list'] }) },
  },
  'tigertext:iq:bang': aboutConversation,
};
const frameSchema: AnySchema = { $ref: '#/components/schemas/EventFrame' };
const messageSchema: AnySchema = { $ref: '#/components/schemas/Message' };
const envelopeSchema: AnySchema = {
  type: 'object',
  required: ['status', 'error'],
  properties: {
    status: { const: 'fail' },
    error: { type: 'object', required: ['message', 'type'], properties: { message: { type: 'string', minLength: 1 } } },
  },
};

function envelopeFaults(body: unknown): string[] {
  const validator = validatorOf(envelopeSchema);
  return validator(body) ? [] : [ajv.errorsText(validator.errors)];
}

/**
 * Everything wrong with a frame of the stream, in words.
 * @param version Of the stream; the form of the other one signs the JavaScript SDK out.
 */
export function frameFaults(frame: unknown, version: 'v2' | 'v5' = 'v2'): string[] {
  const validator = validatorOf(frameSchema);
  if (!validator(frame)) return [ajv.errorsText(validator.errors)];
  const [[type, payload] = []] = Object.entries((frame as { event: object }).event); // just checked
  if (version === 'v5') {
    const form = validatorOf(formsV5[type ?? ''] ?? {}, 'contract-v5');
    if (!form(payload)) return [`${type}: ${ajv.errorsText(form.errors)}`];
  }
  if (type !== 'tigertext:iq:message' && type !== 'tigertext:iq:group_message') return [];
  const message = validatorOf(messageSchema);
  return message(payload) ? [] : [ajv.errorsText(message.errors)];
}
