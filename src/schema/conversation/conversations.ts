/** Fields that return conversations: the caller's list, one by id, and those of users, groups, messages and roster entries. */
import type { GatewayContext } from '../../context.ts';
import type { Conversation } from '../../domain/conversation.ts';
import type { ConversationKey, Counterpart, Group } from '../../domain/domain.ts';
import { asError } from '../../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { maxRosterPages, maxRosterStateCalls } from '../../loaders/roster-states.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { conversationKeyOf, organizationKeyOf } from '../id.ts';
import {
  allowItemErrors,
  ConversationRef,
  conversationReference,
  DistributionListRef,
  GroupRef,
  MessageRef,
  UserRef,
} from '../refs.ts';
import { needsRead, selectsSome } from '../selection.ts';
import { type ConversationList, conversationPages, listOfConversations } from './conversation-pages.ts';
import { readConversation, readWithoutHistory } from './read-conversation.ts';
import { RosterEntryRef } from './roster.ts';

/** Fields that come with the state of a conversation. */
const stateFields: ReadonlySet<string> = new Set([
  'counterpart',
  'mutedUntil',
  'membership',
  'lastMessage',
  'unreadCount',
  'unreadPriorityCount',
  'firstExpiringUnread',
]);

const freeNote = 'A selection of `id` alone costs no upstream call.';

function keyIn(organization: string | undefined, { kind, token }: Counterpart): ConversationKey | undefined {
  return organization === undefined ? undefined : { organization, counterpart: token, kind };
}

/** The conversation with a group or list: its organization comes with the object, or is read when only its token is known. */
function conversationWith<Found extends Counterpart>(
  counterpart: Found,
  read: (token: string) => PromiseOrValue<Found | undefined>,
): PromiseOrValue<Conversation | null> {
  const { organizationKey } = counterpart;
  if (organizationKey !== undefined) return conversationReference(keyIn(organizationKey, counterpart), { counterpart });
  return thenOrNow(read(counterpart.token), (found) =>
    found === undefined ? null : conversationReference(keyIn(found.organizationKey, found), { counterpart: found }),
  );
}

/** @param hasPrevious Whether the page continues an earlier one. */
function connectionOf(list: ConversationList, hasPrevious: boolean) {
  const nodes = allowItemErrors(list.rows.map(({ row }) => row));
  return {
    totalCount: list.total ?? null,
    pageInfo: {
      hasNextPage: list.hasNext,
      hasPreviousPage: hasPrevious,
      get startCursor() {
        return list.rows[0]?.cursor ?? null;
      },
      // A page without a match still has a cursor to continue from.
      get endCursor() {
        return list.rows.at(-1)?.cursor ?? list.onward ?? null;
      },
    },
    edges: list.rows.map((listed, index) => ({
      get cursor() {
        return listed.cursor;
      },
      node: nodes[index],
    })),
  };
}

builder.queryFields((t) => ({
  conversation: t.field({
    type: ConversationRef,
    extensions: costs({ perParent: 4, provides: ['conversation'] }),
    description: `One conversation; null when the caller has none with this id. Opening its history alone costs one upstream call, and up to three more the first time. ${freeNote} It is then not checked.`,
    args: { id: t.arg.id({ required: true, description: 'Global id of the conversation.' }) },
    resolve: async (_root, { id }, context, info) => {
      const key = conversationKeyOf(id, 'id');
      if (!needsRead(info)) return conversationReference(key);
      if (selectsSome(info, stateFields)) return readConversation(key, context);
      const { conversations } = context.loaders;
      const isThere = async () => !(await conversations.isAvailable()) || (await conversations.id(key)) !== undefined;
      // A failed read is repeated by the fields that need it, which then fail individually.
      const found = await isThere().catch(asError);
      if (found instanceof Error) return conversationReference(key);
      if (await conversations.isAvailable()) return found ? conversationReference(key) : null;
      return readWithoutHistory(key, context);
    },
  }),
  conversations: t.connection(
    {
      type: ConversationRef,
      nullable: true,
      extensions: {
        ...costs({
          perParent: maxRosterPages,
          items: { by: 'page', default: conversationPages.usual },
          provides: ['conversation'],
        }),
        ...conversationPages.described,
      },
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `The caller’s conversations, the one with the latest traffic first, with their counterparts, counts and last messages. Each upstream page, 50 conversations as a rule, costs one call; at most ${maxRosterPages} are read for one page. Pages go forward only. Cursors stay valid while conversations move; a cursor of another \`organization\` is BAD_USER_INPUT. Marks nothing as delivered, and deletes no message that deletes on read. Null when they cannot be read.`,
      args: {
        organization: t.arg.string({
          description: 'Key of the organization of the conversations; all of the caller’s organizations when left out.',
        }),
        unreadOnly: t.arg.boolean({
          description:
            'Only conversations with unread messages; all when left out. Null on an upstream without counts (`isHistoryAvailable`).',
        }),
      },
      resolve: async (_root, { organization, unreadOnly, first, after, last, before }, { loaders }) => {
        const size = conversationPages.sizeOf({ first, last, before });
        const list = await listOfConversations(loaders, {
          organization: organization == null ? undefined : organizationKeyOf(organization, 'organization'),
          unreadOnly: unreadOnly === true,
          size,
          after: after ?? undefined,
        });
        return list === null ? null : connectionOf(list, after != null);
      },
    },
    { name: 'ConversationsConnection', description: 'Conversations of the caller.' },
    { name: 'ConversationsEdge', description: 'A conversation and its position in the list.' },
  ),
}));

