import { badUserInput, GatewayError } from '../errors.ts';

/**
 * The upstream refuses a request without saying which argument it means. Where only one can be meant, the error names it.
 * @throws GatewayError `BAD_USER_INPUT` naming `field`; every other error as it is.
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
 * The upstream says that something is not there without saying what. Where only one argument can be meant, the error names it.
 * @param missing What is not there, such as `such message`.
 * @throws GatewayError `NOT_FOUND` naming `field`; every other error as it is.
 */
export async function missingFor<Value>(field: string, missing: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw isUnnamedAbsence(error) ? notThere(field, missing) : error;
  }
}

/** Whether an error says that something is not there, and not what. */
export function isUnnamedAbsence(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'NOT_FOUND' && error.field === undefined;
}

/** `NOT_FOUND` for what the argument `field` names. */
export function notThere(field: string, missing: string): GatewayError {
  return new GatewayError('NOT_FOUND', { field, message: `${field}: there is no ${missing}.` });
}
