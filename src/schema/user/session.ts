import type { GatewayContext } from '../../context.ts';
import type { ApiKey } from '../../domain/domain.ts';
import type { BrowserSession } from '../../domain/session.ts';
import { badUserInput } from '../../errors.ts';
import { createCredential } from '../../upstream/credential.ts';
import { login, logout, type SignIn } from '../../upstream/endpoints/auth.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { UserRef } from '../refs.ts';
import { selectsSome } from '../selection.ts';

const SignInInput = builder.inputType('SignInInput', {
  description: 'The user id and password.',
  fields: (t) => ({
    userId: t.string({ required: true, description: 'Login name, e-mail address or phone number.' }),
    password: t.string({ required: true, description: 'Password of the user’s account.' }),
    session: t.boolean({
      defaultValue: false,
      description:
        'For browsers: true keeps the key pair in a sealed cookie that no script can read, in place of `key` and `secret`, which must not be selected. Over HTTP only, from a page on an allowed origin, and only where the gateway offers it (`SESSION_KEYS`). Null means false.',
    }),
  }),
});

/** Result of signing in: a key pair, or a session that holds it. */
type SignedIn = Pick<ApiKey, 'user'> &
  ({ readonly pair: ApiKey; readonly session: undefined } | { readonly pair: undefined; readonly session: Session });

interface Session {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const SessionRef = builder.objectRef<Session>('Session').implement({
  description: 'A session of the browser, held in a cookie that it sends on its own.',
  fields: (t) => ({
    expiresAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'End of the session. Subscriptions of the session end then as well.',
      resolve: ({ expiresAt }) => new Date(expiresAt).toISOString(),
    }),
  }),
});

/**
 * The pair, for its fields.
 * @throws GatewayError when a session holds it: it is not shown.
 */
function pairOf({ pair }: SignedIn): ApiKey {
  if (pair === undefined) throw pairSelected();
  return pair;
}

const pairSelected = () => badUserInput('input.session', 'false when key or secret is selected');

const SignInPayload = builder.objectRef<SignedIn>('SignInPayload').implement({
  description:
    'An API key pair, for the header `Authorization: Basic base64(key:secret)` of all other operations, or a session.',
  fields: (t) => ({
    key: t.string({
      nullable: false,
      description: 'User name of the key pair. An error with a session.',
      resolve: (signedIn) => pairOf(signedIn).key,
    }),
    secret: t.string({
      nullable: false,
      description: 'Password of the key pair; store it as securely as a password. An error with a session.',
      resolve: (signedIn) => pairOf(signedIn).secret,
    }),
    session: t.field({
      type: SessionRef,
      description: 'The session that holds the key pair; null when none was requested.',
      resolve: ({ session }) => session ?? null,
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

/** Clears a cached rejection: a key pair that was rejected and is issued again is valid. */
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

const pairFields: ReadonlySet<string> = new Set(['key', 'secret']);

/** The session that the request may start. @throws GatewayError `BAD_USER_INPUT` when it may not. */
function startable({ caller: { session } }: GatewayContext): BrowserSession {
  if (session === undefined) throw badUserInput('input.session', 'false, because this gateway offers no sessions');
  session.assertStartable();
  return session;
}

builder.mutationFields((t) => ({
  signIn: t.field({
    type: SignInPayload,
    description:
      'Exchanges user id and password for an API key pair, or for a session that holds it. The only operation that requires no credential; a credential sent with it does not affect which user signs in.',
    extensions: { anonymous: true, ...costs({ perParent: 1 }) },
    args: { input: t.arg({ type: SignInInput, required: true, description: 'The user id and password.' }) },
    resolve: async (_root, { input }, context, info) => {
      if (input.userId.trim() === '' || input.userId.length > maxUserIdLength)
        throw badUserInput('input.userId', 'a login name, e-mail address or phone number');
      // In HTTP Basic the name ends at the first colon (RFC 7617).
      if (context.services.productKey === undefined && input.userId.includes(':'))
        throw badUserInput('input.userId', 'a name without a colon');
      if (input.password === '' || input.password.length > maxPasswordLength)
        throw badUserInput('input.password', `a password of at most ${maxPasswordLength} characters`);
      const session = input.session === true ? startable(context) : undefined;
      if (session !== undefined && selectsSome(info, pairFields)) throw pairSelected();
      const { userId, password } = input;
      const pair = await signIn(context, { userId, password, productKey: context.services.productKey });
      if (session === undefined) return { user: pair.user, pair, session };
      return { user: pair.user, pair: undefined, session: { expiresAt: await session.start(pair) } };
    },
  }),
  signOut: t.field({
    type: SignOutPayload,
    extensions: costs({ perParent: 1 }),
    description:
      'Invalidates the key pair in use. Over HTTP it also removes the cookie of a session, even when the upstream is unreachable: a copy of the cookie is then valid until its end.',
    resolve: async (_root, _args, context) => {
      try {
        return await logout(context.upstream);
      } finally {
        context.caller.session?.end();
      }
    },
  }),
}));
