/** A minimal HTTP server in place of the upstream for tests that determine every byte, and a client connected to it. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Config, parseConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import type { Caller, CallRecord, Upstream, UpstreamClient } from '../../src/upstream/upstream.ts';

export interface WireRequest {
  readonly method: string;
  /** Path and query, as they stood on the request line. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** As they stood on the wire, repeated ones included: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type Answerer = (request: WireRequest, response: ServerResponse) => void;

export interface WireServer extends AsyncDisposable {
  readonly origin: string;
  /** Every request whose body has arrived, oldest first. */
  readonly requests: readonly WireRequest[];
  /** Open ones. */
  readonly sockets: ReadonlySet<Socket>;
  /** Connections ever made. */
  readonly connections: number;
}

/** @param answer Called when a request has arrived whole. */
export async function startWireServer(answer: Answerer): Promise<WireServer> {
  const requests: WireRequest[] = [];
  return startRawServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = message;
      const request = { method, path: url, headers, rawHeaders, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      answer(request, response);
    });
  }, requests);
}

/** The same, for tests that read the request themselves. */
export async function startRawServer(
  listener: (message: IncomingMessage, response: ServerResponse) => void,
  requests: readonly WireRequest[] = [],
): Promise<WireServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(listener);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {}); // clients that leave are what is tested
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function reply(response: ServerResponse, value: unknown, status = 200): void {
  json(response, status, { status: 'success', reply: value });
}

/** A rejection in the contract's form, with a text that must not reach clients. */
export function rejectWith(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  json(response, status, { status: 'fail', error: { message: upstreamText, type: upstreamText } }, headers);
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Planted in upstream texts: must never be seen on our side. */
export const upstreamText = 'upstream-secret-text';
/** The credential of the test caller, in its wire form. */
export const authorization = `Basic ${Buffer.from('test-key:test-secret').toString('base64')}`;

export interface TestClient extends AsyncDisposable {
  readonly client: UpstreamClient;
  readonly upstream: Upstream;
  readonly logLines: readonly string[];
  readonly records: readonly CallRecord[];
}

/** A client with short waits. The caller has a credential and the request id `request-1`. */
export function connectTo(origin: string, settings: Partial<Config> = {}, caller: Partial<Caller> = {}): TestClient {
  const logLines: string[] = [];
  const records: CallRecord[] = [];
  const log = createLog('debug', { write: (line: string) => void logLines.push(line) });
  const config = { ...parseConfig({}), upstreamTimeoutMs: 5000, ...settings, upstreamUrl: origin };
  const client = createUpstreamClient({ config, log, onCall: (record) => records.push(record) });
  const upstream = client.for({ credential: createCredential(authorization), requestId: 'request-1', ...caller });
  return { client, upstream, logLines, records, [Symbol.asyncDispose]: () => client.close() };
}
