/**
 * Simulates the demo people: they receive, read, type and reply, and sometimes write to Ada unprompted. Replies and delays
 * are derived from a hash of the message, so the same conversation runs the same way every time.
 */

import { createHash } from 'node:crypto';
import { ambientLines, answers, questions } from './seed/phrases.ts';
import { findAccount } from './state/account.ts';
import { announcePresence, isPresent } from './state/audience.ts';
import { markMessage } from './state/delivery.ts';
import { isExpired } from './state/message.ts';
import { deliver } from './state/outbox.ts';
import { sendMessage } from './state/send.ts';
import type { World } from './state/world.ts';
import type { Account, Message } from './state/world-types.ts';
import { typingEvent } from './wire/event.ts';

export interface PersonaOptions {
  /** Divides every delay; 1 by default. Tests use a larger value. */
  readonly haste?: number;
  /** Whether they also write unprompted; on by default. */
  readonly ambient?: boolean;
}

export interface Personas {
  stop(): void;
}

/** Maximum number of pending timers; further steps are dropped. */
const maxSteps = 2_000;
/** Number of people who reply to a group message, and number who read it; the others only receive it. */
const groupAnswers = 2;
const groupReaders = 6;
const ambientTtlMinutes = 120;

/** Makes people reply and act until it is stopped. */
export function startPersonas(world: World, { haste = 1, ambient: isAmbient = true }: PersonaOptions = {}): Personas {
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: number, step: () => void) => {
    if (timers.size >= maxSteps) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      step();
    }, ms / haste).unref();
    timers.add(timer);
  };
  /** True while a simulated person sends. Such messages get no reply, or two people would reply to each other endlessly. */
  let isSpeaking = false;
  const speak = (step: () => void) => {
    isSpeaking = true;
    try {
      step();
    } finally {
      isSpeaking = false;
    }
  };

  const attend = (message: Message, reader: Account, isAnswering: boolean, seed: number) => {
    const isThere = () => !message.recalled && !isExpired(world, message) && world.accounts.has(reader.token);
    const received = 150 + (seed % 250);
    const read = received + 300 + (seed % 400);
    const answered = read + 700 + (seed % 1_100);
    after(received, () => markMessage(world, reader, message.id, 'Delivered'));
    if (isAway(reader, message)) return;
    after(read, () => {
      markMessage(world, reader, message.id, 'Read');
      if (message.priority === 1) after(200, () => markMessage(world, reader, message.id, 'Confirmed'));
      if (isAnswering && isThere()) announceTyping(world, message, reader, true);
    });
    if (!isAnswering) return;
    after(answered, () => {
      announceTyping(world, message, reader, false);
      if (isThere()) speak(() => answer(world, message, reader, seed));
    });
  };

  const listener = (message: Message) => {
    if (isSpeaking) return;
    const seed = seedOf(message);
    const readers = [...message.recipients.keys()]
      .flatMap((token) => personaFor(world, token))
      .filter((account) => account.token !== message.author);
    const isMany = message.target.kind !== 'account';
    for (const [index, reader] of rotated(readers, seed).entries()) {
      if (isMany && index >= groupReaders) {
        after(150 + index * 60, () => markMessage(world, reader, message.id, 'Delivered'));
      } else {
        attend(message, reader, index < (isMany ? groupAnswers : 1), seed + index * 977);
      }
    }
  };
  world.messageListeners.add(listener);

  let round = 0;
  const ambient = () => {
    const ada = findAccount(world, 'ada');
    // Only while Ada has an open stream, so that unread events do not accumulate.
    if (ada !== undefined && isPresent(world, ada)) ambientRound(world, ada, round, after, speak);
    round += 1;
    after(20_000 + ((round * 7_919) % 20_000), ambient);
  };
  if (isAmbient) after(6_000, ambient);

  return {
    stop: () => {
      world.messageListeners.delete(listener);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

function seedOf({ body, target }: Message): number {
  return createHash('sha256').update(`${body} ${target.token}`).digest().readUInt16BE(0);
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/** The account to simulate: a person without an open event stream, or the first such owner of a role. */
function personaFor(world: World, token: string): Account[] {
  const account = world.accounts.get(token);
  if (account === undefined || account.kind === 'outside') return [];
  if (account.kind === 'role') return account.owners.flatMap((owner) => personaFor(world, owner)).slice(0, 1);
  return isPresent(world, account) ? [] : [account];
}

function isAway(reader: Account, { recipientOrganization }: Message): boolean {
  return reader.memberships.get(recipientOrganization)?.dnd === true;
}

function announceTyping(world: World, message: Message, reader: Account, isTyping: boolean): void {
  const { target, recipientOrganization: organization, author } = message;
  const typing = { sender: reader.token, isTyping, organization };
  if (target.kind !== 'group') {
    deliver(world, author, typingEvent(typing), organization);
    return;
  }
  const event = typingEvent({ ...typing, group: target.token });
  for (const member of world.groups.get(target.token)?.members ?? []) {
    if (member !== reader.token) deliver(world, member, event, organization);
  }
}

/** Replies in the conversation of the message: to the group, or to its author. */
function answer(world: World, message: Message, reader: Account, seed: number): void {
  const { target, recipientOrganization, sender } = message;
  const toGroup = target.kind === 'group';
  if (toGroup && world.groups.get(target.token)?.members.has(reader.token) !== true) return;
  const phrases = message.body.trim().endsWith('?') ? questions : answers;
  const speaksFor = target.kind === 'account' && target.token !== reader.token ? target.token : undefined;
  ignoreErrors(() =>
    sendMessage(world, reader, {
      recipient: toGroup ? target.token : sender,
      body: phrases[seed % phrases.length] ?? phrases[0],
      sender: speaksFor,
      senderOrganization: recipientOrganization,
      recipientOrganization,
    }),
  );
}

/** Ignores errors: a reply can fail because a member has left since. */
function ignoreErrors(step: () => unknown): void {
  try {
    step();
  } catch {
    return;
  }
}

type After = (ms: number, step: () => void) => void;

/** A group member comes online, types, and sends Ada a direct message, or in every third round a group message. */
function ambientRound(
  world: World,
  ada: Account,
  round: number,
  after: After,
  speak: (step: () => void) => void,
): void {
  const groups = [...world.groups.values()].filter(
    ({ deleted, members, isPublic }) => !deleted && !isPublic && members.has(ada.token) && members.size < 20,
  );
  const group = groups[round % Math.max(1, groups.length)];
  const members = [...(group?.members ?? [])].filter((token) => token !== ada.token);
  const author = members.map((token) => world.accounts.get(token))[(round * 3) % Math.max(1, members.length)];
  if (group === undefined || author === undefined || isPresent(world, author)) return;
  announcePresence(world, author, 'available');
  const toGroup = round % 3 === 2;
  const { organization } = group;
  const typing = { sender: author.token, organization, ...(toGroup ? { group: group.token } : {}) };
  deliver(world, ada.token, typingEvent({ ...typing, isTyping: true }), organization);
  after(1_800, () => {
    deliver(world, ada.token, typingEvent({ ...typing, isTyping: false }), organization);
    speak(() =>
      ignoreErrors(() =>
        sendMessage(world, author, {
          recipient: toGroup ? group.token : ada.token,
          body: ambientLines[round % ambientLines.length] ?? ambientLines[0],
          senderOrganization: organization,
          recipientOrganization: organization,
          ttl: ambientTtlMinutes,
        }),
      ),
    );
  });
  after(9_000, () => announcePresence(world, author, 'unavailable'));
}
