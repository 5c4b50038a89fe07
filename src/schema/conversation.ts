/** A conversation: an organization and a counterpart, with what only v5 of the upstream knows of it. */

import type { GatewayContext } from '../context.ts';
import type { ConversationKey, Counterpart, EntityKind, Mute } from '../domain.ts';
import type { Conversation, ConversationState, FirstExpiring } from '../conversation.ts';
import { asError, GatewayError } from '../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../loaders/promise-or-value.ts';
import { fromUnixMs } from '../upstream/wire/timestamp.ts';
import { builder } from './builder.ts';
import { bulkShare, costs } from './field-cost.ts';
import { idInOrganization, splitIdInOrganization } from './id.ts';
import { countOf } from './numbers.ts';
import { organizationField, organizationOf } from './organization.ts';
import {
  allowItemErrors,
  ConversationRef,
  CounterpartRef,
  conversationReference,
  MessageRef,
  messageReference,
  UserRef,
  userReference,
} from './refs.ts';
import { needsRead } from './selection.ts';

/** Calls to read one conversation: up to three to find out what its counterpart is, and one for its state. */
const stateCost = costs({ perParent: 4, sharedKey: 'conversation' });

const v2Note = 'Null when the upstream has no history (`isHistoryAvailable`).';

/** The state, which may have arrived with the conversation; undefined without v5, and when it is not there for the caller. */
function stateOf(
  conversation: Conversation,
  { loaders }: GatewayContext,
): PromiseOrValue<ConversationState | undefined> {
  const { state, key, isOnRoster } = conversation;
  if (state !== undefined) return state;
  return isOnRoster === true ? loaders.conversations.rosterState(key) : loaders.conversations.state(key);
}

/** A count from the event that reported the conversation, otherwise from its state. */
function reportedOr(
  conversation: Conversation,
  name: 'unreadCount' | 'unreadPriorityCount',
  context: GatewayContext,
): PromiseOrValue<number | undefined> {
  const reported = conversation.reported?.[name];
  return reported !== undefined ? reported : thenOrNow(stateOf(conversation, context), (state) => state?.[name]);
}

/** The mute of a conversation. The upstream may leave the organization of a mute out; the mute then counts in all. */
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

/** The same for a field that v2 has as well: a state that cannot be read is not needed for it. */
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

async function mutedUntilOf(conversation: Conversation, context: GatewayContext): Promise<string | null> {
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

/** What arrived with the conversation, or is read with its state. */
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

const FirstExpiringRef = builder.objectRef<FirstExpiring>('FirstExpiringUnread').implement({
  description: 'The unread message of a conversation that disappears first.',
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      extensions: costs({ perParent: 1, isReference: true }),
      description:
        'The message. More than its id costs an upstream call, and the upstream may take that read for the opening of a message that deletes on read.',
      resolve: ({ message }, _args, context, info) => messageReference(message, context, info),
    }),
    sender: t.field({
      type: UserRef,
      extensions: costs({ perParent: bulkShare, isReference: true }),
      description: 'The user who wrote the message; null when the upstream does not say.',
      resolve: ({ sender }, _args, context, info) => userReference(sender, context, info),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time the message disappears; read the conversation again then.',
      resolve: ({ expiresAtMs }) => fromUnixMs(expiresAtMs, 'FirstExpiringMessage.expire_in'),
    }),
  }),
});

