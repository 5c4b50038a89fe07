import { timingSafeEqual } from 'node:crypto';
import { unauthorized } from './refusal.ts';
import type { Account } from './state/account.ts';
import type { Session } from './state/session.ts';
import { createSession } from './state/sessions.ts';
import type { World } from './state/world.ts';

export interface Caller {
  readonly account: Account;
  readonly session: Session;
}

/**
 * Who is calling. `Basic` with an API key and its secret; or, as the newest official SDK may send, `Bearer` together
 * with `X-Device-ID`, whose demo form here is key, dot, secret (`Bearer ada.demo`). Each device is a session of its own.
 * @throws Refusal 401.
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

function callerOf(world: World, key: string, secret: string): Caller {
  const session = world.sessions.get(key);
  const account = session === undefined ? undefined : world.accounts.get(session.account);
  if (session === undefined || account === undefined || session.kind === 'device' || !isSame(session.secret, secret)) {
    throw unauthorized();
  }
  return { account, session };
}

export function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
