/** Which requests can be read, and answered, by what they say of their media types. */
import type { IncomingMessage } from 'node:http';
import { answerTypeFor, graphqlMediaType, jsonMediaType } from './accept.ts';

const jsonBody = /^application\/(graphql\+)?json *(;|$)/i;
const multipartBody = /^multipart\/form-data *;/i;
const otherCharset = /charset *= *(?!"?utf-?8)/i;

export function isMultipart(contentType = ''): boolean {
  return multipartBody.test(contentType);
}

/** Whether a body of this media type is JSON the gateway reads. */
function isJsonBody(contentType = ''): boolean {
  return jsonBody.test(contentType) && !otherCharset.test(contentType);
}

/** Whether the body is sent compressed, or in another coding the gateway does not undo. */
export function isCoded({ headers }: IncomingMessage): boolean {
  const coding = headers['content-encoding']?.trim().toLowerCase();
  return coding !== undefined && coding !== '' && coding !== 'identity';
}

/** Whether the request is one for `createPostHandler`: a POST with a JSON or multipart body whose answer is one JSON document. */
export function isPlainPost(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || isCoded(request)) return false;
  const { 'content-type': contentType, accept } = request.headers;
  const answerType = answerTypeFor(accept);
  if (answerType !== jsonMediaType && answerType !== graphqlMediaType) return false;
  return isJsonBody(contentType) || isMultipart(contentType);
}

/** With what status and words something is no GraphQL request by its media types; every other POST has its own handler. */
export function unsupportedRequest(request: IncomingMessage): readonly [status: number, text: string] | undefined {
  const { method, headers } = request;
  if (method === 'POST' && isCoded(request))
    return [415, 'The body has to be sent as it is, without a Content-Encoding.'];
  if (method === 'POST' && !isJsonBody(headers['content-type']))
    return [415, 'The body has to be application/json in UTF-8, or multipart/form-data for uploads.'];
  if (answerTypeFor(headers.accept) === undefined)
    return [406, 'Answers are application/graphql-response+json, application/json or text/event-stream.'];
  return undefined;
}
