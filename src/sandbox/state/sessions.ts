import { randomBytes } from 'node:crypto';
import { limits } from '../bounds.ts';
import { freshToken } from '../token.ts';
import { messageEvent } from '../wire/event.ts';
import { identitiesOf } from './account.ts';
import { isExpired } from './message.ts';
import { noChanges } from './pending-changes.ts';
import type { World } from './world.ts';
import type { Account, Message, Session } from './world-types.ts';

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

/**
 * The demo key pair: the user name as key and `demo` as secret.
 * @param messages Those that may be unreceived; the seed, which makes many sessions at once, leaves out its history.
 */
export function createPortalSession(
  world: World,
  account: Account,
  messages: Iterable<Message> = world.messages.values(),
): Session {
  const identity = { id: account.username, secret: 'demo', resource: 'portal', kind: 'portal' } as const;
  return open(world, account, identity, messages);
}

/** Opens a session of an account, with a key pair of its own. */
export function createSession(
  world: World,
  account: Account,
  kind: 'login' | 'device',
  id: string,
  resource: string,
): Session {
  return open(world, account, { id, secret: randomBytes(24).toString('base64url'), resource, kind });
}

/**
 * A new session's queue holds the messages that its account has not received yet, as in a new installation. In v5 nothing is
 * queued: a new device reads the roster.
 */
function open(
  world: World,
  account: Account,
  identity: Pick<Session, 'id' | 'secret' | 'resource' | 'kind'>,
  messages: Iterable<Message> = world.messages.values(),
): Session {
  const queue = unreceivedMessages(world, account, messages).map((message) => ({
    ...messageEvent(world, message, account.token),
    id: freshToken(),
    organization: message.recipientOrganization,
    cause: undefined,
  }));
  return keep(world, {
    ...identity,
    account: account.token,
    queue,
    pending: noChanges(),
    streams: new Set(),
    presence: 'available',
  });
}

function unreceivedMessages(world: World, account: Account, messages: Iterable<Message>): Message[] {
  const identities = [...identitiesOf(world, account)];
  // The state first: it excludes nearly all messages.
  return [...messages]
    .filter(({ recipients }) => identities.some((identity) => recipients.get(identity)?.status === 'New'))
    .filter(({ target }) => target.kind !== 'list')
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
