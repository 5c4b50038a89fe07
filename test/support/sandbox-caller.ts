/** Calls the sandbox as one of its people; every response is validated against the contract. */
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { List, WireObject } from '../generated/wire-data.ts';
import { answerFaults, operationOf } from './sandbox-contract.ts';

/** An object of the contract, or a list of them, as the operation has it: the contract was checked for which. */
export type Reply = WireObject & List<WireObject>;

interface Answer<Read = Reply> {
  readonly status: number;
  readonly headers: Headers;
  /** `reply` of the success envelope. */
  readonly reply: Read;
  /** `error.message` of the failure envelope. */
  readonly complaint: string | undefined;
  readonly bytes: Buffer;
}

interface CallOptions {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly multipart?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replaces the caller's own; null sends none. */
  readonly authorization?: string | null;
  /** For answers that a fault spoils on purpose. */
  readonly unchecked?: boolean;
}

export interface Caller {
  readonly token: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** @typeParam Read What the contract says of the reply, where it matters. */
  get<Read = Reply>(path: string, options?: CallOptions): Promise<Answer<Read>>;
  post<Read = Reply>(path: string, json?: unknown, options?: CallOptions): Promise<Answer<Read>>;
  delete(path: string, options?: CallOptions): Promise<Answer>;
  /** Sends a message and gives its id. */
  send(recipient: string, body: string, more?: object): Promise<string>;
}

export function basicOf(key: string, secret = 'demo'): string {
  return `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
}

/**
 * @param seen Collects `operationId status` of every answer.
 * @param own Authorization of every call; the ready-made pair of the person when left out.
 */
export async function callerOf(
  sandbox: Pick<Sandbox, 'url'>,
  name: string,
  seen?: Set<string>,
  own = basicOf(name),
): Promise<Caller> {
  const call = async <Read = Reply>(method: string, path: string, options: CallOptions = {}): Promise<Answer<Read>> => {
    const authorization = options.authorization === undefined ? own : options.authorization;
    const { json, form, multipart } = options;
    const body =
      json === undefined ? (form === undefined ? multipart : new URLSearchParams(form)) : JSON.stringify(json);
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const contentType = response.headers.get('content-type') ?? '';
    const parsed =
      contentType === 'application/json' && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined;
    const operation = operationOf(method, new URL(path, sandbox.url).pathname);
    if (operation !== undefined && options.unchecked !== true) {
      const faults = answerFaults(operation, response.status, contentType, parsed);
      if (faults.length > 0) throw new Error(`${method} ${path} ${response.status}: ${faults.join('; ')}`);
      if (response.status === 204 && bytes.length > 0) throw new Error(`${method} ${path}: 204 with a body`);
      seen?.add(`${operation.operationId} ${response.status}`);
    }
    return {
      status: response.status,
      headers: response.headers,
      reply: parsed?.reply,
      complaint: parsed?.error?.message,
      bytes,
    };
  };
  const me = await call('GET', '/v2/user');
  return {
    token: me.reply?.token,
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, json, options) => call('POST', path, { ...options, ...(json === undefined ? {} : { json }) }),
    delete: (path, options) => call('DELETE', path, options),
    send: async (recipient, body, more = {}) => {
      const answer = await call('POST', '/v2/message', { json: { recipient, body, ...more } });
      if (answer.status !== 204) throw new Error(`send: ${answer.status} ${answer.complaint}`);
      return answer.headers.get('tt-x-message-id') ?? '';
    },
  };
}
