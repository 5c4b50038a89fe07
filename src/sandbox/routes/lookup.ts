import { badRequest } from '../http/http-error.ts';
import { bodyOf, pathValue, type Routes, success } from '../http/request-context.ts';
import {
  createOutsideAccount,
  findAccount,
  isContactAddress,
  requireVisibleAccount,
  visibleAccount,
} from '../state/account.ts';
import { consumerOrganization } from '../state/organization.ts';
import type { Account } from '../state/world-types.ts';

function lookupWire({ token, displayName }: Account): object {
  return { token, display_name: displayName };
}

export const lookupRoutes = {
  lookupUser: (context) => {
    const { world, caller } = context;
    return success(lookupWire(requireVisibleAccount(world, caller, pathValue(context, 'user_address')).account));
  },

  /** Answers 400 for an unusable address: the only status that the JavaScript SDK reads as "no user". */
  lookupOrCreateUser: (context) => {
    const { world, caller } = context;
    const { display_name, email_address, phone_number } = bodyOf(context, 'lookupOrCreateUser');
    const candidates = [pathValue(context, 'user_address'), email_address, phone_number].filter(
      (text) => text !== undefined,
    );
    for (const address of candidates) {
      const known = findAccount(world, address);
      if (known !== undefined && visibleAccount(world, caller, known, undefined) !== undefined)
        return success(lookupWire(known));
    }
    const address = candidates.find((text) => isContactAddress(text) && findAccount(world, text) === undefined);
    if (address === undefined) throw badRequest('user_address: expected an e-mail address or a phone number');
    const created = createOutsideAccount(world, address, consumerOrganization, display_name);
    return success(lookupWire(created));
  },
} satisfies Routes;
