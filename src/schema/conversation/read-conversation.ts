/** Reads of a conversation: its state when the upstream has v5, otherwise what v2 has of it. */
import type { GatewayContext } from '../../context.ts';
import type { Conversation, ConversationState } from '../../domain/conversation.ts';
import type { ConversationKey, Counterpart, EntityKind, Mute } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { conversationReference } from '../refs.ts';

/**
 * Null when the conversation does not exist for the caller. Costs one call, and further ones on the first read. A conversation
 * whose state cannot be read is only a reference: the fields that need the state fail individually.
 */
export async function readConversation(key: ConversationKey, context: GatewayContext): Promise<Conversation | null> {
  const { conversations } = context.loaders;
  try {
    if (await conversations.isAvailable()) {
      const state = await conversations.state(key);
      if (state !== undefined) return { kind: 'CONVERSATION', key: state.key, state };
      if (await conversations.isAvailable()) return null;
    }
  } catch (error) {
    if (error instanceof GatewayError) return conversationReference(key);
    throw error;
  }
  return readWithoutHistory(key, context);
}

/** On v2 the caller has a conversation with every user, group and list of the organization that the caller may see. */
export async function readWithoutHistory(
  { counterpart: token, organization, kind }: ConversationKey,
  context: GatewayContext,
): Promise<Conversation | null> {
  const { loaders } = context;
  const mayBe = (wanted: EntityKind) => kind === undefined || kind === wanted;
  const counterpart =
    (mayBe('USER') ? await loaders.member(token, organization) : undefined) ??
    (mayBe('GROUP') ? inOrganization(await loaders.groups.load(token), organization) : undefined) ??
    (mayBe('LIST') ? inOrganization(await loaders.lists.load(token), organization) : undefined);
  if (counterpart === undefined) return null;
  return { kind: 'CONVERSATION', key: { counterpart: token, organization, kind: counterpart.kind }, counterpart };
}

/** The group or list, unless it belongs to another organization. */
function inOrganization<Found extends Counterpart>(found: Found | undefined, organization: string): Found | undefined {
  return found?.organizationKey === undefined || found.organizationKey === organization ? found : undefined;
}

/** The state, which may have arrived with the conversation; undefined without v5, and when it is absent for the caller. */
export function stateOf(
  conversation: Conversation,
  { loaders }: GatewayContext,
): PromiseOrValue<ConversationState | undefined> {
  const { state, key, isOnRoster } = conversation;
  if (state !== undefined) return state;
  return isOnRoster === true ? loaders.conversations.rosterState(key) : loaders.conversations.state(key);
}

/** A count from the event that reported the conversation, otherwise from its state. */
export function reportedOr(
  conversation: Conversation,
  name: 'unreadCount' | 'unreadPriorityCount',
  context: GatewayContext,
): PromiseOrValue<number | undefined> {
  const reported = conversation.reported?.[name];
  if (reported !== undefined) return reported;
  return thenOrNow(stateOf(conversation, context), (state) => {
    if (state !== undefined || conversation.isOnRoster !== true) return state?.[name];
    // The upstream lists all conversations that have messages.
    return thenOrNow(context.loaders.conversations.isAvailable(), (isAvailable) => (isAvailable ? 0 : undefined));
  });
}

/** The mute of a conversation. A mute without organization applies to all organizations. */
export function muteOf(
  mutes: readonly Mute[],
  {
    counterpart,
    organization,
    kind,
  }: Omit<ConversationKey, 'organization'> & { readonly organization?: string | undefined },
): Mute | undefined {
  return mutes.find(
    (mute) =>
      mute.kind !== 'ORGANIZATION' &&
      mute.token === counterpart &&
      (kind === undefined || mute.kind === kind) &&
      (mute.organization === undefined || organization === undefined || mute.organization === organization),
  );
}

/** `stateOf` for a field that v2 has as well: a failed read of the state does not fail the field. */
async function stateIfReadable(
  conversation: Conversation,
  context: GatewayContext,
): Promise<ConversationState | undefined> {
  try {
    return await stateOf(conversation, context);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

/**
 * When the mute of a conversation ends; null when it is not muted. Read from the conversation, or from the list of mutes
 * without v5.
 */
export async function mutedUntilOf(conversation: Conversation, context: GatewayContext): Promise<string | null> {
  const state = await stateIfReadable(conversation, context);
  if (state !== undefined) return state.mutedUntil ?? null;
  return muteOf(await context.loaders.mutes(), conversation.key)?.mutedUntil ?? null;
}

/** The counterpart of a key whose kind may be unknown: a user, else a group, else a list. */
async function readCounterpart(key: ConversationKey, { loaders }: GatewayContext): Promise<Counterpart | undefined> {
  const { counterpart: token, kind } = key;
  if (kind === 'USER') return loaders.users().load(token);
  if (kind === 'GROUP') return loaders.groups.load(token);
  if (kind === 'LIST') return loaders.lists.load(token);
  return (await loaders.users().load(token)) ?? (await loaders.groups.load(token)) ?? (await loaders.lists.load(token));
}

/** The counterpart that arrived with the conversation, or is read with its state. */
export function counterpartIn(
  conversation: Conversation,
  context: GatewayContext,
): PromiseOrValue<Counterpart | undefined> {
  const { counterpart, state, key } = conversation;
  return (
    counterpart ??
    state?.counterpart ??
    stateIfReadable(conversation, context).then((read) => read?.counterpart ?? readCounterpart(key, context))
  );
}
