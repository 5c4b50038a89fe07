import { timingSafeEqual } from 'node:crypto';
import { findAccount } from '../state/account.ts';
import { createSession } from '../state/sessions.ts';
import type { World } from '../state/world.ts';
import type { Account, Session } from '../state/world-types.ts';
import { unauthorized } from './http-error.ts';

export interface Caller {
  readonly account: Account;
  readonly session: Session;
}

/**
 * Authenticates a request: `Basic` with an API key and its secret, or `Bearer` together with `X-Device-ID`, which the
 * newest official SDK may send. The sandbox's bearer token is key, dot, secret (`Bearer ada.demo`). Each device has its own
 * session.
 * @throws HttpError 401.
 */
export function authenticate(world: World, authorization: string | undefined, deviceId: string | undefined): Caller {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(/ +/, 2);
  switch (scheme.toLowerCase()) {
    case 'basic': {
      const [key, secret] = splitOnce(Buffer.from(credentials, 'base64').toString('utf8'), ':');
      return callerOf(world, key, secret);
    }
    case 'bearer': {
      if (deviceId === undefined || deviceId === '') throw unauthorized();
      const [key, secret] = splitOnce(credentials, '.');
      const { account, session } = callerOf(world, key, secret);
      const id = `${session.id} ${deviceId}`;
      return { account, session: world.sessions.get(id) ?? createSession(world, account, 'device', id, deviceId) };
    }
    default:
      throw unauthorized();
  }
}

/**
 * The owner of an attachment token, which links contain in place of the Authorization header. The first use shortens the token's
 * lifetime to `expireAfterUsedMs`.
 * @throws HttpError 401 for an unknown or expired token.
 */
export function admit(world: World, token: string): Caller {
  const pass = world.attachmentTokens.get(token);
  const account = world.accounts.get(pass?.account ?? '');
  const [session] = world.sessionsByAccount.get(account?.token ?? '') ?? [];
  const now = world.clock.now();
  if (pass === undefined || account === undefined || session === undefined || now >= pass.expiresAt)
    throw unauthorized();
  pass.expiresAt = Math.min(pass.expiresAt, now + pass.expireAfterUsedMs);
  return { account, session };
}

function callerOf(world: World, key: string, secret: string): Caller {
  const session = world.sessions.get(key);
  const account = session === undefined ? undefined : world.accounts.get(session.account);
  if (session === undefined || account === undefined || session.kind === 'device' || !isSame(session.secret, secret)) {
    throw unauthorized();
  }
  return { account, session };
}

/**
 * User name of the account whose key, user id or attachment token the request carries, without checking the secret. Used
 * to match faults and for the request log. @returns Null when there is none.
 */
export function claimedCaller(world: World, authorization: string | undefined, pass: string | null): string | null {
  if (pass !== null) return world.accounts.get(world.attachmentTokens.get(pass)?.account ?? '')?.username ?? null;
  const name = claimedName(authorization ?? '');
  const account = world.accounts.get(world.sessions.get(name)?.account ?? '') ?? findAccount(world, name);
  return account?.username ?? null;
}

function claimedName(authorization: string): string {
  const [scheme, rest] = splitOnce(authorization, ' ');
  const credentials = rest.trim();
  const decoded = () => Buffer.from(credentials, 'base64').toString('utf8');
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return splitOnce(credentials, '.')[0];
    case 'xmpp-simple':
      return splitOnce(splitOnce(decoded(), ':')[1], ':')[0];
    case 'magic-token':
      return credentials.replace(/^magic-/, '');
    default:
      return splitOnce(decoded(), ':')[0];
  }
}

/** The text before and after the first separator; all of it and an empty text when there is none. */
export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
