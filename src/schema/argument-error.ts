import { badUserInput, GatewayError } from '../errors.ts';

/**
 * Adds the argument's name to an upstream error that has none, where only one argument can be the cause.
 * @throws GatewayError `BAD_USER_INPUT` naming `field`; other errors unchanged.
 */
export async function attributeErrorTo<Value>(field: string, expected: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    const isUnnamed = error instanceof GatewayError && error.code === 'BAD_USER_INPUT' && error.field === undefined;
    throw isUnnamed ? badUserInput(field, expected) : error;
  }
}

/**
 * Adds the argument's name to an upstream `NOT_FOUND` that has none, where only one argument can be the cause.
 * @param missing The missing object, as it appears in the message, such as `such message`.
 * @throws GatewayError `NOT_FOUND` naming `field`; other errors unchanged.
 */
export async function missingFor<Value>(field: string, missing: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw isUnnamedAbsence(error) ? notFoundAt(field, missing) : error;
  }
}

/** Whether an error is a `NOT_FOUND` that names no argument. */
export function isUnnamedAbsence(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'NOT_FOUND' && error.field === undefined;
}

/** `NOT_FOUND` for the object that the argument `field` names. */
export function notFoundAt(field: string, missing: string): GatewayError {
  return new GatewayError('NOT_FOUND', { field, message: `${field}: there is no ${missing}.` });
}
