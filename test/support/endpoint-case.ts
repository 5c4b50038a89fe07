/** One endpoint function, its expected request, and its result for the contract's response. */

import { expect } from 'vitest';
import type { Upstream } from '../../src/upstream/upstream.ts';
import { headersOnWire, repeatedHeaders } from './recording-proxy.ts';
import { authorization, connectTo, json, startWireServer } from './wire-server.ts';

export interface EndpointCase {
  readonly call: (upstream: Upstream) => Promise<unknown>;
  /** Method, path and query. */
  readonly sends: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON; undefined for no body at all. */
  readonly body?: unknown;
  /** The envelope's reply; undefined answers 204. */
  readonly reply?: unknown;
  readonly status?: number;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly gives?: object | number | boolean;
}

export type EndpointCases = Readonly<Record<string, EndpointCase>>;

export async function checkEndpoint(endpoint: EndpointCase): Promise<void> {
  await using server = await startWireServer((_request, response) => {
    const { status = endpoint.reply === undefined ? 204 : 200, answerHeaders = {} } = endpoint;
    if (endpoint.reply === undefined) response.writeHead(status, answerHeaders).end();
    else json(response, status, { status: 'success', reply: endpoint.reply }, answerHeaders);
  });
  await using side = connectTo(server.origin);
  const result = await endpoint.call(side.upstream);

  expect(server.requests).toHaveLength(1);
  const [request] = server.requests;
  expect(`${request?.method} ${request?.path}`).toBe(endpoint.sends);
  expect(repeatedHeaders(headersOnWire(request?.rawHeaders ?? []))).toEqual([]);
  expect(request?.headers).toMatchObject({ authorization, 'x-request-id': 'request-1', ...endpoint.headers });
  expect(request?.body === '' ? undefined : JSON.parse(request?.body ?? '')).toEqual(endpoint.body);
  expect(request?.headers['content-type']).toBe(endpoint.body === undefined ? undefined : 'application/json');
  if (endpoint.gives instanceof Map) expect(result).toEqual(endpoint.gives);
  else if (typeof endpoint.gives === 'object') expect(result).toMatchObject(endpoint.gives);
  else expect(result).toBe(endpoint.gives);
}

/** Tokens as the contract writes them. */
export const ada = 'f3b9a6d0-52d1-4b39-8f6e-0c4d9d8e7a21';
export const grace = '8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10';
export const group = '3f6a1c9b-7d52-4f11-9a0e-5b8c2d4e6f70';
export const list = '0c8e5a3d-2b64-4f0e-9d51-7a1f3c5b9e20';
export const message = '5c1e7c0e-7f7b-4a3f-8a0a-3c7f5c0d1e11';
export const org = 'exampleOrg0000000000aaaa';