builder.node(ConversationRef, {
  description:
    'A conversation of the caller in one organization. Conversations with one person in two organizations are two, with different ids. Its id is the same whatever the upstream offers; a selection of `id` alone costs no upstream call.',
  id: {
    resolve: ({ key }) => idInOrganization(key.counterpart, key.organization),
    description:
      'Global id: the type, a colon, the token of the counterpart, a colon, and the key of the organization.',
  },
  loadManyWithoutCache: async (ids, context) =>
    allowItemErrors(
      await Promise.all(
        ids.map((id) => {
          const { token, organization } = splitIdInOrganization(id);
          return readConversation({ counterpart: token, organization }, context).catch(asError);
        }),
      ),
    ),
  fields: (t) => ({
    counterpart: t.field({
      type: CounterpartRef,
      extensions: costs({ perParent: 4, sharedKey: 'conversation', isReference: true }),
      description:
        'The other side of the conversation: a user, a group or a distribution list; null when it cannot be read.',
      resolve: (conversation, _args, context, info) => {
        const { kind, counterpart: token } = conversation.key;
        return kind !== undefined && !needsRead(info) ? { kind, token } : counterpartIn(conversation, context);
      },
    }),
    // Nullable like every other field of this name, otherwise documents that select several of them on one node do not merge.
    organizationKey: t.string({
      description: 'Key of the organization of the conversation; never null.',
      resolve: ({ key }) => key.organization,
    }),
    organization: t.field({
      ...organizationField,
      resolve: ({ key }, _args, context) => organizationOf(key.organization, context),
    }),
    isHistoryAvailable: t.boolean({
      extensions: costs({ perOperation: 1 }),
      description:
        'Whether the upstream keeps history for the caller: `timeline`, `messages`, `lastMessage` and the counts. False on an upstream without v5 of the API, where these are null; null when it cannot be found out.',
      resolve: ({ state }, _args, { loaders }) => state !== undefined || loaders.conversations.isAvailable(),
    }),
    mutedUntil: t.field({
      type: 'DateTime',
      extensions: costs({ perParent: 4, sharedKey: 'conversation', perOperation: 1 }),
      description: 'Time the caller’s mute of the conversation ends; null when it is not muted.',
      resolve: (conversation, _args, context) => mutedUntilOf(conversation, context),
    }),
    lastMessage: t.field({
      type: MessageRef,
      extensions: stateCost,
      description: `The newest message the caller may see, never a notice; null when there is none, or the upstream names it without its content. Reading it here marks nothing, and deletes no message that deletes on read. ${v2Note}`,
      resolve: (conversation, _args, context, info) =>
        conversation.reported?.lastMessage !== undefined
          ? conversation.reported.lastMessage
          : thenOrNow(stateOf(conversation, context), (state) => {
              const message = state?.lastMessage;
              return message?.sender === undefined && needsRead(info) ? null : message;
            }),
    }),
    unreadCount: t.field({
      type: 'NonNegativeInt',
      extensions: stateCost,
      description: `Number of messages the caller received and has not read, over all devices. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        thenOrNow(reportedOr(conversation, 'unreadCount', context), (count) => countOf(count, 'unread_message_count')),
    }),
    unreadPriorityCount: t.field({
      type: 'NonNegativeInt',
      extensions: stateCost,
      description: `Number of those messages with priority HIGH. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        thenOrNow(reportedOr(conversation, 'unreadPriorityCount', context), (count) =>
          countOf(count, 'unread_priority_message_count'),
        ),
    }),
    firstExpiringUnread: t.field({
      type: FirstExpiringRef,
      extensions: stateCost,
      description: `The unread message that disappears first; null when none does. ${v2Note}`,
      resolve: (conversation, _args, context) =>
        conversation.reported?.firstExpiringUnread !== undefined
          ? conversation.reported.firstExpiringUnread
          : thenOrNow(stateOf(conversation, context), (state) => state?.firstExpiringUnread),
    }),
  }),
});

/**
 * Null when there is no such conversation for the caller. Costs one call, and further ones on the first read. A conversation whose
 * state cannot be read is only a reference: the fields that need the state fail, each by itself.
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

/** The group or list, unless it says that it belongs to another organization. */
function inOrganization<Found extends Counterpart>(found: Found | undefined, organization: string): Found | undefined {
  return found?.organizationKey === undefined || found.organizationKey === organization ? found : undefined;
}
