/** Seeded messages of the three days before the start. */

import type { Outgoing } from '../state/addressing.ts';
import { sendMessage } from '../state/send.ts';
import type { World } from '../state/world.ts';
import type { Message } from '../state/world-types.ts';
import { seededToken } from '../token.ts';
import { heartTrace, pdf } from './files.ts';
import { groups } from './groups.ts';
import { seedHistory } from './history.ts';
import { accountToken, clinics, groupToken, hospital, listToken } from './keys.ts';
import { clinicPeople, hospitalPeople } from './people.ts';
import { closings, groupLines, openings, replies } from './phrases.ts';

interface Line {
  /** Token of the account. */
  readonly author: string;
  readonly minutesAgo: number;
  readonly outgoing: Outgoing;
}

type Details = Partial<Omit<Outgoing, 'recipient' | 'body'>>;

/** @param author First name. */
function line(author: string, recipient: string, minutesAgo: number, body: string, details: Details = {}): Line {
  return { author: accountToken(author), minutesAgo, outgoing: { recipient, body, ...details } };
}

function pick<Item>(items: readonly [Item, ...Item[]], index: number): Item {
  return items[index % items.length] ?? items[0];
}

/** Minimum age of a seeded message to be Read, and to be Delivered. */
const readAfterMinutes = 20;
const deliveredAfterMinutes = 6;

/** Composed at the first seed of the process: the pictures and ids took as long as sending. Oldest first. */
let composedLines: readonly (Line & { readonly id: string })[] | undefined;

function allLines(): NonNullable<typeof composedLines> {
  composedLines ??= [...directLines(), ...groupChatter(), ...specials()]
    .sort((one, other) => other.minutesAgo - one.minutesAgo)
    .map((composed, index) => ({ ...composed, id: seededToken('message', String(index)) }));
  return composedLines;
}

/** Adds the messages of all conversations, in the order of their times. */
export function seedConversations(world: World): void {
  const startedAt = world.clock.now();
  seedHistory(world, startedAt);
  const history = world.messages.size;
  for (const [index, { author, minutesAgo, outgoing, id }] of allLines().entries()) {
    // One millisecond apart, so that times and sort numbers have one order.
    const createdAt = startedAt - minutesAgo * 60_000 + index;
    send(world, author, { ...outgoing, createdAt, id });
  }
  // Includes the copies of a list message and of a message forwarded to a deputy.
  for (const message of [...world.messages.values()].slice(history))
    age(message, (startedAt - message.createdAt) / 60_000);
}

function send(world: World, author: string, outgoing: Outgoing): void {
  const sender = world.accounts.get(author);
  if (sender === undefined) throw new Error(`no demo person ${author}`);
  sendMessage(world, sender, outgoing);
}

/** Sets the delivery status by the age of the message, without status events. */
function age(message: Message, minutesAgo: number): void {
  const status = minutesAgo < deliveredAfterMinutes ? 'New' : minutesAgo < readAfterMinutes ? 'Delivered' : 'Read';
  const reached = status === 'Read' && message.priority === 1 ? 'Confirmed' : status;
  for (const recipient of message.recipients.keys()) {
    message.recipients.set(recipient, { status: reached, at: message.createdAt + (reached === 'New' ? 0 : 45_000) });
  }
}

/** Direct conversations of Ada with all of Mercy General and with eight people of the clinics. */
function directLines(): Line[] {
  const colleagues = hospitalPeople.slice(1).map(([firstName]) => ({ firstName, organization: hospital }));
  const partners = clinicPeople.slice(0, 8).map(([firstName]) => ({ firstName, organization: clinics }));
  return [...colleagues, ...partners].flatMap(({ firstName, organization }, index) => {
    const start = 40 + index * 75;
    const inside = { senderOrganization: organization, recipientOrganization: organization };
    const [ada, other] = [accountToken('Ada'), accountToken(firstName)];
    const thread = [
      line(firstName, ada, start + 12, pick(openings, index), { ...inside, priority: index % 9 === 4 ? 1 : 0 }),
      line('Ada', other, start + 7, pick(replies, index), inside),
      line(firstName, ada, start, pick(closings, index), { ...inside, ...enclosure(index) }),
    ];
    return thread.slice(0, index % 4 === 3 ? 2 : 3);
  });
}

/** Every fourth thread ends with a picture or a PDF. */
function enclosure(index: number): Details {
  if (index % 4 !== 0) return {};
  if (index % 8 === 0) {
    return { file: { fileName: `trace-${index}.png`, contentType: 'image/png', bytes: heartTrace(index) } };
  }
  const bytes = pdf(['Mercy General Hospital', '', `Demonstration report ${index}`, 'All values within limits.']);
  return { file: { fileName: `report-${index}.pdf`, contentType: 'application/pdf', bytes } };
}

function groupChatter(): Line[] {
  return groups.flatMap(({ name, organization, members }, groupIndex) =>
    Array.from({ length: 4 }, (_, index) => {
      const author = members[(index * 2 + groupIndex) % members.length] ?? '';
      const body = pick(groupLines, groupIndex * 4 + index);
      const inside = { senderOrganization: organization, recipientOrganization: organization };
      return line(author, groupToken(name), 30 + groupIndex * 41 + (4 - index) * 9, body, inside);
    }),
  );
}

/** One message for each feature a client shows: data, list, role, ttl, priority, delete on read, unread, unread and expiring. */
function specials(): Line[] {
  const ada = accountToken('Ada');
  const bed = { mimetype: 'application/json', namespace: 'demo:bed', payload: '{"ward":4,"bed":12}' } as const;
  return [
    line('Florence', ada, 26, 'Bed 12 is free from noon', { data: [bed] }),
    line('Ada', listToken('Cardiology everyone'), 55, "Teaching is moved to three o'clock, seminar room"),
    line('Tim', seededToken('role', 'cardiologist-on-call'), 33, 'Chest pain in bay 2, trace on the way'),
    line('Ada', seededToken('role', 'charge-nurse'), 29, 'Is there a single room for tonight?'),
    line('Frances', ada, 24, 'Door code for tonight is in the usual place', { ttl: 60 }),
    line('Jean', ada, 12, 'Bed 3 needs the infusion changed within the half hour', { ttl: 45 }),
    line('Tim', ada, 11, 'Bay 2 has its second trace, please look before it goes', { ttl: 120, priority: 1 }),
    line('Grace', ada, 15, 'Call me about the potassium when you can', { priority: 1 }),
    line('Alan', ada, 9, 'Scan of bed 7 is reported, nothing acute', { deleteOnRead: true }),
    line('Karen', ada, 4, 'Letter for your clinic patient is ready', {
      senderOrganization: clinics,
      recipientOrganization: clinics,
    }),
    line('Florence', ada, 3, 'Family of bed 3 would like a word this afternoon'),
    line('Grace', ada, 2, 'Second set of enzymes is normal'),
    line('Margaret', groupToken('Code blue'), 1, 'Trolley in bay 1 is restocked and sealed'),
  ];
}
