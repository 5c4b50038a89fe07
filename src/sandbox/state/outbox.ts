import { limits } from '../bounds.ts';
import { freshToken } from '../token.ts';
import type { World } from './world.ts';
import type { EventDraft, SandboxEvent, Session } from './world-types.ts';

/** Shared by all frames that are never stored (EVENTS.md §3). */
export const ephemeralEventId = '00000000-0000-0000-0000-000000000001';

/** Puts the event into the queue of every session of the account, and of a role's owners, and onto their open streams. */
export function deliver(world: World, account: string, draft: EventDraft, organization?: string): void {
  const event = { ...draft, id: draft.stored ? freshToken() : ephemeralEventId, organization };
  for (const reader of [account, ...(world.accounts.get(account)?.owners ?? [])]) {
    for (const session of world.sessionsByAccount.get(reader) ?? []) offer(session, event);
  }
}

function offer(session: Session, event: SandboxEvent): void {
  if (event.stored) {
    session.queue.push(event);
    if (session.queue.length > limits.queuedEvents) session.queue.shift();
  }
  for (const stream of session.streams) stream.offer(event);
}

/** Takes events out of a session's queue; unknown ids and the shared id of never-stored frames are no error. */
export function acknowledge(session: Session, ids: ReadonlySet<string>): SandboxEvent[] {
  const acknowledged = session.queue.filter((event) => ids.has(event.id));
  if (acknowledged.length > 0) session.queue = session.queue.filter((event) => !ids.has(event.id));
  return acknowledged;
}

/** Forgets the message's own events, so that nothing expired or recalled is replayed. */
export function forgetMessageEvents(world: World, messageIds: ReadonlySet<string>, account?: string): void {
  const sessions = account === undefined ? world.sessions.values() : (world.sessionsByAccount.get(account) ?? []);
  for (const session of sessions) {
    session.queue = session.queue.filter((event) => event.messageId === undefined || !messageIds.has(event.messageId));
  }
}
