import type { GatewayContext } from '../context.ts';
import type { ApiKey } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { createCredential } from '../upstream/credential.ts';
import { login, logout, type SignIn } from '../upstream/endpoints/auth.ts';
import { builder } from './builder.ts';
import { costs } from './field-cost.ts';
import { UserRef } from './refs.ts';

const SignInInput = builder.inputType('SignInInput', {
  description: 'The user id and password.',
  fields: (t) => ({
    userId: t.string({ required: true, description: 'Login name, e-mail address or phone number.' }),
    password: t.string({ required: true, description: 'Password of the user’s account.' }),
  }),
});

const SignInPayload = builder.objectRef<ApiKey>('SignInPayload').implement({
  description: 'An API key pair, for the header `Authorization: Basic base64(key:secret)` of all other operations.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'User name of the key pair.' }),
    secret: t.exposeString('secret', {
      nullable: false,
      description: 'Password of the key pair; store it as securely as a password.',
    }),
    user: t.field({
      type: UserRef,
      nullable: false,
      description:
        'The user who signed in. Fields that the upstream’s sign-in response does not contain, such as `organizations`, are read with the credential of the request, not with the new pair.',
      resolve: ({ user }) => user,
    }),
  }),
});

const SignOutPayload = builder.objectRef<{ externalLogoutUrl: string | undefined }>('SignOutPayload').implement({
  description: 'The key pair in use is no longer valid.',
  fields: (t) => ({
    externalLogoutUrl: t.field({
      type: 'URL',
      description: 'Address of the logout page for accounts with single sign-on; null for other accounts.',
      resolve: (payload) => payload.externalLogoutUrl ?? null,
    }),
  }),
});

/** Above the maximum length of an e-mail address (RFC 5321). */
const maxUserIdLength = 320;
/** User id and password travel in one header, and servers limit a header to about 8 KiB. */
const maxPasswordLength = 1_000;

/** A key pair that was rejected a moment ago and is issued again is valid from now on. */
async function signIn({ signInUpstream, services }: GatewayContext, person: SignIn): Promise<ApiKey> {
  const { versions } = services.conversationMemory;
  const pair = await login(signInUpstream, { ...person, wantsCondensedReplays: versions.wantsCondensedReplays });
  const credential = createCredential(`Basic ${Buffer.from(`${pair.key}:${pair.secret}`).toString('base64')}`);
  services.upstream.standing.clearRejection(credential);
  services.conversationMemory.addAccount(credential.key, pair.user.token);
  if (pair.hasCondensedReplays) versions.offered(credential);
  else if (versions.wantsCondensedReplays) versions.refused(credential);
  else versions.forget(credential);
  return pair;
}

builder.mutationFields((t) => ({
  signIn: t.field({
    type: SignInPayload,
    description:
      'Exchanges user id and password for an API key pair. The only operation that requires no credential; a credential sent with it does not affect which user signs in.',
    extensions: { anonymous: true, ...costs({ perParent: 1 }) },
    args: { input: t.arg({ type: SignInInput, required: true, description: 'The user id and password.' }) },
    resolve: (_root, { input }, context) => {
      if (input.userId.trim() === '' || input.userId.length > maxUserIdLength)
        throw badUserInput('input.userId', 'a login name, e-mail address or phone number');
      // In HTTP Basic the name ends at the first colon (RFC 7617).
      if (context.services.productKey === undefined && input.userId.includes(':'))
        throw badUserInput('input.userId', 'a name without a colon');
      if (input.password === '' || input.password.length > maxPasswordLength)
        throw badUserInput('input.password', `a password of at most ${maxPasswordLength} characters`);
      return signIn(context, { ...input, productKey: context.services.productKey });
    },
  }),
  signOut: t.field({
    type: SignOutPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Invalidates the key pair in use.',
    resolve: (_root, _args, context) => logout(context.upstream),
  }),
}));
