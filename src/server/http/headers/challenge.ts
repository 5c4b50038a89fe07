/** `WWW-Authenticate` of responses with 401, on every path. */
import { type IncomingMessage, type OutgoingHttpHeader, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { HttpRequest } from './request-head.ts';

/**
 * A class of responses that name the schemes of authentication when their status is 401 (RFC 9110 §15.5.2); clients of the JVM fail
 * without them. Pages get none: `Basic` opens the browser's sign-in dialog.
 */
export function challengingWith(challenge: string): typeof ServerResponse<HttpRequest> {
  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    override writeHead(
      status: number,
      reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
      headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
    ): this {
      if (status === 401 && !isOfPage(this.req)) this.setHeader('www-authenticate', challenge);
      return typeof reason === 'string' ? super.writeHead(status, reason, headers) : super.writeHead(status, reason);
    }
  };
}

function isOfPage({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-site'] !== undefined || headers.origin !== undefined;
}
