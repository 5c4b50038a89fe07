/** The errors of multipart requests. */
import { GatewayError } from '../../../errors.ts';

/** `PAYLOAD_TOO_LARGE` for a file over the limit in bytes, or a second file. */
export function fileTooLarge(maxFileBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The file exceeds ${maxFileBytes} bytes, or the request has more than one file.`,
  });
}

/** `PAYLOAD_TOO_LARGE` for a field of the form over the limit in bytes. */
export function fieldTooLarge(maxBodyBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', {
    message: `The fields operations and map are limited to ${maxBodyBytes} bytes each.`,
  });
}

/** `BAD_USER_INPUT` for a file that belongs to several variables. */
export function mappedTwice(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    field: 'map',
    message: 'map: expected one variable for the file. The file is streamed, so it can be used only once.',
  });
}

/** `BAD_USER_INPUT` for an operation whose file does not follow it in time. */
export function fileMissing(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { message: 'The file of the request did not arrive in time.' });
}

/** `BAD_USER_INPUT` for a form that is not one of the multipart request specification. */
export function malformed(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    message: 'The body does not follow the GraphQL multipart request specification, or is incomplete.',
  });
}
