/**
 * Long conversations of the weeks before the start, for paging: one of 2,000 items, and a group with notices. The records are
 * created directly: sending them one by one took three times as long as the rest of a start or a reset.
 */
import { groupConversation, keepItem, nextSortNumber, targetConversation } from '../state/conversation.ts';
import { keepNotice } from '../state/group-change.ts';
import { keepMessage } from '../state/message.ts';
import { touchRoster } from '../state/roster.ts';
import type { World } from '../state/world.ts';
import type { Delivery, Message, Target } from '../state/world-types.ts';
import { seededToken } from '../token.ts';
import { accountToken, groupToken, hospital } from './keys.ts';
import { answers, closings, groupLines, openings, questions, replies } from './phrases.ts';

const minuteMs = 60_000;
/** The newest line is older than all other seeded messages. */
const endsMinutesAgo = 5_000;

/** With the six messages of the last three days, the conversation of Ada and Grace has 2,000 items. */
const directMessages = 1_994;
const groupMessages = 300;
/** A member joins after every so many messages of the group. */
const messagesPerNotice = 50;

const directPhrases = [...openings, ...replies, ...questions, ...closings, ...answers];

/** Computed at the first seed of the process. */
let knownIds: readonly string[] = [];

function idsOf(count: number): readonly string[] {
  if (knownIds.length === 0) knownIds = Array.from({ length: count }, (_, index) => seededToken('history', `${index}`));
  return knownIds;
}

/** Adds the messages of two long conversations, which end before `startedAt`. */
export function seedHistory(world: World, startedAt: number): void {
  const ids = idsOf(directMessages + groupMessages);
  seedGroup(world, startedAt - (endsMinutesAgo + directMessages * 9 + groupMessages * 11) * minuteMs, ids);
  seedDirect(world, startedAt - (endsMinutesAgo + directMessages * 9) * minuteMs, ids.slice(groupMessages));
}

function seedDirect(world: World, start: number, ids: readonly string[]): void {
  const [ada, grace] = [accountToken('Ada'), accountToken('Grace')];
  const conversation = targetConversation(world, ada, { kind: 'account', token: grace }, hospital);
  if (conversation === undefined) throw new Error('no such demo people');
  const conversationId = conversation.id;
  for (const [index, id] of ids.entries()) {
    const [author, recipient] = index % 3 === 0 ? [ada, grace] : [grace, ada];
    const body = directPhrases[index % directPhrases.length] ?? '';
    const target: Target = { kind: 'account', token: recipient };
    const createdAt = start + index * 9 * minuteMs;
    const message = new OldMessage(world, { id, author, target, body, createdAt, conversationId }, [recipient]);
    keepItem(world, conversation, message);
    keepMessage(world, message);
  }
  const last = start + ids.length * 9 * minuteMs;
  touchRoster(world, ada, { kind: 'account', token: grace, organization: hospital }, last);
  touchRoster(world, grace, { kind: 'account', token: ada, organization: hospital }, last);
}

function seedGroup(world: World, start: number, ids: readonly string[]): void {
  const group = world.groups.get(groupToken('Cardiology night shift'));
  if (group === undefined) throw new Error('no such demo group');
  const members = [...group.members];
  const [founder = '', ...others] = members;
  const conversation = groupConversation(world, group);
  const target: Target = { kind: 'group', token: group.token };
  const readersOf = new Map(members.map((author) => [author, members.filter((member) => member !== author)]));
  for (const [index, id] of ids.slice(0, groupMessages).entries()) {
    const createdAt = start + index * 11 * minuteMs;
    const joining = index % messagesPerNotice === 0 ? others[index / messagesPerNotice] : undefined;
    if (joining !== undefined) keepNotice(world, group, { event: 'added', by: founder, subject: joining, createdAt });
    const author = members[index % members.length] ?? founder;
    const body = groupLines[(index * 7) % groupLines.length] ?? '';
    const details = { id, author, target, body, createdAt: createdAt + 1, conversationId: conversation.id };
    const message = new OldMessage(world, details, readersOf.get(author) ?? []);
    keepItem(world, conversation, message);
    keepMessage(world, message);
  }
  group.messageCount += groupMessages;
}

/**
 * A message that all recipients have read. Its collections are created on first use: they are most of the cost of a record, and
 * most records are never read.
 */
class OldMessage implements Message {
  readonly id: string;
  readonly author: string;
  readonly sender: string;
  readonly target: Target;
  readonly body: string;
  readonly createdAt: number;
  readonly conversationId: string;
  readonly sortNumber: number;
  readonly ttl: number;
  readonly senderOrganization = hospital;
  readonly recipientOrganization = hospital;
  readonly deleteOnRead = false;
  readonly priority = 0;
  readonly attachment = undefined;
  readonly data = [];
  readonly subType = undefined;
  readonly origin = undefined;
  readonly requestId = undefined;
  readonly autoForwardedFrom = undefined;
  readonly listMessageId = undefined;
  expiresAt: number;
  recalled = false;
  readonly #readers: readonly string[];
  #recipients: Message['recipients'] | undefined;
  #erasedFor: Message['erasedFor'] | undefined;

  constructor(world: World, details: OldDetails, readers: readonly string[]) {
    this.id = details.id;
    this.author = details.author;
    this.sender = details.author;
    this.target = details.target;
    this.body = details.body;
    this.createdAt = details.createdAt;
    this.conversationId = details.conversationId;
    this.sortNumber = nextSortNumber(world, details.createdAt);
    this.ttl = world.organizations.get(hospital)?.ttl ?? -1;
    this.expiresAt = this.ttl === -1 ? Number.POSITIVE_INFINITY : details.createdAt + this.ttl * minuteMs;
    this.#readers = readers;
  }

  get recipients(): Message['recipients'] {
    this.#recipients ??= this.#allRead();
    return this.#recipients;
  }

  #allRead(): Message['recipients'] {
    const delivery: Delivery = { status: 'Read', at: this.createdAt + 45_000 };
    return new Map(this.#readers.map((token) => [token, delivery]));
  }

  get erasedFor(): Message['erasedFor'] {
    this.#erasedFor ??= new Set();
    return this.#erasedFor;
  }
}

type OldDetails = Pick<Message, 'id' | 'author' | 'target' | 'body' | 'createdAt'> & {
  readonly conversationId: string;
};
