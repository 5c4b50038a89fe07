/** Conversations and their history, which only v5 of the upstream has. Offered while a measure asks for them. */
import { callerToken, organization, rosterOf, token } from './world.ts';

/** Items on a page, of conversations and of a timeline (contract). */
export const pageItems = 50;

// Sent now: a message that has expired is not shown.
const createdAt = Date.now();

/** The oldest is the first. */
function historyMessage(conversation: number, index: number, sender: { token: string; name: string }) {
  const id = token(6, conversation * 1_000 + index);
  return {
    message_id: id,
    client_id: id,
    xmlns: 'tigertext:iq:message',
    body: `Room ${index} is ready; the results of the morning's blood count are in and look as expected.`,
    sender_token: sender.token,
    sender_display_name: sender.name,
    sender_organization: organization,
    recipient_organization: organization,
    recipient_token: callerToken,
    is_group: false,
    created_time: new Date(createdAt + index).toISOString(),
    ttl: 43_200,
    dor: false,
    priority: 0,
    sort_number: createdAt + index,
    attachments: [],
    data: [],
    conversation_id: token(5, conversation),
    is_unread: true,
    status: 'New',
    expire_in: 2_591_000,
  };
}

/** Direct conversations with so many people, and as many messages in the first of them. */
export function historyOf(items: number) {
  const { users } = rosterOf(items);
  const people = [...users.values()].filter((user) => user.token !== callerToken).slice(0, items);
  const senderOf = (user: (typeof people)[number]) => ({ token: user.token, name: user.display_name });
  const conversations = people.map((user, index) => ({
    conversation_id: token(5, index),
    organization_id: organization,
    entity: { type: 'account', ...user, conversation_id: token(5, index) },
    last_message: historyMessage(index, 0, senderOf(user)),
    unread_message_count: 1,
    unread_priority_message_count: 0,
    in_progress_escalation_count: 0,
    lowest_sort_number: createdAt,
    muted: null,
  }));
  const [first] = people;
  const timeline = people.map((user, index) => historyMessage(0, index, senderOf(first ?? user)));
  return { conversations, timeline };
}

export class History {
  readonly #rows: readonly string[];
  readonly #timeline: readonly string[];

  constructor(items: number) {
    const { conversations, timeline } = historyOf(items);
    this.#rows = conversations.map((row) => JSON.stringify(row));
    this.#timeline = timeline.map((row) => JSON.stringify(row));
  }

  /** A page of conversations; continuations are positions. */
  roster(query: string): string {
    const start = Number(new URLSearchParams(query).get('continuation') ?? 0);
    const next = start + pageItems;
    const continuation = next < this.#rows.length ? `,"continuation":"${next}"` : '';
    return `{"items":[${this.#rows.slice(start, next).join(',')}]${continuation}}`;
  }

  /** Where the first conversation is found by its counterpart. */
  lookUp(counterpart: string): string | undefined {
    const row = this.#rows.find((each) => each.includes(`"token":"${counterpart}"`));
    return row;
  }

  /** A page of the first conversation's timeline, from its end or before a position. */
  timeline(body: string): string {
    const order = JSON.parse(body) as { max_items?: number; continuation?: { lower_continuation?: string } };
    const end = Number(order.continuation?.lower_continuation ?? this.#timeline.length);
    const start = Math.max(0, end - (order.max_items ?? pageItems));
    const lower = start > 0 ? `,"lower_continuation":"${start}"` : '';
    const direction = order.continuation === undefined ? 'Initial' : 'Backward';
    return `{"direction":"${direction}"${lower},"max_items":${order.max_items ?? pageItems},"timeline":[${this.#timeline.slice(start, end).join(',')}]}`;
  }
}
