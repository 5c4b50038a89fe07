/**
 * Unacknowledged changes of a session's v5 streams. An absence folds all changes of one conversation into one frame (EVENTS-v5.md
 * §5), so conversations are stored instead of their events.
 */
import { limits } from '../bounds.ts';
import type { PendingChanges, SandboxEvent } from './world-types.ts';

type Change = 'content' | 'state';

/** The pending changes of a session without changes. */
export function noChanges(): PendingChanges {
  return { conversations: new Map(), others: [], frames: new Map() };
}

/** Key of all events above `limits.queuedEvents`. Only a condensed frame acknowledges them. */
const overflow = '';

/** Folds an event into the pending changes. */
export function rememberChange(pending: PendingChanges, event: SandboxEvent): void {
  const { conversationId, change } = event.v5 ?? {};
  if (conversationId === undefined || change === undefined || change === 'gone') {
    if (conversationId !== undefined && change === 'gone') pending.conversations.delete(conversationId);
    pending.others.push(event);
    if (pending.others.length > limits.queuedEvents) pending.others.shift();
    return;
  }
  // The conversation exists again: its end is obsolete.
  pending.others = pending.others.filter(({ v5 }) => v5?.change !== 'gone' || v5.conversationId !== conversationId);
  const changes = pending.conversations.get(conversationId) ?? new Map<string, Change>();
  pending.conversations.set(conversationId, changes.set(event.id, change));
  if (changes.size <= limits.queuedEvents) return;
  const [oldest] = [...changes.keys()].filter((id) => id !== overflow);
  if (oldest === undefined) return;
  const dropped = changes.get(overflow) === 'content' ? 'content' : (changes.get(oldest) ?? 'state');
  changes.delete(oldest);
  changes.set(overflow, dropped);
}

/** The changes of a conversation under one new id. @returns Whether they are content, or only states. */
export function foldChanges(pending: PendingChanges, conversation: string, frame: string): Change {
  const changes = pending.conversations.get(conversation) ?? new Map<string, Change>();
  pending.frames.set(frame, { conversation, events: [...changes.keys()] });
  const [oldest] = pending.frames.keys();
  if (oldest !== undefined && pending.frames.size > limits.queuedEvents) pending.frames.delete(oldest);
  return [...changes.values()].includes('content') ? 'content' : 'state';
}

/** Acknowledges events, and condensed frames with all that was folded into them. */
export function acknowledgeChanges(pending: PendingChanges, ids: ReadonlySet<string>): void {
  if (pending.others.some(({ id }) => ids.has(id))) {
    pending.others = pending.others.filter(({ id }) => !ids.has(id));
  }
  for (const id of ids) {
    const frame = pending.frames.get(id);
    if (frame === undefined) continue;
    pending.frames.delete(id);
    for (const event of frame.events) pending.conversations.get(frame.conversation)?.delete(event);
  }
  for (const [conversation, changes] of pending.conversations) {
    for (const id of ids) if (id !== overflow) changes.delete(id);
    if (changes.size === 0) pending.conversations.delete(conversation);
  }
}
