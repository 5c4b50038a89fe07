/** `Retry-After` of responses with an error, over every transport that has headers. */
import type { GatewayError } from '../../../errors.ts';

/** The header of an error after which the client waits; empty for any other. */
export function retryAfter({ retryAfterSeconds }: GatewayError): Readonly<Record<string, string>> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
