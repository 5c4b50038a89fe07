/**
 * HTTP/1.1 by hand, for the stand-in alone: a general server would be the bottleneck of what it is there to measure.
 * It understands what the gateway and its peers send: whole heads, bodies with a length or in chunks.
 */
import type { Socket } from 'node:net';

export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly authorization: string | undefined;
  /** Empty unless the route asked for it. */
  readonly body: string;
  readonly socket: Socket;
}

export interface Routing {
  /** Whether a body is needed, or may be thrown away as it comes. */
  readonly wantsBody: (method: string, path: string) => boolean;
  /** Answers with whole bytes, or undefined when it took the socket over. */
  readonly answer: (request: WireRequest) => Buffer | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
const empty = Buffer.alloc(0);

interface Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly authorization: string | undefined;
  readonly contentLength: number;
  readonly chunked: boolean;
  readonly expectsContinue: boolean;
}

function field(head: string, lower: string, name: string): string | undefined {
  const start = lower.indexOf(`\r\n${name}:`);
  if (start < 0) return undefined;
  const from = start + name.length + 3;
  const end = head.indexOf('\r\n', from);
  return head.slice(from, end < 0 ? undefined : end).trim();
}

function parseHead(head: string): Head {
  const lower = head.toLowerCase();
  const methodEnd = head.indexOf(' ');
  const target = head.slice(methodEnd + 1, head.indexOf(' ', methodEnd + 1));
  const query = target.indexOf('?');
  const method = head.slice(0, methodEnd);
  const hasBody = method !== 'GET';
  return {
    method,
    path: query < 0 ? target : target.slice(0, query),
    query: query < 0 ? '' : target.slice(query + 1),
    authorization: field(head, lower, 'authorization'),
    contentLength: hasBody ? Number(field(head, lower, 'content-length') ?? 0) : 0,
    chunked: hasBody && field(lower, lower, 'transfer-encoding') === 'chunked',
    expectsContinue: hasBody && lower.includes('\r\nexpect: 100-continue'),
  };
}

/** Follows the chunks of a body of unknown length without keeping them. */
class ChunkSkipper {
  #left = 0;
  #line = '';
  #inTrailer = false;

  /** @returns Bytes consumed, and whether the body ended. */
  skip(bytes: Buffer): { readonly used: number; readonly ended: boolean } {
    let position = 0;
    while (position < bytes.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - position);
        this.#left -= step;
        position += step;
        continue;
      }
      const character = bytes[position++];
      if (character !== 10) {
        if (character !== 13) this.#line += String.fromCharCode(character ?? 0);
        continue;
      }
      const line = this.#line;
      this.#line = '';
      if (this.#inTrailer) {
        if (line === '') return { used: position, ended: true };
      } else if (line !== '') {
        this.#left = Number.parseInt(line, 16);
        if (this.#left === 0) this.#inTrailer = true;
      }
    }
    return { used: position, ended: false };
  }
}

export function serveConnection(socket: Socket, routing: Routing): void {
  let pending: Buffer = empty;
  let head: Head | undefined;
  let bodyLeft = 0;
  let bodyParts: Buffer[] | undefined;
  let chunks: ChunkSkipper | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());

  function finish(request: Head): void {
    const body = bodyParts === undefined ? '' : Buffer.concat(bodyParts).toString('utf8');
    head = undefined;
    bodyParts = undefined;
    chunks = undefined;
    const { method, path, query, authorization } = request;
    const answer = routing.answer({ method, path, query, authorization, body, socket });
    if (answer !== undefined) socket.write(answer);
  }

  socket.on('data', (data: Buffer) => {
    pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
    while (pending.length > 0) {
      if (head === undefined) {
        const end = pending.indexOf(headEnd);
        if (end < 0) return;
        head = parseHead(pending.toString('latin1', 0, end));
        pending = pending.length === end + 4 ? empty : pending.subarray(end + 4);
        bodyLeft = head.contentLength;
        if (head.expectsContinue) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        if (head.chunked) chunks = new ChunkSkipper();
        else if (bodyLeft > 0 && routing.wantsBody(head.method, head.path)) bodyParts = [];
      }
      if (chunks !== undefined) {
        const { used, ended } = chunks.skip(pending);
        pending = pending.subarray(used);
        if (!ended) return;
      } else if (bodyLeft > 0) {
        const step = Math.min(bodyLeft, pending.length);
        bodyParts?.push(pending.subarray(0, step));
        bodyLeft -= step;
        pending = pending.subarray(step);
        if (bodyLeft > 0) return;
      }
      finish(head);
    }
  });
}

/** A whole answer as bytes, made once and sent many times. */
export function wireAnswer(status: string, contentType: string | undefined, body: Buffer | string, extra = ''): Buffer {
  const bytes = Buffer.from(body as string);
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  const head = `HTTP/1.1 ${status}\r\n${type}Content-Length: ${bytes.length}\r\nKeep-Alive: timeout=60\r\n${extra}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}
