import type { components } from '../../../generated/contract-v5.ts';
import { counterpartOf } from '../../state/conversation.ts';
import type { Conversation } from '../../state/conversation-types.ts';
import { type Summary, summaryOf } from '../../state/conversation-view.ts';
import { currentMutes } from '../../state/mute.ts';
import type { World } from '../../state/world.ts';
import type { Account, Message } from '../../state/world-types.ts';
import { counterpartEntity } from './entity.ts';
import { messageReference, secondsLeft, timelineMessage } from './message.ts';

type Schemas = components['schemas'];

/** The counts of a conversation in the form of v5. */
export function countsWire({ unread, unreadPriority }: Summary): Schemas['UnreadCounts'] {
  return { unread_message_count: unread, unread_priority_message_count: unreadPriority };
}

function firstExpiringWire(world: World, { firstExpiring }: Summary): Schemas['FirstExpiringMessage'] | null {
  if (firstExpiring === undefined) return null;
  return {
    message_id: firstExpiring.id,
    expire_in: secondsLeft(world, firstExpiring),
    sender_token: firstExpiring.sender,
    sender_organization: firstExpiring.senderOrganization,
  };
}

/** Running escalations of its messages. */
function escalationsIn(world: World, { kind, parties }: Conversation): number {
  if (kind !== 'group') return 0;
  const ofGroup = [...world.escalations.values()].filter(({ group }) => group === parties[0]);
  return ofGroup.filter(({ status }) => status === 'in_progress').length;
}

/** Null when not muted, and when the time of the mute is over: an empty object counts as muted (contract, `muted`). */
function muteState(world: World, account: Account, conversation: Conversation): Schemas['MuteState'] | null {
  const { kind, token } = counterpartOf(conversation, account.token);
  const mute = currentMutes(world, account.token).find(
    (each) => each.kind === kind && each.token === token && each.organization === conversation.organization,
  );
  return mute === undefined ? null : { mute_start: mute.start, mute_duration: mute.minutes };
}

export interface ItemOptions {
  readonly features: ReadonlySet<string>;
  readonly withMetadata: boolean;
  /** Events carry only the reference to the last message. */
  readonly lastMessage: 'whole' | 'reference';
}

/** A conversation as the account sees it, all values from one reading of the state. */
export function conversationItem(
  world: World,
  account: Account,
  conversation: Conversation,
  { features, withMetadata, lastMessage }: ItemOptions,
): Schemas['ConversationItem'] {
  const entity = counterpartEntity(world, account, conversation, withMetadata);
  if (entity === undefined) throw new Error('a conversation without a counterpart');
  const summary = summaryOf(world, account.token, conversation);
  const last = summary.lastMessage;
  const wire = (message: Message) =>
    lastMessage === 'whole' ? timelineMessage(world, account, message, features) : messageReference(message);
  return {
    conversation_id: conversation.id,
    organization_id: conversation.organization,
    entity,
    last_message: last === undefined ? null : wire(last),
    ...countsWire(summary),
    first_expiring_unread_message: firstExpiringWire(world, summary),
    in_progress_escalation_count: escalationsIn(world, conversation),
    lowest_sort_number: summary.lowestUndelivered,
    muted: muteState(world, account, conversation),
  };
}

/** The state of the conversation in an event about a message, for one of its readers. */
export function eventCounts(world: World, reader: string, conversation: Conversation) {
  const summary = summaryOf(world, reader, conversation);
  return {
    counts: countsWire(summary),
    last_message: summary.lastMessage === undefined ? null : messageReference(summary.lastMessage),
    first_expiring_unread_message: firstExpiringWire(world, summary),
  };
}
