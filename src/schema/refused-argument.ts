import { badUserInput, GatewayError } from '../errors.ts';

/**
 * The upstream refuses a request without saying which argument it means. Where only one can be meant, the error names it.
 * @throws GatewayError `BAD_USER_INPUT` naming `field`; every other error as it is.
 */
export async function refusedFor<Value>(field: string, expected: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    const isUnnamed = error instanceof GatewayError && error.code === 'BAD_USER_INPUT' && error.field === undefined;
    throw isUnnamed ? badUserInput(field, expected) : error;
  }
}
