/**
 * The page that caused a request, from the headers of its browser. Browsers send cookies also with requests of an attacker's page
 * (cross-site request forgery), so a session is valid only for the origin that started it. This is checked in addition to
 * `SameSite=Strict`, which pages of the same site pass, and to the origins of `cors.ts`.
 */
import type { IncomingMessage } from 'node:http';
import { isJsonBody } from '../http/headers/request-media-type.ts';

type PageRequest = Pick<IncomingMessage, 'method' | 'headers'>;

/** Headers that a form cannot send, and that make a browser send a preflight request for another origin. */
const preflightHeaders = ['x-requested-with', 'apollo-require-preflight'] as const;

/** Names of these headers for error messages. */
export const preflightHeader = 'X-Requested-With or Apollo-Require-Preflight';

/** The origin of the page; undefined when the browser does not send it, as for GET requests to the page's own origin. */
export function pageOrigin({ headers: { origin } }: PageRequest): string | undefined {
  return origin !== undefined && origin !== 'null' && URL.canParse(origin) ? origin : undefined;
}

/** Whether a page of this origin, or an address that the user entered, caused the request. */
export function isFromPage(request: PageRequest, origin: string): boolean {
  const { method, headers } = request;
  if (headers.origin !== undefined) return headers.origin === origin;
  if (method !== 'GET' && method !== 'HEAD') return false;
  const { 'sec-fetch-site': site, host } = headers;
  return (site === 'same-origin' || site === 'none') && new URL(origin).host === host;
}

/** Whether another origin would have needed a preflight: the body is JSON, or a header is one that a form cannot send. */
export function isPreflighted({ method, headers }: PageRequest): boolean {
  if (method !== 'POST' || isJsonBody(headers['content-type'])) return true;
  return preflightHeaders.some((name) => (headers[name] ?? '') !== '');
}
