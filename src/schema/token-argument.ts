import type { GatewayContext } from '../context.ts';
import { tokenPattern, type User } from '../domain/domain.ts';
import { badUserInput } from '../errors.ts';
import { addressOf, type NodeType } from './id.ts';

/** Token of the user or group in an argument, in any form of address; undefined when the argument is left out. */
export async function resolveToken(
  types: readonly NodeType[],
  value: string | null | undefined,
  field: string,
  context: GatewayContext,
): Promise<string | undefined> {
  if (value == null) return undefined;
  const address = addressOf(types, value, field);
  if (tokenPattern.test(address)) return address;
  const user: User | undefined = await context.loaders.users().load(address);
  if (user === undefined) throw badUserInput(field, 'a user the caller may see');
  return user.token;
}
