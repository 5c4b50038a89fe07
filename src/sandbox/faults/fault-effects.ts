/** The effect of a fault on one response or event stream. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { errorEnvelope } from '../http/http-error.ts';
import type { Reply } from '../http/request-context.ts';
import type { EventStream } from '../state/world-types.ts';
import type { FaultOrder } from './faults.ts';

/** The response to send, or the way in which the response is incomplete. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** Sends half of the reply and resets the connection. */
  | { readonly kind: 'cut'; readonly reply: Reply; readonly afterMs: number }
  /** Writes this text to the socket in place of a response. */
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };

const page = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

/**
 * @param handle Handles the request without the fault; called only by kinds that need the real response. For these kinds
 *   an event stream opens normally, and `disturbStream` applies the fault to it.
 */
export async function faultyOutcome(order: FaultOrder, handle: () => Promise<Reply>): Promise<Outcome> {
  switch (order.kind) {
    case 'delay':
    case 'duplicate':
    case 'interim':
      return { kind: 'reply', reply: await handle() };
    case 'status-line':
      return { kind: 'raw', text: `${order.line}\r\ncontent-length: 0\r\n\r\n` };
    case 'coded': {
      const reply = await handle();
      return { kind: 'reply', reply: reply.takeOver === undefined ? coded(reply, order.coding) : reply };
    }
    case 'status':
      return { kind: 'reply', reply: statusReply(order) };
    case 'html':
      return { kind: 'reply', reply: rawReply(order.status, 'text/html; charset=utf-8', page) };
    case 'refuse':
      return { kind: 'reset' };
    case 'lose':
      await handle();
      return { kind: 'reset' };
    case 'body':
      return { kind: 'reply', reply: { status: 200, body: order.body } };
    case 'cut': {
      const reply = await handle();
      return reply.takeOver === undefined ? { kind: 'cut', reply, afterMs: order.afterMs } : { kind: 'reply', reply };
    }
    default: {
      const reply = await handle();
      if (reply.takeOver !== undefined) return { kind: 'reply', reply };
      return disturbed(order, reply);
    }
  }
}

function disturbed(
  order: FaultOrder & { kind: 'stall' | 'garbage' | 'wrong-shape' | 'oversize' },
  reply: Reply,
): Outcome {
  switch (order.kind) {
    case 'stall':
      return { kind: 'silence' };
    case 'garbage':
      return { kind: 'reply', reply: rawReply(200, 'application/json', order.text) };
    case 'wrong-shape':
      return { kind: 'reply', reply: { status: 200, body: withNumericToken(reply.body) } };
    case 'oversize':
      return { kind: 'reply', reply: { status: 200, body: { status: 'success', reply: 'x'.repeat(order.bytes) } } };
  }
}

function statusReply(order: FaultOrder & { kind: 'status' }): Reply {
  const headers = order.retryAfter === undefined ? {} : { 'retry-after': String(order.retryAfter) };
  switch (order.form) {
    case 'envelope': {
      const body =
        order.status === 204 || order.status === 304
          ? undefined
          : errorEnvelope(order.status, order.message ?? 'ordered fault');
      return { status: order.status, headers, ...(body === undefined ? {} : { body }) };
    }
    case 'empty':
      return { status: order.status, headers };
    case 'html':
      return rawReply(order.status, 'text/html; charset=utf-8', page, headers);
    case 'text':
      return rawReply(order.status, 'text/plain; charset=utf-8', order.message ?? 'ordered fault', headers);
  }
}

function rawReply(
  status: number,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { ...headers, 'content-type': contentType }, bytes: Buffer.from(text) };
}

const compress = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;

function coded(reply: Reply, coding: keyof typeof compress): Reply {
  const { bytes, headers } = encoded(reply);
  if (bytes === undefined) return reply;
  const { 'content-length': _length, ...others } = reply.headers ?? {};
  const contentType = String(headers['content-type']);
  return {
    status: reply.status,
    headers: { ...others, 'content-type': contentType, 'content-encoding': coding },
    bytes: compress[coding](bytes),
  };
}

/** Sends the interim response of an `interim` fault. */
export function sendInterim(order: FaultOrder | undefined, response: ServerResponse): void {
  if (order?.kind !== 'interim') return;
  if (order.status === 100) response.writeContinue();
  else if (order.status === 102) response.writeProcessing();
  else response.writeEarlyHints({ link: '</style.css>; rel=preload' });
}

const tokenNames = new Set(['token', 'message_id', 'client_id', 'event_id']);

/** Replaces the first token in the document with a number, or the whole reply when it has no token. */
function withNumericToken(body: unknown): unknown {
  let isDone = false;
  const text = JSON.stringify(body ?? null, (name, value: unknown) => {
    if (isDone || !tokenNames.has(name) || typeof value !== 'string') return value;
    isDone = true;
    return 42;
  });
  return isDone ? JSON.parse(text) : { status: 'success', reply: 42 };
}

/** Applies a fault to an event stream that has just opened. */
export function disturbStream(order: FaultOrder, stream: EventStream): void {
  if (order.kind === 'stall') stream.stall();
  if (order.kind === 'garbage') stream.writeRaw(`data: ${order.text.replaceAll(/[\r\n]/g, ' ')}\n\n`);
  if (order.kind === 'wrong-shape') stream.writeRaw(`data: ${JSON.stringify(wrongShapedFrame)}\n\n`);
  if (order.kind === 'oversize') stream.writeRaw(`data: ${'x'.repeat(order.bytes)}\n\n`);
  if (order.kind === 'cut') setTimeout(() => cut(stream), order.afterMs).unref();
}

/** Resets one turn after writing half a frame, because a reset in the same turn discards the written bytes. */
function cut(stream: EventStream): void {
  stream.writeRaw('data: {"event_id":"0000');
  setImmediate(() => stream.destroy());
}

/** A known event type whose payload fields all have wrong types. */
export const wrongShapedFrame = {
  event_id: '00000000-0000-0000-0000-000000000001',
  event: { 'tigertext:iq:message': { client_id: 42, body: ['x'], created_time: 7, attachments: 'none' } },
} as const;

/** Body bytes and headers of a reply; no bytes when it has no body. */
export function encoded(reply: Reply): { readonly bytes: Buffer | undefined; readonly headers: OutgoingHttpHeaders } {
  const bytes = reply.bytes ?? (reply.body === undefined ? undefined : Buffer.from(JSON.stringify(reply.body)));
  const sized = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': bytes.length };
  return { bytes, headers: { 'cache-control': 'no-store', ...sized, ...reply.headers } };
}

/** Sends half of the response and resets the connection. A response without a body is cut in its status line. */
export function sendHalf(response: ServerResponse, reply: Reply, afterMs: number): void {
  const { bytes, headers } = encoded(reply);
  if (bytes === undefined) response.socket?.write(`HTTP/1.1 ${reply.status} `);
  else {
    response.writeHead(reply.status, headers);
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)));
  }
  setTimeout(() => response.destroy(), Math.max(afterMs, 5)).unref();
}
