import { limits } from '../../bounds.ts';
import { badRequest } from '../../http/http-error.ts';
import {
  bodyOf,
  empty,
  featuresOf,
  isTrue,
  pathValue,
  type RequestContext,
  type Routes,
  success,
} from '../../http/request-context.ts';
import { findConversation } from '../../state/conversation.ts';
import { type Conversation, isNotice } from '../../state/conversation-types.ts';
import {
  byTraffic,
  type Listed,
  lastMessageOf,
  listedConversations,
  visibleItems,
} from '../../state/conversation-view.ts';
import { markConversation, markMessages } from '../../state/delivery.ts';
import { timelinePage } from '../../state/timeline.ts';
import type { Message } from '../../state/world-types.ts';
import { noticeWire } from '../../wire/notice.ts';
import { conversationItem } from '../../wire/v5/conversation.ts';
import { timelineMessage } from '../../wire/v5/message.ts';

const usualTimelinePage = 15;

/** @param rosterPage Conversations on a page of the roster. */
export function conversationRoutesV5(rosterPage: number): Routes {
  return {
    /** "What its items show" is marked delivered: the last message of each. */
    listConversations: (context) => {
      const { world, caller, query } = context;
      const all = listedConversations(world, caller, query.get('organization_id') ?? undefined);
      const isPaginated = isTrue(query.get('paginated'));
      const page = isPaginated ? rosterPageOf(all, query.get('continuation'), rosterPage) : { listed: all };
      const shown = page.listed.map(({ conversation }) => conversation);
      if (isTrue(query.get('mark_as_delivered'))) {
        const messages = shown.flatMap((conversation) => lastMessageOf(world, caller.token, conversation) ?? []);
        markMessages(world, caller, messages, 'Delivered');
      }
      const withMetadata = isTrue(query.get('render_metadata'));
      const items = shown.map((conversation) => itemFor(context, conversation, withMetadata));
      // Null on the last page: with an empty text the JavaScript SDK starts again without end.
      return success('continuation' in page ? { items, continuation: page.continuation } : items);
    },

    getConversation: (context) => success(itemFor(context, conversationIn(context))),

    /** Reading marks the messages of the page delivered, whatever the value of `mark_as_delivered` (contract, readTimeline). */
    readTimeline: (context) => {
      const { world, caller } = context;
      const conversation = conversationIn(context);
      const { anchor_point, continuation, max_items = usualTimelinePage } = bodyOf(context, 'readTimeline');
      const size = Math.min(max_items, limits.timelinePage);
      const position = {
        anchor: anchor_point ?? 'conversation_end',
        lower: continuation?.lower_continuation ?? undefined,
        higher: continuation?.higher_continuation ?? undefined,
      } as const;
      const { direction, items, lower, higher } = timelinePage(world, caller.token, conversation, position, size);
      markMessages(
        world,
        caller,
        items.filter((item): item is Message => !isNotice(item)),
        'Delivered',
      );
      const features = featuresOf(context);
      return success({
        direction,
        ...(lower === undefined ? {} : { lower_continuation: lower }),
        ...(higher === undefined ? {} : { higher_continuation: higher }),
        max_items: size,
        timeline: items.map((item) =>
          isNotice(item)
            ? { ...noticeWire(world, item), conversation_id: conversation.id }
            : timelineMessage(world, caller, item, features),
        ),
      });
    },

    /** Both bounds are included; without the upper one everything is meant. */
    markConversation: (context) => {
      const { world, caller } = context;
      const conversation = conversationIn(context);
      const fields = bodyOf(context, 'markConversation');
      const { highest_sort_number: highest = Number.POSITIVE_INFINITY, lowest_sort_number: lowest = 0 } = fields;
      const messages: Message[] = [];
      for (const item of visibleItems(world, caller.token, conversation, { above: lowest - 1 })) {
        if (item.sortNumber > highest) break;
        if (!isNotice(item)) messages.push(item);
      }
      markConversation(world, caller, conversation, messages, fields.status);
      return empty();
    },
  };
}

function conversationIn(context: RequestContext): Conversation {
  return findConversation(context.world, context.caller, pathValue(context, 'conversation_id'));
}

/** The conversation as the caller sees it now. */
export function itemFor(context: RequestContext, conversation: Conversation, withMetadata = true) {
  const options = { features: featuresOf(context), withMetadata, lastMessage: 'whole' } as const;
  return conversationItem(context.world, context.caller, conversation, options);
}

interface RosterPage {
  readonly listed: readonly Listed[];
  readonly continuation: string | null;
}

/** A continuation is the place of the last conversation of a page. Its characters survive being encoded twice. */
function rosterPageOf(all: readonly Listed[], continuation: string | null, size: number): RosterPage {
  const place = continuation === null || continuation === '' ? undefined : unpack(continuation);
  const rest = place === undefined ? all : all.filter((listed) => byTraffic(place, listed) < 0);
  const listed = rest.slice(0, size);
  const last = listed.at(-1);
  return { listed, continuation: last === undefined || rest.length <= size ? null : pack(last) };
}

function pack({ at, conversation }: Listed): string {
  return Buffer.from(`${at} ${conversation.id}`).toString('base64url');
}

function unpack(continuation: string): Parameters<typeof byTraffic>[0] {
  const match = /^(\d{1,16}) ([0-9a-f-]{36})$/.exec(Buffer.from(continuation, 'base64url').toString('utf8'));
  if (match === null) throw badRequest('continuation: expected one from an earlier page');
  return { at: Number(match[1]), conversation: { id: match[2] ?? '' } };
}
