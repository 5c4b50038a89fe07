/**
 * What a browser says of the page that caused a request. A cookie comes with requests that the page of an attacker causes as well
 * (cross-site request forgery), so a session counts only for the page that started it. This is checked in addition to
 * `SameSite=Strict`, which pages of the same site pass, and to the origins of `cors.ts`.
 */
import type { IncomingMessage } from 'node:http';
import { isJsonBody } from '../http/headers/request-media-type.ts';

type PageRequest = Pick<IncomingMessage, 'method' | 'headers'>;

/** Headers that no form can send, and that make a browser ask with a preflight request before another origin sends them. */
const preflightHeaders = ['x-requested-with', 'apollo-require-preflight'] as const;

/** The header that `isPreflighted` asks for, for error messages. */
export const preflightHeader = 'X-Requested-With or Apollo-Require-Preflight';

/** The origin of the page; undefined when the browser does not say it, as in GET requests to the page's own origin. */
export function pageOrigin({ headers: { origin } }: PageRequest): string | undefined {
  return origin !== undefined && origin !== 'null' && URL.canParse(origin) ? origin : undefined;
}

/** Whether a page of this origin caused the request, or its user by the address bar. */
export function isFromPage(request: PageRequest, origin: string): boolean {
  const { method, headers } = request;
  if (headers.origin !== undefined) return headers.origin === origin;
  if (method !== 'GET' && method !== 'HEAD') return false;
  const { 'sec-fetch-site': site, host } = headers;
  return (site === 'same-origin' || site === 'none') && new URL(origin).host === host;
}

/** Whether a page of another origin could not have sent the request without a preflight: JSON, or a header that no form has. */
export function isPreflighted({ method, headers }: PageRequest): boolean {
  if (method !== 'POST' || isJsonBody(headers['content-type'])) return true;
  return preflightHeaders.some((name) => (headers[name] ?? '') !== '');
}
