import { GatewayError } from '../errors.ts';
import { isEndpointUnsupported, upstreamStatus } from '../upstream/transport/failure.ts';

/**
 * Reports an endpoint that the upstream does not have (404, 405, 501) as `NOT_SUPPORTED`. For calls that name nothing that may be
 * absent: a 404 then means the endpoint.
 * @param what The missing part of the upstream, as it appears in the message.
 */
export async function supported<Value>(what: string, call: Value | Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw isEndpointUnsupported(error) ? notSupported(what, error) : error;
  }
}

/** The same for calls that name an object: a 404 then means the object, and only 405 and 501 mean the endpoint. */
export async function supportedFor<Value>(what: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    const status = upstreamStatus(error);
    throw status === 405 || status === 501 ? notSupported(what, error) : error;
  }
}

function notSupported(what: string, cause: unknown): GatewayError {
  return new GatewayError('NOT_SUPPORTED', { message: `The upstream has no ${what} for the credential.`, cause });
}
