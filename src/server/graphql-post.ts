/**
 * POSTed operations, straight from the Node request to the pipeline. They are nearly all the traffic, and Yoga's
 * Request and Response objects would cost more than the upstream call they lead to.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Departure } from '../upstream/departure.ts';
import { callerOf } from './caller.ts';
import { gatewayErrorIn } from './masking.ts';
import { type Answer, type OperationRequest, type Pipeline, refuse } from './pipeline.ts';
import { parseBody, readBody } from './request-body.ts';
import { readUpload, type UploadLimits } from './upload.ts';

/** Media types of GraphQL over HTTP. */
const graphqlMediaType = 'application/graphql-response+json';
const jsonMediaType = 'application/json';

export interface PostOptions {
  readonly pipeline: Pipeline;
  readonly limits: UploadLimits;
  readonly log: Log;
}

export type PostHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  departure: Departure,
) => Promise<void>;

const jsonBody = /^application\/(graphql\+)?json *(;|$)/i;
const multipartBody = /^multipart\/form-data *;/i;
const otherCharset = /charset *= *"?(?!utf-?8)/i;

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

export function createPostHandler({ pipeline, limits }: PostOptions): PostHandler {
  async function read(request: IncomingMessage, response: ServerResponse): Promise<OperationRequest> {
    return multipartBody.test(request.headers['content-type'] ?? '')
      ? readUpload(request, response, limits)
      : parseBody(await readBody(request, limits.maxBodyBytes));
  }

  async function answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    departure: Departure,
  ): Promise<Answer> {
    try {
      const operation = await read(request, response);
      const outcome = await pipeline.handle(operation, callerOf(request.headers, requestId, departure));
      if (outcome.kind === 'answer') return outcome;
      await outcome.results.return?.();
      return refuse('BAD_USER_INPUT', requestId, 'Subscriptions need a WebSocket, or Accept: text/event-stream.');
    } catch (error) {
      const known = gatewayErrorIn(error) ?? new GatewayError('INTERNAL');
      return refuse(known.code, requestId, known.message);
    }
  }

  return async (request, response, requestId, departure) => {
    const answer = await answerTo(request, response, requestId, departure);
    if (response.destroyed) return;
    const mediaType = answerMediaType(request.headers.accept ?? '*/*') ?? jsonMediaType;
    answer.json ??= Buffer.from(JSON.stringify(answer.result));
    const body = answer.json;
    // For the older media type a well-formed request is answered 200 whatever came of it.
    const status = mediaType === jsonMediaType && answer.wellFormed ? 200 : answer.httpStatus;
    response.writeHead(status, {
      'content-type': `${mediaType}; charset=utf-8`,
      'content-length': body.length,
      ...answer.headers,
    });
    response.end(body);
    if (!request.complete) {
      // A file nobody asked for: let it run off, or the client would wait for ever to get rid of it.
      request.unpipe();
      request.resume();
    }
  };
}
