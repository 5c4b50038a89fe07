/** The errors of multipart requests. */
import { GatewayError } from '../../../errors.ts';

export function fileTooLarge(maxFileBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The file exceeds ${maxFileBytes} bytes, or the request has more than one file.`,
  });
}

export function fieldTooLarge(maxBodyBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The fields operations and map are limited to ${maxBodyBytes} bytes each.`,
  });
}

export function mappedTwice(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    field: 'map',
    message: 'map: expected one variable for the file. The file is streamed, so it can be used only once.',
  });
}

export function fileMissing(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { message: 'The file of the request did not arrive in time.' });
}

export function malformed(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    message: 'The body does not follow the GraphQL multipart request specification, or is incomplete.',
  });
}
