/** Accounts by address, and remote sign-out. */
import type { User } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { isReachable } from '../../upstream/endpoints/server-status.ts';
import { lookupOrCreateUser, lookupUser, wipeUser } from '../../upstream/endpoints/user.ts';
import { attributeErrorTo, missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { canBecomeAccount, encodeId, tokenOf, userAddress } from '../id.ts';
import { UserRef, userReference } from '../refs.ts';

interface FoundUser {
  readonly token: string;
  readonly wasCreated: boolean;
}

const FindOrCreateUserInput = builder.inputType('FindOrCreateUserInput', {
  description: 'The address of the account to find or create.',
  fields: (t) => ({
    address: t.string({
      required: true,
      description: 'An e-mail address, or a phone number with plus and country code.',
    }),
  }),
});

const FindOrCreateUserPayload = builder.objectRef<FoundUser>('FindOrCreateUserPayload').implement({
  description: 'The account that was found or created.',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description: 'The account; with `id` and `token` alone when the caller may not see it.',
      resolve: ({ token }, _args, context, info) => userReference(token, context, info),
    }),
    wasCreated: t.exposeBoolean('wasCreated', {
      nullable: false,
      description: 'Whether this call created the account.',
    }),
  }),
});

const WipeUserInput = builder.inputType('WipeUserInput', {
  description: 'The account to sign out everywhere.',
  fields: (t) => ({ user: t.id({ required: true, description: 'Global id or token of the account.' }) }),
});

const WipeUserPayload = builder.objectRef<Pick<User, 'token'>>('WipeUserPayload').implement({
  description: 'The account that was signed out.',
  fields: (t) => ({
    wipedUserId: t.id({
      nullable: false,
      description: 'Global id of the account.',
      resolve: ({ token }) => encodeId('User', token),
    }),
  }),
});

builder.queryFields((t) => ({
  isUpstreamReachable: t.boolean({
    nullable: false,
    extensions: costs({ perParent: 1 }),
    description: 'Whether the upstream answers. Each selection sends one request to it.',
    resolve: (_root, _args, context) => isReachable(context.upstream),
  }),
}));

builder.mutationFields((t) => ({
  findOrCreateUser: t.field({
    type: FindOrCreateUserPayload,
    // The address twice; and the caller's account, which is read again after the creation of another.
    extensions: costs({ perParent: 3 }),
    description:
      'Returns the account of an e-mail address or phone number and creates it when none exists. Nothing is sent to the address.',
    args: { input: t.arg({ type: FindOrCreateUserInput, required: true, description: 'The address of the account.' }) },
    resolve: async (_root, { input }, context) => {
      const address = userAddress(input.address, 'input.address');
      const expected = 'an e-mail address or phone number';
      if (!canBecomeAccount(address)) throw badUserInput('input.address', expected);
      const wasCreated = (await lookupUser(context.upstream, address)) === undefined;
      const creation = lookupOrCreateUser(context.upstream, address);
      const { token } = await attributeErrorTo('input.address', expected, creation);
      if (wasCreated) context.loaders.clearUsers();
      return { token, wasCreated };
    },
  }),
  wipeUser: t.field({
    type: WipeUserPayload,
    extensions: costs({ perParent: 1 }),
    description:
      'Signs an account out of every device and makes the devices erase their data. Allowed for administrators, and for the caller’s own account.',
    args: { input: t.arg({ type: WipeUserInput, required: true, description: 'The account to sign out, by id.' }) },
    resolve: async (_root, { input }, context) => {
      const token = tokenOf('User', input.user, 'input.user');
      await missingFor('input.user', 'such account', wipeUser(context.upstream, token));
      return { token };
    },
  }),
}));