builder.objectField(RosterEntryRef, 'conversation', (t) =>
  t.field({
    type: ConversationRef,
    extensions: costs({ perOperation: maxRosterStateCalls, provides: ['conversation'] }),
    description: `The conversation itself; null when the upstream does not name its organization. Counts and last messages of all entries cost one upstream call for each 50 conversations, and one more when there are entries without messages. Those of an entry after the first ${maxRosterPages} upstream pages fail with OPERATION_TOO_COMPLEX: \`conversation\` reads them. ${freeNote}`,
    resolve: ({ counterpart, organizationKey }) =>
      conversationReference(keyIn(organizationKey, counterpart), { counterpart, isOnRoster: true }),
  }),
);

builder.objectField(MessageRef, 'conversation', (t) =>
  t.field({
    type: ConversationRef,
    // The caller's account once, and the account of the sender of a message that may be written as a role.
    extensions: costs({ perOperation: 1, perParent: bulkShare }),
    description:
      'The conversation the message is in; null when the upstream does not name its organization. A selection of `id` alone costs no upstream call, but that the first direct message for a credential needs the caller’s account, and one that the caller wrote as a role the account of the role.',
    resolve: (message, _args, { loaders }) =>
      thenOrNow(loaders.conversations.keyOfMessage(message), (key) => conversationReference(key)),
  }),
);

builder.objectField(UserRef, 'conversation', (t) =>
  t.field({
    type: ConversationRef,
    extensions: costs({ perParent: bulkShare }),
    description: `The caller’s conversation with the user, which has no messages before the first one. With \`organization\`, a selection of \`id\` alone costs no upstream call.`,
    args: {
      organization: t.arg.string({
        description:
          'Key of the organization of the conversation; the caller’s default organization when left out, and then the field is null when the upstream does not name it.',
      }),
    },
    resolve: ({ token }, { organization }, { loaders }) => {
      const user = { kind: 'USER', token } as const;
      if (organization != null)
        return conversationReference(keyIn(organizationKeyOf(organization, 'organization'), user));
      return thenOrNow(loaders.member(token), (member) => conversationReference(keyIn(member?.organizationKey, user)));
    },
  }),
);

builder.objectField(GroupRef, 'conversation', (t) =>
  t.field({
    type: ConversationRef,
    description: `The conversation of the group; null when the upstream does not name its organization.`,
    resolve: (group, _args, context) => conversationWith<Group>(group, (token) => readGroup(token, context)),
  }),
);

function readGroup(token: string, { loaders }: GatewayContext): PromiseOrValue<Group | undefined> {
  return loaders.groups.load(token);
}

builder.objectField(DistributionListRef, 'conversation', (t) =>
  t.field({
    type: ConversationRef,
    description:
      'The conversation of the list, in which the caller sees their own messages to it; null when the upstream does not name its organization.',
    resolve: (list, _args, { loaders }) => conversationWith(list, (token) => loaders.lists.load(token)),
  }),
);
