import { limits } from '../bounds.ts';
import { freshToken } from '../token.ts';
import { acknowledgeChanges, rememberChange } from './pending-changes.ts';
import type { World } from './world.ts';
import type { EventDraft, SandboxEvent, Session } from './world-types.ts';

/** Id of all events that are not stored (EVENTS.md §3). */
export const ephemeralEventId = '00000000-0000-0000-0000-000000000001';

/**
 * Queues the event for every session of the account, and of the owners of a role, and writes it to their open streams.
 * @param cause The session whose own v5 streams are left out. A ready-made pair may be several devices, which the server
 *   cannot distinguish, so it is never left out.
 */
export function deliver(
  world: World,
  account: string,
  draft: EventDraft,
  organization?: string,
  cause?: Session | undefined,
): void {
  const event = {
    ...draft,
    id: draft.stored ? freshToken() : ephemeralEventId,
    organization,
    cause: cause?.kind === 'portal' ? undefined : cause,
  };
  for (const reader of [account, ...(world.accounts.get(account)?.owners ?? [])]) {
    for (const session of world.sessionsByAccount.get(reader) ?? []) offer(world, session, event);
  }
}

function offer(world: World, session: Session, event: SandboxEvent): void {
  if (event.stored && world.api === 'both' && event.v5 !== null && event.cause !== session) {
    rememberChange(session.pending, event);
  }
  if (event.stored && event.isV5Only !== true) {
    session.queue.push(event);
    if (session.queue.length > limits.queuedEvents) session.queue.shift();
  }
  for (const stream of session.streams) stream.offer(event);
}

/** Removes events from a session's queues. Unknown ids, and the id of events that are not stored, are ignored. */
export function acknowledge(session: Session, ids: ReadonlySet<string>): SandboxEvent[] {
  const acknowledged = session.queue.filter((event) => ids.has(event.id));
  if (acknowledged.length > 0) session.queue = session.queue.filter((event) => !ids.has(event.id));
  acknowledgeChanges(session.pending, ids);
  return acknowledged;
}

/** Removes queued events of expired or recalled messages, so that they are not replayed. */
export function forgetMessageEvents(world: World, messageIds: ReadonlySet<string>, account?: string): void {
  const sessions = account === undefined ? world.sessions.values() : (world.sessionsByAccount.get(account) ?? []);
  for (const session of sessions) {
    session.queue = session.queue.filter((event) => event.messageId === undefined || !messageIds.has(event.messageId));
  }
}
