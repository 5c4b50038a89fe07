import { randomBytes } from 'node:crypto';
import { limits } from '../bounds.ts';
import { freshToken } from '../token.ts';
import { messageEvent } from '../wire/event.ts';
import { identitiesOf } from './account.ts';
import { isExpired } from './message.ts';
import type { World } from './world.ts';
import type { Account, Session } from './world-types.ts';

function keep(world: World, session: Session): Session {
  const siblings = world.sessionsByAccount.get(session.account) ?? new Set();
  world.sessionsByAccount.set(session.account, siblings);
  world.sessions.set(session.id, session);
  siblings.add(session);
  const passing = [...siblings].filter(({ kind }) => kind !== 'portal');
  const oldest = passing[0];
  if (oldest !== undefined && passing.length > limits.sessionsPerAccount) endSession(world, oldest);
  return session;
}

/** The demo key pair: the user name as key and `demo` as secret. */
export function createPortalSession(world: World, account: Account): Session {
  return open(world, account, { id: account.username, secret: 'demo', resource: 'portal', kind: 'portal' });
}

export function createSession(
  world: World,
  account: Account,
  kind: 'login' | 'device',
  id: string,
  resource: string,
): Session {
  return open(world, account, { id, secret: randomBytes(24).toString('base64url'), resource, kind });
}

/** A new session's queue holds the messages its account has not received yet, as in a new installation. */
function open(world: World, account: Account, identity: Pick<Session, 'id' | 'secret' | 'resource' | 'kind'>): Session {
  const queue = unreceivedMessages(world, account).map((message) => ({
    ...messageEvent(world, message, account.token),
    id: freshToken(),
    organization: message.recipientOrganization,
  }));
  return keep(world, { ...identity, account: account.token, queue, streams: new Set(), presence: 'available' });
}

function unreceivedMessages(world: World, account: Account) {
  const identities = identitiesOf(world, account);
  return [...world.messages.values()]
    .filter(({ target }) => target.kind !== 'list')
    .filter((message) => [...identities].some((identity) => message.recipients.get(identity)?.status === 'New'))
    .filter((message) => !message.recalled && !isExpired(world, message) && !message.erasedFor.has(account.token))
    .slice(-limits.queuedEvents);
}

/** Closes the session's streams and invalidates its key pair. A demo key pair stays valid. */
export function endSession(world: World, session: Session): void {
  for (const stream of session.streams) stream.close();
  if (session.kind === 'portal') return;
  world.sessions.delete(session.id);
  world.sessionsByAccount.get(session.account)?.delete(session);
}
