/** The errors of multipart requests. */
import { badUserInput, GatewayError } from '../../../errors.ts';

/** `PAYLOAD_TOO_LARGE` for a file over the limit in bytes. */
export function fileTooLarge(maxFileBytes: number): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', { message: `The file exceeds ${maxFileBytes} bytes.` });
}

/** `PAYLOAD_TOO_LARGE` for a second file. */
export function tooManyFiles(): GatewayError {
  return new GatewayError('PAYLOAD_TOO_LARGE', { message: 'The request has more than one file; the maximum is one.' });
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

/** `BAD_USER_INPUT` for a map whose paths are not those of variables for a file. */
export function wrongMap(): GatewayError {
  return badUserInput(
    'map',
    'the part of the file and the path of a variable that is null, such as {"0": ["variables.input.attachment"]}',
  );
}

/** `BAD_USER_INPUT` for a form whose fields are absent, or behind what needs them. */
export function fieldMissing(name: 'operations' | 'map'): GatewayError {
  const successor = name === 'operations' ? 'map' : 'the file';
  return badUserInput(name, `this field, with JSON, before ${successor}`);
}

/** `BAD_USER_INPUT` for a form without the file that its map names. */
export function fileAbsent(): GatewayError {
  return badUserInput('map', 'the name of a part that follows it, with the file');
}

/** `BAD_USER_INPUT` for an operation whose file does not follow it in time. */
export function fileMissing(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', { message: 'The file of the request did not arrive in time.' });
}

/** `BAD_USER_INPUT` for a body that is no form, or that ends early. */
export function malformed(): GatewayError {
  return new GatewayError('BAD_USER_INPUT', {
    message: 'The body is no multipart form, or is incomplete.',
  });
}
