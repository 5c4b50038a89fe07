import { findConversation } from '../state/conversation.ts';
import type { Conversation } from '../state/conversation-types.ts';
import { foldChanges } from '../state/pending-changes.ts';
import type { World } from '../state/world.ts';
import type { Account, SandboxEvent, Session } from '../state/world-types.ts';
import { freshToken } from '../token.ts';
import { friendsPayload } from '../wire/v5/event.ts';
import { type Frame, frameOf } from './event-frame.ts';

/**
 * The replay of a v5 stream after an absence (EVENTS-v5.md §5): one `friends` frame for each conversation with unacknowledged
 * changes, in its present state, and the events that belong to no conversation. Ended conversations come first, and notices and
 * updates last, because a client drops those of a group it does not know.
 */
export function condensedReplay(
  world: World,
  account: Account,
  session: Session,
  features: ReadonlySet<string>,
  isWanted: (event: Pick<SandboxEvent, 'needs' | 'organization'>) => boolean,
): Frame[] {
  const { conversations, others } = session.pending;
  const isEnd = ({ v5 }: SandboxEvent) => v5?.change === 'gone';
  const framesOf = (events: readonly SandboxEvent[]) =>
    events.filter(isWanted).flatMap((event) => frameOf(event, 'v5', features, session) ?? []);
  const changed = [...conversations.keys()].flatMap((id) => {
    const conversation = reachable(world, account, id);
    if (conversation === undefined) {
      conversations.delete(id);
      return [];
    }
    if (!isWanted({ organization: conversation.organization })) return [];
    const frame = freshToken();
    const action = foldChanges(session.pending, id, frame) === 'content' ? 'add' : 'update';
    const payload = friendsPayload(world, action, conversation, features, account.token);
    return payload === undefined ? [] : [{ id: frame, type: 'tigertext:iq:friends', payload }];
  });
  return [...framesOf(others.filter(isEnd)), ...changed, ...framesOf(others.filter((event) => !isEnd(event)))];
}

/** @returns Undefined when the account no longer takes part in the conversation. */
function reachable(world: World, account: Account, id: string): Conversation | undefined {
  try {
    return findConversation(world, account, id);
  } catch {
    return undefined;
  }
}
