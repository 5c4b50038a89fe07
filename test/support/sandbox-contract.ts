/** Holds answers and frames against schema/upstream.yaml, apart from the sandbox's own reading of it. */
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { contractDocument } from '../../src/sandbox/contract.ts';

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
}

interface RawOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
  readonly requestBody?: object;
}

// The same file the sandbox reads, parsed once; what is made of it here is not what the sandbox makes of it.
const document = contractDocument as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Response>>>>;
};

const ajv = new Ajv2020({ strict: false });
ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
ajv.addSchema({ $id: 'contract', components: document.components });
const compiled = new Map<unknown, ValidateFunction>();

function validatorOf(schema: AnySchema): ValidateFunction {
  const validator =
    compiled.get(schema) ?? ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"contract#/')));
  compiled.set(schema, validator);
  return validator;
}

export const contractOperations: readonly ContractOperation[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => ['get', 'put', 'post', 'delete'].includes(method))
    .map(([method, { operationId, responses, requestBody }]) => ({
      operationId,
      method: method.toUpperCase(),
      path,
      responses,
      hasBody: requestBody !== undefined,
    })),
);

/** The operation a request belongs to; words in a path go before names. */
export function operationOf(method: string, pathname: string): ContractOperation | undefined {
  const segments = pathname.replace(/\/+$/, '').split('/');
  const names = ({ path }: ContractOperation) => path.split('{').length;
  return contractOperations
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
    listed?.$ref === undefined ? listed : document.components['responses']?.[listed.$ref.split('/').at(-1) ?? ''];
  const schema =
    response?.content?.['application/json']?.schema ??
    (status >= 400 ? { $ref: '#/components/schemas/ErrorEnvelope' } : undefined);
  if (schema === undefined) return [];
  if (contentType !== 'application/json') return [`content type ${contentType}`];
  const validator = validatorOf(schema);
  if (!validator(body)) return [ajv.errorsText(validator.errors)];
  return status >= 400 ? envelopeFaults(body) : [];
}

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

/** Everything wrong with a frame of the stream, in words. */
export function frameFaults(frame: unknown): string[] {
  const validator = validatorOf(frameSchema);
  if (!validator(frame)) return [ajv.errorsText(validator.errors)];
  const [[type, payload] = []] = Object.entries((frame as { event: object }).event); // just checked
  if (type !== 'tigertext:iq:message' && type !== 'tigertext:iq:group_message') return [];
  const message = validatorOf(messageSchema);
  return message(payload) ? [] : [ajv.errorsText(message.errors)];
}
