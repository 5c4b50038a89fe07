import type { IncomingMessage } from 'node:http';
import type { OperationId } from '../contract-document.ts';
import { splitOnce } from '../http/authentication.ts';
import { unauthorized } from '../http/http-error.ts';
import { isTrue, type Reply, success } from '../http/request-context.ts';
import { findAccount, requireVisibleAccount } from '../state/account.ts';
import { createSession } from '../state/sessions.ts';
import type { World } from '../state/world.ts';
import type { Account } from '../state/world-types.ts';
import { freshToken } from '../token.ts';
import { userWire } from '../wire/user.ts';

/** A route without authentication, because it creates the session. */
export type LoginHandler = (world: World, request: IncomingMessage, fields: unknown) => Reply;

const attempts = 5;

export const loginRoutes: Partial<Readonly<Record<OperationId, LoginHandler>>> = {
  /**
   * `condensed_replays: true` switches the JavaScript SDK to the v5 paths, all of them at once, for the life of the pair. Only a
   * sign-in that requests it gets true, and only where v5 is served.
   */
  loginV5: (world, request, fields) =>
    login(world, request, fields, () => ({
      settings: {
        condensed_replays: isGranted(world, fields, 'want_condensed_replays'),
        processing_events: isGranted(world, fields, 'want_processing_events'),
      },
    })),

  loginV2: (world, request, fields) => login(world, request, fields, (waiting) => ({ pending: { messages: waiting } })),
};

function login(world: World, request: IncomingMessage, fields: unknown, more: (waiting: number) => object): Reply {
  const account = identify(world, request.headers.authorization ?? '');
  account.failedLogins = 0;
  const session = createSession(world, account, 'login', freshToken(), resourceOf(fields));
  const { key, secret, resource } = { key: session.id, secret: session.secret, resource: session.resource };
  const waiting = session.queue.filter(({ messageId }) => messageId !== undefined).length;
  const user = userWire(world, requireVisibleAccount(world, account, account.token), true);
  return success({
    user: { ...user, organization_token: account.defaultOrganization },
    auth: { key, secret, resource },
    ...more(waiting),
  });
}

/**
 * `XMPP-Simple` base64 of product key, user id and password; `Basic` of user id and password; `magic-token magic-ada`.
 * The user id is a login name, e-mail, phone or token; every demo password is `demo`.
 * @throws HttpError 401 with `TT_Login_Attempts_Left`; the sandbox counts attempts but never locks an account.
 */
function identify(world: World, authorization: string): Account {
  const [scheme, credentials] = splitOnce(authorization, ' ');
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  switch (scheme.toLowerCase()) {
    case 'xmpp-simple': {
      const [, rest] = splitOnce(decoded, ':');
      return withPassword(world, ...splitOnce(rest, ':'));
    }
    case 'basic':
      return withPassword(world, ...splitOnce(decoded, ':'));
    case 'magic-token': {
      const account = findAccount(world, credentials.replace(/^magic-/, ''));
      if (!credentials.startsWith('magic-') || account === undefined) throw rejected(undefined);
      return account;
    }
    default:
      throw rejected(undefined);
  }
}

function withPassword(world: World, userId: string, password: string): Account {
  const account = findAccount(world, userId);
  if (account === undefined || account.kind !== 'person' || password !== 'demo') throw rejected(account);
  return account;
}

function rejected(account: Account | undefined): Error {
  if (account !== undefined) account.failedLogins += 1;
  const left = Math.max(0, attempts - (account?.failedLogins ?? 1));
  return unauthorized({ TT_Login_Attempts_Left: String(left) });
}

function isGranted({ api }: World, fields: unknown, wish: string): boolean {
  return api === 'both' && typeof fields === 'object' && fields !== null && isTrue(Object(fields)[wish]);
}

function resourceOf(fields: unknown): string {
  const isObject = typeof fields === 'object' && fields !== null;
  const device = isObject && 'device_id' in fields ? String(fields.device_id) : freshToken();
  return `device_${device.slice(0, 64)}`;
}
