/**
 * POSTed operations, straight from the Node request to the pipeline. They are nearly all the traffic, and Yoga's
 * Request and Response objects would cost more than the upstream call they lead to.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeUnexpected, type Log } from '../log.ts';
import type { CredentialStanding } from '../upstream/credential-standing.ts';
import type { Departure } from '../upstream/departure.ts';
import { callerOf, provenHolder } from './caller.ts';
import type { HeldBytes, Hold } from './held-bytes.ts';
import { gatewayErrorIn } from './masking.ts';
import {
  type Answer,
  type FormattedResult,
  type OperationRequest,
  type Pipeline,
  refuse,
  refuseSubscription,
} from './pipeline.ts';
import { type OnRefused, reasonOfError } from './refusals.ts';
import { parseBody, readBody } from './request-body.ts';
import { readUpload, type UploadLimits } from './upload.ts';

/** Media types of GraphQL over HTTP. */
const graphqlMediaType = 'application/graphql-response+json';
const jsonMediaType = 'application/json';

export interface PostOptions {
  readonly pipeline: Pipeline;
  readonly limits: UploadLimits;
  readonly bytes: HeldBytes;
  readonly standing: CredentialStanding;
  readonly log: Log;
  readonly onRefused: OnRefused;
  /** Deadline of an operation with a file. */
  readonly uploadTimeoutMs: number;
}

/** Answers with all headers an answer has, `x-request-id` and `cache-control` among them. Rejects only when the answer cannot be written. */
export type PostHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  departure: Departure,
) => Promise<void>;

/** What a request asks, read and parsed. */
interface Sent {
  readonly operation: OperationRequest;
  /** Undefined: the pipeline's own. */
  readonly deadlineAt: number | undefined;
  /** Undefined for what did not come as JSON alone. */
  readonly text: string | undefined;
}

const jsonBody = /^application\/(graphql\+)?json *(;|$)/i;
const multipartBody = /^multipart\/form-data *;/i;
const otherCharset = /charset *= *(?!"?utf-?8)/i;

/** Whether a body of this media type is JSON the gateway reads. */
export function isJsonBody(contentType = ''): boolean {
  return jsonBody.test(contentType) && !otherCharset.test(contentType);
}

/** Whether the request is one for `createPostHandler`: a POST with a JSON or multipart body whose answer is one JSON document. */
export function isPlainPost({ method, headers }: IncomingMessage): boolean {
  const { 'content-type': contentType = '', accept = '*/*' } = headers;
  if (method !== 'POST' || prefersStream(accept) || answerMediaType(accept) === undefined) return false;
  return isJsonBody(contentType) || multipartBody.test(contentType);
}

/** Clients that take streams too, such as urql, name them last for what is no subscription. */
function prefersStream(accept: string): boolean {
  const stream = accept.indexOf('text/event-stream');
  const json = accept.search(/application\/(graphql-response\+)?json/);
  return stream >= 0 && (json < 0 || stream < json);
}

/** The first of the two media types the client takes; clients that take anything get the older one (GraphQL over HTTP, "Legacy Watershed"). */
function answerMediaType(accept: string): string | undefined {
  const modern = accept.indexOf(graphqlMediaType);
  const legacy = accept.indexOf(jsonMediaType);
  if (modern >= 0 && (legacy < 0 || modern < legacy)) return graphqlMediaType;
  if (legacy >= 0 || accept.includes('*/*') || accept.includes('application/*')) return jsonMediaType;
  return undefined;
}

/**
 * Answers shorter than this are written as text: head and body then leave in one piece, without a buffer of their own. Node
 * encodes text on its stack up to a third of 16 KiB, and more slowly beyond.
 */
const shortAnswer = 5_000;

export function createPostHandler(options: PostOptions): PostHandler {
  const { pipeline, limits, bytes, standing, log, onRefused, uploadTimeoutMs } = options;

  /** Apart from `answerTo`, which lives as long as the operation: what the body held and nothing needs is gone by then. */
  async function read(request: IncomingMessage, hold: Hold): Promise<Sent> {
    const hasFile = multipartBody.test(request.headers['content-type'] ?? '');
    if (hasFile) {
      const deadlineAt = performance.now() + uploadTimeoutMs;
      return { operation: await readUpload(request, limits, hold), deadlineAt, text: undefined };
    }
    const text = await readBody(request, limits.maxBodyBytes, hold);
    return { operation: parseBody(text), deadlineAt: undefined, text };
  }

  async function answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    departure: Departure,
  ): Promise<void> {
    let answer: Answer;
    const hold = bytes.hold(() => provenHolder(request.headers, standing));
    try {
      const outcome = await read(request, hold).then(({ operation, deadlineAt, text }) => {
        hold.release();
        const sender = callerOf(request.headers, requestId, departure);
        const caller = deadlineAt === undefined ? sender : { ...sender, deadlineAt };
        return pipeline.handle(operation, caller, text);
      });
      if (outcome.kind === 'answer') answer = outcome;
      else {
        outcome.relay.leave();
        answer = refuseSubscription(requestId);
      }
    } catch (error) {
      hold.release();
      const known = gatewayErrorIn(error);
      const reason = reasonOfError(known?.code);
      if (reason !== undefined) onRefused('http', reason);
      if (known === undefined) log.error('unexpected error', { requestId, ...describeUnexpected(error) });
      answer = refuse(known?.code ?? 'INTERNAL', requestId, known?.message, known?.retryAfterSeconds);
    }
    if (!response.destroyed) send(request, response, requestId, answer);
  }
  return answerTo;
}

function send(request: IncomingMessage, response: ServerResponse, requestId: string, answer: Answer): void {
  const mediaType = answerMediaType(request.headers.accept ?? '*/*') ?? jsonMediaType;
  answer.json ??= jsonOf(answer.result);
  const { json: body } = answer;
  // For the older media type a well-formed request is answered 200 whatever came of it.
  const status = mediaType === jsonMediaType && answer.wellFormed ? 200 : answer.httpStatus;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  // A flat list, the form Node writes without a second look.
  const headers = ['content-type', `${mediaType}; charset=utf-8`, 'content-length', String(length)];
  headers.push('x-request-id', requestId, 'cache-control', 'no-store');
  for (const name in answer.headers) headers.push(name, answer.headers[name] ?? '');
  response.writeHead(status, headers);
  // Text without a character above ASCII is the same in both, and is written faster as Latin-1.
  if (typeof body === 'string' && length === body.length) response.end(body, 'latin1');
  else response.end(body);
  if (!request.complete) {
    // A file nobody asked for: let it run off, or the client would wait for ever to get rid of it.
    request.unpipe();
    request.resume();
  }
}

function jsonOf(result: FormattedResult): string | Buffer {
  const text = JSON.stringify(result);
  return text.length < shortAnswer ? text : Buffer.from(text);
}
