/** A conversation's history: `timeline` with notices, `messages` without. */
import type { GatewayContext } from '../../context.ts';
import type { Conversation, Notice, TimelineItem } from '../../domain/conversation.ts';
import type { Message } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { thenOrNow } from '../../loaders/promise-or-value.ts';
import { maxTimelineItems } from '../../upstream/endpoints/conversation.ts';
import { builder } from '../builder.ts';
import { type EventNode, eventTypeNames } from '../event/event.ts';
import { ConversationNoticeRef } from '../event/notice.ts';
import { costs } from '../field-cost.ts';
import { describedAs } from '../page-arguments.ts';
import { allowItemErrors, ConversationRef, MessageRef } from '../refs.ts';
import {
  defaultTimelinePage,
  extraTimelinePages,
  maxTimelinePage,
  readTimelinePage,
  type TimelineAnchor,
  type TimelineArguments,
  type TimelineList,
} from './timeline-page.ts';

type NoticeNode = EventNode<'CONVERSATION_NOTICE'>;

const TimelineItemRef = builder.unionType('TimelineItem', {
  description: 'An item of a conversation’s history.',
  types: [MessageRef, ConversationNoticeRef],
  resolveType: (item) => ('event' in item ? eventTypeNames.CONVERSATION_NOTICE : 'Message'),
});

const TimelineAnchorRef = builder.enumType('TimelineAnchor', {
  description: 'Start of a page of a conversation’s history that has no cursor.',
  values: {
    END: { description: 'The page ends with the newest item. Older pages follow with `last` and `before`.' },
    FIRST_UNREAD: {
      description:
        'The page begins with the first unread message; with nothing unread, it is the newest page. Further pages follow with `first` and `after`, older ones with `last` and `before`.',
    },
  } satisfies Record<TimelineAnchor, object>,
});

/** The id of the conversation is read once for all pages of it; each field reads its own pages. */
const historyExtensions = {
  ...costs({
    perParent: 4,
    sharedKey: 'conversation',
    perField: extraTimelinePages + 1, // a page is rounded up for each conversation
    perItem: 1 / maxTimelineItems,
    items: { by: 'page', default: defaultTimelinePage },
  }),
  ...describedAs({
    first: `Maximum number of items after \`after\`, or from the first unread message on: 1 to ${maxTimelinePage}; ${defaultTimelinePage} when left out.`,
    last: `Maximum number of items before \`before\`, or from the end: 1 to ${maxTimelinePage}; ${defaultTimelinePage} when left out.`,
  }),
};

const pageNote = `Oldest first. \`last\` reads the newest items, or those before \`before\`; \`first\` needs \`after\` or the anchor FIRST_UNREAD. Each ${maxTimelineItems} cost one upstream call. Cursors stay valid while items arrive and disappear; a cursor of another conversation or field is BAD_USER_INPUT.`;

const deliveredNote =
  'Reading marks the messages of the page as delivered, which senders see; it deletes no message that deletes on read. Null on an upstream without history (`isHistoryAvailable`), and when the conversation is absent for the caller.';

const anchorArgument = {
  type: TimelineAnchorRef,
  description: 'Start of the page; END when left out. Not together with `after` or `before`.',
} as const;

/** A notice of the history, in the form of the event that reported it. */
function noticeNode(notice: Notice): NoticeNode {
  const id = notice.noticeId ?? `notice:${notice.sortNumber}`;
  const receivedAt = notice.at ?? new Date().toISOString();
  return { id, receivedAt, event: { type: 'CONVERSATION_NOTICE', ...notice } };
}

/** The node of an item; a message has the conversation it was read from. */
export function nodeOf(
  item: TimelineItem | GatewayError,
  { key }: Pick<Conversation, 'key'>,
): Message | NoticeNode | GatewayError {
  if (item instanceof GatewayError) return item;
  return 'word' in item ? noticeNode(item) : { conversation: key, ...item };
}

/** @param includes Which items the field lists. */
async function historyOf(
  conversation: Conversation,
  args: TimelineArguments,
  { loaders }: GatewayContext,
  field: string,
  includes: TimelineList['includes'],
) {
  const list = { loaders: loaders.conversations, key: conversation.key, field, includes };
  const page = await readTimelinePage(list, args);
  if (page === null) return null;
  const nodes = allowItemErrors(page.edges.map(({ node }) => nodeOf(node, conversation)));
  return { ...page, edges: page.edges.map(({ cursor }, index) => ({ cursor, node: nodes[index] })) };
}

builder.objectFields(ConversationRef, (t) => ({
  timeline: t.connection(
    {
      type: TimelineItemRef,
      nullable: true,
      extensions: historyExtensions,
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `The history: messages and notices the caller may see. ${pageNote} ${deliveredNote}`,
      args: { anchor: t.arg(anchorArgument) },
      resolve: (conversation, args, context) => historyOf(conversation, args, context, 'timeline', () => true),
    },
    { name: 'ConversationTimelineConnection', description: 'A part of a conversation’s history.' },
    { name: 'ConversationTimelineEdge', description: 'A message or notice and its position in the history.' },
  ),
  messages: t.connection(
    {
      type: MessageRef,
      nullable: true,
      extensions: historyExtensions,
      edgesNullable: { list: false, items: false },
      nodeNullable: true,
      description: `The messages of the history, without notices. Notices count for the size of a page, so it can have fewer messages than requested, or none, while \`pageInfo\` has a cursor to continue from. ${pageNote} ${deliveredNote}`,
      args: { anchor: t.arg(anchorArgument) },
      resolve: (conversation, args, context) =>
        thenOrNow(
          historyOf(conversation, args, context, 'messages', (item) => !('word' in item)),
          (page) =>
            page && { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: messageIn(node) })) },
        ),
    },
    { name: 'ConversationMessagesConnection', description: 'Messages of a conversation’s history.' },
    { name: 'ConversationMessagesEdge', description: 'A message and its position in the history.' },
  ),
}));

/** `messages` has left the notices out. */
function messageIn(node: Message | NoticeNode | undefined): Message | undefined {
  return node === undefined || 'event' in node ? undefined : node;
}
