import type { GatewayContext } from '../context.ts';
import type { ApiKey } from '../domain.ts';
import { badUserInput } from '../errors.ts';
import { createCredential } from '../upstream/credential.ts';
import { login, logout, type SignIn } from '../upstream/endpoints/auth.ts';
import { builder } from './builder.ts';
import { costs } from './field-cost.ts';
import { UserRef } from './refs.ts';

const SignInInput = builder.inputType('SignInInput', {
  description: 'Who signs in.',
  fields: (t) => ({
    userId: t.string({ required: true, description: 'Login name, e-mail address or phone number.' }),
    password: t.string({ required: true, description: 'The password.' }),
  }),
});

const SignInPayload = builder.objectRef<ApiKey>('SignInPayload').implement({
  description: 'An API key pair: `Authorization: Basic base64(key:secret)` for everything else.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: false, description: 'The user name of the pair.' }),
    secret: t.exposeString('secret', { nullable: false, description: 'The password of the pair; keep it like one.' }),
    user: t.field({
      type: UserRef,
      nullable: false,
      description:
        'Who signed in. What the answer to signing in does not hold, such as `organizations`, is read with the credential of the request, not with the new pair.',
      resolve: ({ user }) => user,
    }),
  }),
});

const SignOutPayload = builder.objectRef<{ externalLogoutUrl: string | undefined }>('SignOutPayload').implement({
  description: 'The key pair in use is no longer good.',
  fields: (t) => ({
    externalLogoutUrl: t.field({
      type: 'URL',
      description: 'Page to visit for accounts with single sign-on; null for the others.',
      resolve: (payload) => payload.externalLogoutUrl ?? null,
    }),
  }),
});

/** A pair that was refused a moment ago, and is given out again, is good from now on. */
async function signIn({ signInUpstream, services }: GatewayContext, person: SignIn): Promise<ApiKey> {
  const pair = await login(signInUpstream, person);
  const authorization = `Basic ${Buffer.from(`${pair.key}:${pair.secret}`).toString('base64')}`;
  services.upstream.standing.forgive(createCredential(authorization));
  return pair;
}

builder.mutationFields((t) => ({
  signIn: t.field({
    type: SignInPayload,
    description:
      'Exchanges user id and password for an API key pair. The only operation that needs no credential; one that is sent all the same, good or not, has no say in who signs in.',
    extensions: { anonymous: true, ...costs({ perParent: 1 }) },
    args: { input: t.arg({ type: SignInInput, required: true, description: 'Who.' }) },
    resolve: (_root, { input }, context) => {
      if (input.userId.trim() === '')
        throw badUserInput('input.userId', 'a login name, e-mail address or phone number');
      // HTTP Basic ends the name at the first colon (RFC 7617).
      if (context.services.productKey === undefined && input.userId.includes(':'))
        throw badUserInput('input.userId', 'a name without a colon');
      if (input.password === '') throw badUserInput('input.password', 'a password');
      return signIn(context, { ...input, productKey: context.services.productKey });
    },
  }),
  signOut: t.field({
    type: SignOutPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Makes the key pair in use invalid.',
    resolve: (_root, _args, context) => logout(context.upstream),
  }),
}));
