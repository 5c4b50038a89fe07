/** Request classification by media type: `Content-Type`, `Content-Encoding` and `Accept`. */
import type { IncomingMessage } from 'node:http';
import { acceptedBy, eventsMediaType, graphqlMediaType, jsonMediaType, subscriptionPartsMediaType } from './accept.ts';

const jsonBody = /^application\/(graphql\+)?json *(;|$)/i;
const multipartBody = /^multipart\/form-data *;/i;
const otherCharset = /charset *= *(?!"?utf-?8"? *(;|$))/i;

/** Whether a `Content-Type` is that of a form with files. */
export function isMultipart(contentType = ''): boolean {
  return multipartBody.test(contentType);
}

/** Whether a body of this media type is JSON in UTF-8. */
export function isJsonBody(contentType = ''): boolean {
  return jsonBody.test(contentType) && !otherCharset.test(contentType);
}

/** Whether the body is compressed or otherwise encoded, which the gateway does not support. */
export function isEncoded({ headers }: IncomingMessage): boolean {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  return encoding !== undefined && encoding !== '' && encoding !== 'identity';
}

/**
 * Whether `createPostHandler` takes the request: a POST with a JSON or multipart body whose response is one JSON document, or the parts of
 * a subscription.
 */
export function isPlainPost(request: IncomingMessage): boolean {
  if (request.method !== 'POST' || isEncoded(request)) return false;
  const { 'content-type': contentType, accept } = request.headers;
  const { response } = acceptedBy(accept);
  if (response !== jsonMediaType && response !== graphqlMediaType && response !== subscriptionPartsMediaType)
    return false;
  return isJsonBody(contentType) || isMultipart(contentType);
}

const unacceptable = `Responses are ${graphqlMediaType}, ${jsonMediaType}, and for subscriptions ${eventsMediaType} or ${subscriptionPartsMediaType}.`;

/** The response to a request whose media types are not supported; undefined when they are. */
export function unsupportedRequest(request: IncomingMessage): readonly [status: number, text: string] | undefined {
  const { method, headers } = request;
  if (method === 'POST' && isEncoded(request))
    return [415, 'Content-Encoding is not supported; send the body unencoded.'];
  const isForm = isMultipart(headers['content-type']);
  if (method === 'POST' && !isForm && !isJsonBody(headers['content-type']))
    return [415, 'Expected a body of application/json in UTF-8, or of multipart/form-data for uploads.'];
  if (acceptedBy(headers.accept).response === undefined) return [406, unacceptable];
  // A form whose response may be JSON is a plain POST.
  if (method === 'POST' && isForm) return [406, `Responses to uploads are ${graphqlMediaType} or ${jsonMediaType}.`];
  return undefined;
}
