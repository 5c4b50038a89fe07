/** Conversations, their history and their counts: v5 of the upstream only. */

import type { ConversationState, TimelineItem, TimelinePage } from '../../domain/conversation.ts';
import type { EntityKind, Page } from '../../domain/domain.ts';
import type { GatewayError } from '../../errors.ts';
import type { Lookup, UpstreamRequest } from '../request.ts';
import type { Upstream } from '../upstream.ts';
import {
  decodeConversation,
  decodeConversationId,
  decodeConversationPage,
  decodeTimelinePage,
} from '../wire/conversation.ts';
import { lookupPath, path, withQuery } from './path.ts';

/** The official client sends this with every read of conversations (contract, VwrHeader). */
const features = ['tt-x-features', 'vwr'] as const;

/** Maximum items of a timeline page that the gateway requests; the upstream may lower it (contract, TimelineRequest). */
export const maxTimelineItems = 50;

export interface ConversationPageOptions {
  /** Key of one organization; default: all organizations of the caller. */
  readonly organization?: string | undefined;
  /** Continuation of an earlier page. */
  readonly continuation?: string | undefined;
}

/**
 * One page of the caller's conversations, latest traffic first. Marks nothing as delivered. Also the call that shows whether the
 * upstream has v5 for the caller, because it names nothing that could be absent.
 * @returns Conversations; one that breaks the contract yields its error.
 */
export function listConversations(
  upstream: Upstream,
  { organization, continuation }: ConversationPageOptions = {},
): Promise<Page<ConversationState | GatewayError>> {
  const query = {
    render_metadata: 'true',
    mark_as_delivered: 'false',
    paginated: 'true',
    organization_id: organization,
    continuation,
  };
  const request: UpstreamRequest = {
    operationId: 'listConversations',
    method: 'GET',
    path: withQuery('/v5/roster', query),
    headers: features,
    repeatable: true,
  };
  return upstream.read(request, ({ reply }) => decodeConversationPage(reply));
}

/** Look-up of a conversation by the upstream's id; yields undefined when it is not there for the caller. */
export function conversationLookup(id: string): Lookup<ConversationState> {
  return {
    request: {
      operationId: 'getConversation',
      method: 'GET',
      path: lookupPath`/v5/conversation/${id}`,
      headers: features,
      repeatable: true,
    },
    decode: ({ reply }) => decodeConversation(reply),
  };
}

const entityPaths = { USER: 'user', GROUP: 'group', LIST: 'dist_list' } as const;
const entityOperations = { USER: 'getUserV5', GROUP: 'getGroupV5', LIST: 'getDistributionListV5' } as const;

/**
 * Look-up of the upstream's id of the conversation with a user, group or list; yields undefined when the counterpart is not
 * there. The id is empty for oneself and for roles, which have no conversation.
 * @param organization Key of the organization of the conversation.
 */
export function conversationIdLookup(kind: EntityKind, token: string, organization: string): Lookup<string> {
  return {
    request: {
      operationId: entityOperations[kind],
      method: 'GET',
      path: lookupPath`/v5/${entityPaths[kind]}/${token}`,
      organization,
      repeatable: true,
    },
    decode: ({ reply }) => decodeConversationId(reply) ?? '',
  };
}

/** Position of a page in a timeline. */
export type TimelinePlace =
  | { readonly at: 'END' | 'FIRST_UNREAD' }
  | { readonly at: 'BEFORE' | 'AFTER'; readonly place: string };

/**
 * One page of a conversation's history. The upstream marks its messages as delivered, whatever the request (contract).
 * @param maxItems Maximum items, 1 to `maxTimelineItems`.
 * @throws GatewayError `NOT_FOUND` or `FORBIDDEN` when the conversation is absent, `BAD_USER_INPUT` for a place that the upstream
 *   did not return.
 */
export function readTimeline(
  upstream: Upstream,
  id: string,
  place: TimelinePlace,
  maxItems: number,
): Promise<TimelinePage<TimelineItem | GatewayError>> {
  const request: UpstreamRequest = {
    operationId: 'readTimeline',
    method: 'POST',
    path: path`/v5/conversation/${id}/timeline`,
    headers: features,
    json: { ...anchorOf(place), mark_as_delivered: true, max_items: Math.min(maxItems, maxTimelineItems) },
    repeatable: true,
  };
  return upstream.read(request, ({ reply }) => decodeTimelinePage(reply));
}

function anchorOf(place: TimelinePlace): object {
  switch (place.at) {
    case 'END':
      return { anchor_point: 'conversation_end' };
    case 'FIRST_UNREAD':
      return { anchor_point: 'first_unread_item' };
    case 'BEFORE':
      return { anchor_point: 'continuation', continuation: { lower_continuation: place.place } };
    case 'AFTER':
      return { anchor_point: 'continuation', continuation: { higher_continuation: place.place } };
  }
}

/** States that a whole conversation can be marked with. */
export const markWords = { DELIVERED: 'Delivered', READ: 'Read' } as const;

/**
 * Marks received items of a conversation, up to and including a sort number. States never move backwards.
 * @throws GatewayError `NOT_FOUND` or `FORBIDDEN` when the conversation is absent.
 */
export async function markConversation(
  upstream: Upstream,
  id: string,
  status: keyof typeof markWords,
  through: number,
): Promise<void> {
  await upstream.call({
    operationId: 'markConversation',
    method: 'POST',
    path: path`/v5/conversation/${id}/status`,
    json: { status: markWords[status], highest_sort_number: through },
  });
}
