/**
 * Random steps of three people on five devices, one with two clients, through the gateway, compared with a plain model of the
 * contract: results of reads, and the state of clients that follow their subscriptions. A failure prints its seed; `FUZZ_SEED`
 * repeats it, and `FUZZ_RUNS` sets the number of steps. Odd seeds have the event stream of v2, even ones that of v5.
 */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SchemaData } from '../generated/schema-data.ts';
import { createRandom, type Random } from '../soak/random.ts';
import type { ConversationMirror } from '../support/conversation-mirror.ts';
import { ConversationMirrors } from '../support/conversation-mirrors.ts';
import { ConversationModel, type ModelConversation, type ModelItem } from '../support/conversation-model.ts';
import { clinics, hospital } from '../support/demo-tokens.ts';
import { type Device, deviceOf } from '../support/device.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const steps = fuzzRuns(400);
const stepsOfRound = 200;
const firstSeed = fuzzSeed(1);
const maxConversations = 9;

const counts = 'unreadCount unreadPriorityCount lastMessage { token } firstExpiringUnread { message { token } }';
const item = `__typename ... on Message { token isUnread } ... on ConversationNotice { notice actor { token } subject { token } }`;
const send = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  message { token createdAt ttl conversation { id } } conversation { id ${counts} } } }`;
const pageOf = (
  field: string,
) => `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $anchor: TimelineAnchor) {
  conversation(id: $id) { ${field}(first: $first, after: $after, last: $last, before: $before, anchor: $anchor) {
    pageInfo { hasPreviousPage hasNextPage } edges { cursor node { ${field === 'messages' ? '__typename token isUnread' : item} } } } } }`;

/** The part of a conversation that a device shows. */
interface Scroll {
  readonly top: { readonly cursor: string; readonly place: number };
  readonly bottom: { readonly cursor: string; readonly place: number };
}

class Round {
  readonly #random: Random;
  readonly #model = new ConversationModel();
  readonly #devices: Device[] = [];
  readonly #scrolls = new Map<string, Scroll>();
  readonly #muted = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #stack: Stack;
  readonly #history: string[] = [];
  readonly #stream: 'v2' | 'v5';
  #mirrors: ConversationMirrors | undefined;
  /** Time up to which conversations with expired messages were marked. */
  #markedAt = 0;

  constructor(stack: Stack, seed: number, stream: 'v2' | 'v5') {
    this.#stack = stack;
    this.#random = createRandom(seed);
    this.#stream = stream;
  }

  get #live(): ConversationMirrors {
    if (this.#mirrors === undefined) throw new Error('not started');
    return this.#mirrors;
  }

  async start(): Promise<void> {
    for (const name of ['ada', 'ada', 'grace', 'grace', 'alan']) this.#devices.push(await deviceOf(this.#stack, name));
    const [ada, , grace, , alan] = this.#devices;
    if (ada === undefined || grace === undefined || alan === undefined) throw new Error('no devices');
    this.#devices.push({ ...ada }); // a second client with one key pair
    this.#mirrors = new ConversationMirrors(this.#stack, this.#devices);
    for (const { person, name } of this.#devices) this.#names.set(person, name);
    const direct = (one: Device, other: Device, organization: string) =>
      this.#model.add({
        kind: 'direct',
        organization,
        replaysHistory: true,
        members: new Set([one.person, other.person]),
      });
    const conversations = [
      direct(ada, grace, hospital),
      direct(ada, grace, clinics),
      direct(ada, alan, hospital),
      direct(grace, alan, hospital),
    ];
    for (const conversation of conversations) {
      for (const person of conversation.members) {
        const device = this.#devices.find((one) => one.person === person) as Device; // one of the three
        const input = { conversation: this.#idOf(conversation, person) };
        await device.ask(
          'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }',
          { input },
        );
      }
    }
    for (const replaysHistory of [true, false]) {
      const input = {
        name: `Replays ${replaysHistory}`,
        members: [grace.person, alan.person],
        replayHistory: replaysHistory,
      };
      const { createGroup } = await ada.ask(
        'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { token } } }',
        { input },
      );
      const members = new Set([ada.person, grace.person, alan.person]);
      this.#addGroup(createGroup.group.token, replaysHistory, members, ada.person);
    }
    for (const conversation of this.#model.conversations) this.#track(conversation);
    this.#markedAt = this.#model.now();
    await this.#live.start();
  }

  async end(): Promise<void> {
    await this.#live.close();
  }

  /** Compares what the clients know with the model. */
  async compareClients(): Promise<void> {
    await this.#untilCertain();
    await this.#live.settle();
    for (const mirror of this.#live.all.filter(({ isOnline }) => isOnline)) {
      for (const conversation of this.#model.conversations) {
        const { person } = mirror.device;
        if (conversation.kind === 'direct' && !conversation.members.has(person)) continue;
        try {
          this.#compareClient(mirror, conversation);
        } catch (error) {
          throw new Error(`events: ${mirror.lastEvents(this.#idOf(conversation, person)).join('\n')}`, {
            cause: error,
          });
        }
      }
    }
  }

  #compareClient(mirror: ConversationMirror, conversation: ModelConversation): void {
    const { device } = mirror;
    const [client, at] = [this.#live.all.indexOf(mirror), this.#model.conversations.indexOf(conversation)];
    const what = this.#text(`client ${client} of ${device.name} in ${at}`);
    const known = mirror.of(this.#idOf(conversation, device.person));
    const seen = this.#seen(device, conversation).map(({ label }) => label);
    if (known === undefined) {
      const isGroup = conversation.kind === 'group' && conversation.members.has(device.person);
      expect([isGroup, seen], what).toEqual([false, []]);
      return;
    }
    const items = [...known.items.values()].sort((one, other) => one.sortNumber - other.sortNumber);
    const labels = items.map(({ label }) => label).filter((label) => !this.#model.isExpired(conversation, label));
    expect(labels, what).toEqual(seen);
    const { firstExpiring, ...view } = this.#model.viewOf(conversation, device.person);
    const { firstExpiring: first, ...state } = known.state;
    expect(state, what).toEqual(view);
    expect(first === undefined ? firstExpiring.length === 0 : firstExpiring.includes(first), what).toBe(true);
    this.#compareMute(device, conversation, { mutedUntil: known.isMuted ? '' : null });
  }

  async step(): Promise<void> {
    await this.#untilCertain();
    const name = this.#random.pick(this.#often);
    const [device, conversation] = [this.#random.pick(this.#devices), this.#random.pick(this.#model.conversations)];
    this.#history.push(`${name} ${device.name} ${this.#model.conversations.indexOf(conversation)}`);
    const isMember = conversation.members.has(device.person);
    if (!isMember && (name !== 'check' || conversation.kind !== 'group')) return;
    try {
      await this.#steps[name]?.(device, conversation);
    } catch (error) {
      throw new Error(this.#text(`step ${name}`), { cause: error });
    }
  }

  /** Compares all conversations, as each device reads them, with the model. */
  async compareAll(): Promise<void> {
    for (const device of this.#devices) {
      await this.#untilCertain();
      const { conversations } = await device.ask<{
        readonly conversations: { readonly nodes: readonly ListedConversation[] };
      }>(
        `{ conversations(first: 200) { nodes { id organizationKey mutedUntil ${counts} sort: lastMessage { sortNumber } } } }`,
      );
      const shown = new Map(conversations.nodes.map((node) => [node.id, node]));
      expect([...shown.keys()].length, this.#text('listed twice')).toBe(conversations.nodes.length);
      const order = conversations.nodes.flatMap((node) => node.sort?.sortNumber ?? []);
      expect(order, this.#text('order of the list')).toEqual([...order].sort((one, other) => other - one));
      for (const conversation of this.#model.conversations) {
        if (conversation.kind === 'direct' && !conversation.members.has(device.person)) continue;
        const id = this.#idOf(conversation, device.person);
        const isMember = conversation.members.has(device.person);
        const { lastMessage } = this.#model.viewOf(conversation, device.person);
        const isListed = isMember && (conversation.kind === 'group' || lastMessage !== null);
        expect(
          [shown.has(id), shown.get(id)?.lastMessage?.token],
          this.#text(`${device.name} is listed ${id}`),
        ).toEqual([isListed, isListed ? (lastMessage ?? undefined) : undefined]);
        if (!isListed) continue;
        this.#compareView(device, conversation, present(shown.get(id)));
        this.#compareMute(device, conversation, present(shown.get(id)));
        await this.#wholeTimeline(device, conversation);
      }
    }
    this.#model.sweep();
  }

  readonly #steps: Readonly<Record<string, (device: Device, conversation: ModelConversation) => Promise<void>>> = {
    send: async (device, conversation) => {
      const isPriority = this.#random.below(4) === 0;
      const deletesOnRead = conversation.kind === 'direct' && this.#random.below(6) === 0;
      const ttl = this.#random.pick([1, 3, 10, 60]);
      const what = { body: 'x', ttl, deleteOnRead: deletesOnRead, priority: isPriority ? 'HIGH' : 'NORMAL' };
      const to =
        this.#random.below(2) === 0
          ? { conversation: this.#idOf(conversation, device.person) }
          : this.#recipientOf(device, conversation);
      const { sendMessage } = await device.ask(send, { input: { ...what, ...to } });
      const { message } = sendMessage;
      const expiresAt = Date.parse(message.createdAt) + message.ttl * 60_000;
      this.#model.send(conversation, {
        token: message.token,
        author: device.person,
        isPriority,
        deletesOnRead,
        expiresAt,
      });
      this.#live.changedBy(device, this.#idOf(conversation, device.person));
      expect(message.conversation.id, this.#text('conversation of the message')).toBe(
        this.#idOf(conversation, device.person),
      );
      this.#compareView(device, conversation, sendMessage.conversation);
    },
    recall: async (device, conversation) => {
      const own = this.#seen(device, conversation).filter(({ author }) => author === device.person);
      if (own.length === 0) return;
      const recalled = this.#random.pick(own);
      const input = { message: recalled.label };
      await device.ask(
        'mutation ($input: RecallMessageInput!) { recallMessage(input: $input) { recalledMessageId } }',
        { input },
      );
      recalled.isRecalled = true;
    },
    'read one': async (device, conversation) => {
      const messages = this.#messages(device, conversation);
      if (messages.length === 0) return;
      const read = [this.#random.pick(messages)];
      await device.ask(
        'mutation ($input: UpdateMessageStatusInput!) { updateMessageStatus(input: $input) { read { id } } }',
        {
          input: { read: read.map(({ label }) => label) },
        },
      );
      this.#markRead(conversation, device.person, read);
    },
    'mark all': async (device, conversation) => {
      const messages = this.#messages(device, conversation);
      if (messages.length === 0) return;
      const through = this.#random.pick(messages);
      const status = this.#random.below(3) === 0 ? 'DELIVERED' : 'READ';
      const { markConversation } = await device.ask(
        `mutation ($input: MarkConversationInput!) { markConversation(input: $input) { conversation { id ${counts} } } }`,
        { input: { conversation: this.#idOf(conversation, device.person), status, through: through.label } },
      );
      if (status === 'READ')
        this.#markRead(
          conversation,
          device.person,
          messages.filter(({ place }) => place <= through.place),
        );
      this.#compareView(device, conversation, markConversation.conversation);
    },
    'time passes': async () => this.#shift(this.#random.pick([10_000, 45_000, 90_000])),
    mute: async (device, conversation) => {
      const isOn = this.#random.below(2) === 0;
      const [name, more] = isOn ? ['mute', { minutes: 500_000 }] : ['unmute', {}];
      const type = isOn ? 'MuteInput' : 'UnmuteInput';
      const answer = await device.ask<Readonly<Record<string, SchemaData['mute']>>>(
        `mutation ($input: ${type}!) { ${name}(input: $input) { conversation { id mutedUntil } } }`,
        { input: { conversation: this.#idOf(conversation, device.person), ...more } },
      );
      const key = `${device.person} ${this.#model.conversations.indexOf(conversation)}`;
      if (isOn) this.#muted.add(key);
      else this.#muted.delete(key);
      this.#compareMute(device, conversation, present(answer[name]).conversation);
    },
    leave: async (device, conversation) => {
      if (conversation.kind !== 'group' || conversation.members.size < 2) return;
      const input = { conversation: this.#idOf(conversation, device.person) };
      await device.ask(
        'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }',
        { input },
      );
      this.#model.leave(conversation, device.person);
    },
    join: async (device, conversation) => {
      if (conversation.group === undefined) return;
      const person = this.#random.pick(this.#devices).person;
      await device.ask('mutation ($input: AddGroupMembersInput!) { addGroupMembers(input: $input) { group { id } } }', {
        input: { group: conversation.group, members: [person] },
      });
      this.#model.join(conversation, person, device.person);
    },
    erase: async (device, conversation) => {
      if (conversation.kind !== 'direct' || this.#random.below(3) > 0) return;
      const input = { conversation: this.#idOf(conversation, device.person) };
      await device.ask(
        'mutation ($input: RemoveRosterEntryInput!) { removeRosterEntry(input: $input) { removedConversationId } }',
        { input },
      );
      this.#model.erase(conversation, device.person);
    },
    open: async (device, conversation) => {
      const last = 1 + this.#random.below(6);
      this.#scrollTo(device, conversation, await this.#page(device, conversation, { last }));
    },
    'open at first unread': async (device, conversation) => {
      const first = 1 + this.#random.below(6);
      this.#scrollTo(device, conversation, await this.#page(device, conversation, { first, anchor: 'FIRST_UNREAD' }));
    },
    'page up': async (device, conversation) => {
      const scroll = this.#scrollOf(device, conversation);
      if (scroll === undefined) return;
      const edges = await this.#page(device, conversation, { last: 1 + this.#random.below(6), before: scroll.top });
      const [top] = edges;
      if (top !== undefined) this.#scrolls.set(this.#scrollKey(device, conversation), { ...scroll, top });
    },
    'page down': async (device, conversation) => {
      const scroll = this.#scrollOf(device, conversation);
      if (scroll === undefined) return;
      const edges = await this.#page(device, conversation, { first: 1 + this.#random.below(6), after: scroll.bottom });
      const bottom = edges.at(-1);
      if (bottom !== undefined) this.#scrolls.set(this.#scrollKey(device, conversation), { ...scroll, bottom });
    },
    'page of messages': async (device, conversation) => {
      const last = 1 + this.#random.below(6);
      const id = this.#idOf(conversation, device.person);
      const { conversation: read } = await device.ask(pageOf('messages'), { id, last });
      const found: string[] = read.messages.edges.map(({ node }) => node.token);
      const all = this.#messages(device, conversation).map(({ label }) => label);
      expect(found, this.#text('messages')).toEqual(all.slice(all.length - found.length));
      expect(found.length, this.#text('messages of a page')).toBeLessThanOrEqual(last);
      if (found.length < all.length)
        expect(read.messages.pageInfo.hasPreviousPage, this.#text('more messages')).toBe(true);
    },
    'make a group': async (device) => {
      if (this.#model.conversations.length >= maxConversations) return;
      const others = this.#devices.map(({ person }) => person).filter((person) => person !== device.person);
      const members = [this.#random.pick(others)];
      const replaysHistory = this.#random.below(2) === 0;
      const { createGroup } = await device.ask(
        'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { token } } }',
        { input: { name: 'Made', members, replayHistory: replaysHistory } },
      );
      const all = new Set([device.person, ...members]);
      const group = this.#addGroup(createGroup.group.token, replaysHistory, all, device.person);
      this.#track(group);
      this.#live.changedBy(device, this.#idOf(group, device.person));
    },
    blink: async (device) => this.#live.blink(this.#mirrorOf(device)),
    'go away': async (device) => {
      if (this.#live.all.filter(({ isOnline }) => isOnline).length > 3) await this.#live.leave(this.#mirrorOf(device));
    },
    'come back': async () => {
      const away = this.#live.all.filter(({ isOnline }) => !isOnline);
      if (away.length > 0) await this.#live.comeBack(this.#random.pick(away));
    },
    'lose streams': async ({ name }) => {
      if (this.#random.below(3) === 0) await this.#live.drop(name, this.#random.pick(['drop', 'reset']));
    },
    'compare clients': () => this.compareClients(),
    check: async (device, conversation) => {
      const id = this.#idOf(conversation, device.person);
      const { conversation: read } = await device.ask(
        `query ($id: ID!) { conversation(id: $id) { id mutedUntil ${counts} } }`,
        { id },
      );
      if (!conversation.members.has(device.person)) {
        expect(read, this.#text('a group that was left')).toBeNull();
        return;
      }
      this.#compareView(device, conversation, read);
      this.#compareMute(device, conversation, read);
    },
  };

  readonly #often = [
    ...Array.from({ length: 8 }, () => 'send'),
    ...['recall', 'read one', 'read one', 'mark all', 'time passes', 'time passes', 'mute', 'check', 'check', 'check'],
    ...['open', 'page up', 'page up', 'page up', 'page down', 'page down', 'page down'],
    ...['open at first unread', 'page of messages', 'leave', 'join', 'erase'],
    ...['compare clients', 'compare clients', 'compare clients', 'come back', 'go away', 'blink'],
    ...['lose streams', 'make a group'],
  ];

  /** Reads a page and compares it with the model. @returns Its edges with their places. */
  async #page(
    device: Device,
    conversation: ModelConversation,
    args: { first?: number; last?: number; before?: Scroll['top']; after?: Scroll['top']; anchor?: string },
  ): Promise<{ cursor: string; place: number }[]> {
    const variables = { ...args, before: args.before?.cursor, after: args.after?.cursor };
    const id = this.#idOf(conversation, device.person);
    const { conversation: read } = await device.ask(pageOf('timeline'), { id, ...variables });
    const { edges, pageInfo } = read.timeline;
    const seen = this.#seen(device, conversation);
    const { before, after, first = 0, last = 0, anchor } = args;
    const unreadAt = seen.findIndex((one) => this.#isUnread(device, conversation, one));
    let expected: ModelItem[];
    if (before !== undefined) expected = seen.filter(({ place }) => place < before.place).slice(-last);
    else if (after !== undefined) expected = seen.filter(({ place }) => place > after.place).slice(0, first);
    else if (anchor === undefined) expected = seen.slice(-last);
    else expected = unreadAt < 0 ? seen.slice(-first) : seen.slice(unreadAt, unreadAt + first);
    const what = this.#text(`${device.name} ${id} ${JSON.stringify(variables)}`);
    expect(
      edges.map(({ node }) => labelOf(node)),
      what,
    ).toEqual(expected.map(({ label }) => label));
    for (const [index, { node }] of edges.entries()) {
      const one = expected[index];
      if (node.__typename === 'Message' && one !== undefined)
        expect([node.token, node.isUnread], what).toEqual([one.label, this.#isUnread(device, conversation, one)]);
    }
    const [top, bottom] = [expected[0], expected.at(-1)];
    if (top !== undefined && seen[0] !== top) expect(pageInfo.hasPreviousPage, what).toBe(true);
    if (bottom !== undefined && seen.at(-1) !== bottom) expect(pageInfo.hasNextPage, what).toBe(true);
    return expected.map(({ place }, index) => ({ cursor: present(edges[index]).cursor, place }));
  }

  async #wholeTimeline(device: Device, conversation: ModelConversation): Promise<void> {
    const last = this.#random.pick([7, 50, 200]);
    let edges = await this.#page(device, conversation, { last });
    while (edges.length === last) {
      const [before] = edges;
      if (before === undefined) return;
      edges = await this.#page(device, conversation, { last, before });
    }
  }

  #compareView(device: Device, conversation: ModelConversation, shown: SchemaData['conversation']): void {
    const { firstExpiring, ...view } = this.#model.viewOf(conversation, device.person);
    const { unreadCount, unreadPriorityCount, lastMessage, firstExpiringUnread } = shown;
    const found = { unreadCount, unreadPriorityCount, lastMessage: lastMessage?.token ?? null };
    const what = this.#text(`${device.name} ${shown.id}`);
    expect(found, what).toEqual(view);
    const first = firstExpiringUnread?.message.token;
    expect(first === undefined ? firstExpiring.length === 0 : firstExpiring.includes(first), what).toBe(true);
  }

  #compareMute(device: Device, conversation: ModelConversation, { mutedUntil }: { mutedUntil: string | null }): void {
    const isMuted = this.#muted.has(`${device.person} ${this.#model.conversations.indexOf(conversation)}`);
    expect(mutedUntil !== null, this.#text(`${device.name} has muted`)).toBe(isMuted);
  }

  #isUnread({ person }: Device, { joinedAt }: ModelConversation, { read, place }: ModelItem): boolean {
    return read.get(person) === false && place > (joinedAt.get(person) ?? 0);
  }

  #seen({ person }: Device, conversation: ModelConversation): ModelItem[] {
    return this.#model.seenBy(conversation, person);
  }

  #messages(device: Device, conversation: ModelConversation): ModelItem[] {
    return this.#seen(device, conversation).filter(({ author }) => author !== undefined);
  }

  #scrollKey(device: Device, conversation: ModelConversation): string {
    return `${this.#devices.indexOf(device)} ${this.#model.conversations.indexOf(conversation)}`;
  }

  #scrollOf(device: Device, conversation: ModelConversation): Scroll | undefined {
    return this.#scrolls.get(this.#scrollKey(device, conversation));
  }

  #scrollTo(device: Device, conversation: ModelConversation, edges: readonly Scroll['top'][]): void {
    const [top, bottom] = [edges[0], edges.at(-1)];
    if (top !== undefined && bottom !== undefined)
      this.#scrolls.set(this.#scrollKey(device, conversation), { top, bottom });
  }

  #other({ person }: Pick<Device, 'person'>, { members, group }: ModelConversation): string {
    return group ?? ([...members].find((member) => member !== person) as string); // direct: two members
  }

  #idOf(conversation: ModelConversation, person: string): string {
    return `Conversation:${this.#other({ person }, conversation)}:${conversation.organization}`;
  }

  #recipientOf(device: Device, conversation: ModelConversation): object {
    return { recipient: this.#other(device, conversation), senderOrganization: conversation.organization };
  }

  /** Expiry has no event: clients read the counts again. */
  async #shift(ms: number): Promise<void> {
    await this.#live.settle();
    await controlOf(this.#stack.sandbox).shiftClock(ms);
    this.#model.shiftedMs += ms;
    const now = this.#model.now();
    for (const conversation of this.#model.conversations) {
      if (!conversation.items.some(({ expiresAt }) => expiresAt > this.#markedAt && expiresAt <= now)) continue;
      this.#live.markStale((person) => this.#idOf(conversation, person));
    }
    this.#markedAt = now;
  }

  /** On v2, the reader's other devices get no event about read messages. */
  #markRead(conversation: ModelConversation, person: string, items: readonly ModelItem[]): void {
    this.#model.markRead(conversation, person, items);
    if (this.#stream === 'v2') this.#live.markStale((reader) => this.#idOf(conversation, reader), person);
  }

  #addGroup(group: string, replaysHistory: boolean, members: Set<string>, by: string): ModelConversation {
    const conversation = this.#model.add({ kind: 'group', organization: hospital, group, replaysHistory, members });
    for (const member of members) this.#model.notice(conversation, `added ${member} by ${by}`, member);
    return conversation;
  }

  #track(conversation: ModelConversation): void {
    for (const { person } of this.#devices) {
      if (conversation.kind === 'group' || conversation.members.has(person))
        this.#live.track(person, this.#idOf(conversation, person));
    }
  }

  #mirrorOf(device: Device) {
    const mirror = this.#live.all[this.#devices.indexOf(device)];
    if (mirror === undefined) throw new Error('no such client');
    return mirror;
  }

  async #untilCertain(): Promise<void> {
    while (this.#model.isUncertain()) await this.#shift(5_000);
  }

  #text(what: string): string {
    return `${what}; after ${this.#history.length} steps, the last: ${this.#history.slice(-6).join(', ')}`;
  }
}

/** `sort` is another selection of `lastMessage`. */
type ListedConversation = SchemaData['conversation'] & { readonly sort: SchemaData['message'] | null };

function labelOf(node: SchemaData['conversation']['timeline']['nodes'][0]): string {
  return node.__typename === 'Message' ? node.token : `${node.notice} ${node.subject.token} by ${node.actor.token}`;
}

describe('conversations', () => {
  it('match the contract after any steps', { timeout: 7_200_000 }, async () => {
    const failures: Error[] = [];
    for (let done = 0; done < steps && failures.length < 5; done += stepsOfRound) {
      const seed = firstSeed + done / stepsOfRound;
      try {
        // A new stack, so that the seed alone determines the round, and the state does not grow.
        const stream = seed % 2 === 0 ? 'v5' : 'v2';
        await using stack = await startStack({ config: { upstreamApi: stream === 'v5' ? 'v5' : 'auto' } });
        const round = new Round(stack, seed, stream);
        await round.start();
        for (let step = 1; step <= Math.min(stepsOfRound, steps - done); step++) {
          await round.step();
          if (step % 100 === 0) await round.compareAll();
        }
        await round.compareClients();
        await round.end();
      } catch (error) {
        failures.push(new Error(`FUZZ_SEED=${seed} FUZZ_RUNS=${stepsOfRound}`, { cause: error }));
        process.stdout.write(`${inspect(failures.at(-1), { depth: 8 })}\n`);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
});
