/** The store over each kind of client, on a real gateway: actions of two people and their devices are visible to both. */

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { parse, print } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as documents from '../../src/documents.ts';
import {
  type ConversationStore,
  createHttpClient,
  createStore,
  type Item,
  type MessageItem,
  type StoreClient,
  type StoreOptions,
  type StoreSnapshot,
} from '../../src/store/store.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { controlOf, type SandboxControl } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { countFromHere, waitUntil, within } from '../support/wait.ts';

const history = `query ($id: ID!, $before: String) { conversation(id: $id) { timeline(last: 200, before: $before) {
  pageInfo { hasPreviousPage startCursor } nodes { ... on Message { id } } } } }`;
const root = new URL('../..', import.meta.url).pathname;
const say = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

/** Bytes of a minified page that uses these exports, compressed. */
async function sizeOf(contents: string): Promise<number> {
  const stdin = { contents, resolveDir: root, loader: 'ts' } as const;
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', write: false } as const;
  const { outputFiles } = await build({ stdin, ...options });
  return gzipSync(outputFiles[0]?.contents ?? '').length;
}

describe('the store as a file', () => {
  it('adds at most 8 KB to its documents', async () => {
    const whole = await sizeOf("export { createStore } from './src/store/store.ts';");
    const sources = readdirSync(`${root}src/store`)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(`${root}src/store/${file}`, 'utf8'));
    const used = new Set(sources.join().match(/\b\w+Document\b(?=[,)])|textOf|documentId/g));
    used.delete('TypedDocument');
    const own = await sizeOf(`export { ${[...used].join()} } from './src/documents.ts';`);
    process.stdout.write(`\nstore: ${whole - own} bytes compressed, ${whole} with its ${used.size - 2} documents\n`);
    expect(whole - own).toBeLessThanOrEqual(8 * 1024);
  });

  it('writes the texts of documents as graphql does', () => {
    const all = Object.values(documents).flatMap((one) =>
      typeof one === 'object' && 'definitions' in one ? [one] : [],
    );
    expect(all.length).toBeGreaterThan(50);
    for (const document of all) expect(print(parse(documents.textOf(document)))).toBe(print(document));
  });
});

let stack: Stack;
let control: SandboxControl;
let ada: DemoPerson;
let grace: DemoPerson;
const stores: ConversationStore[] = [];
beforeAll(async () => {
  stack = await startStack();
  control = controlOf(stack.sandbox);
  [ada, grace] = [await demoPerson(stack, 'ada'), await demoPerson(stack, 'grace')];
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.dispose();
  await control.clearFaults();
});
afterAll(() => stack[Symbol.asyncDispose]());

const url = () => `${stack.gateway.url}/graphql`;
const clients: Readonly<Record<string, (authorization: string, address?: string) => StoreClient>> = {
  'graphql-ws': (authorization, address = url()) =>
    createSocketClient({
      url: address.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    }),
  'graphql-sse': (authorization) => createSseClient({ url: url(), headers: { authorization }, retryAttempts: 0 }),
  fetch: (authorization, address = url()) => createHttpClient({ url: address, headers: () => ({ authorization }) }),
};

function storeOf({ id: me }: DemoPerson, client: StoreClient, options: Partial<StoreOptions> = {}): ConversationStore {
  const store = createStore({ client, me, ...options });
  stores.push(store);
  return store;
}

function never(): never {
  throw new Error('no such client');
}

/** Ids of all messages of one of Ada's conversations, from the oldest to the newest, as the service has them. */
async function storedIds(id: string): Promise<string[]> {
  const ids: string[] = [];
  for (let before: string | null = null; ; ) {
    const { conversation }: SchemaData = await ada.ask(history, { id, before });
    ids.unshift(...conversation.timeline.nodes.map(({ id: messageId }) => messageId));
    if (!conversation.timeline.pageInfo.hasPreviousPage) return ids;
    before = conversation.timeline.pageInfo.startCursor;
  }
}

/** Resolves with what `find` finds in a snapshot. */
function until<Found>(store: ConversationStore, find: (snapshot: StoreSnapshot) => Found | undefined): Promise<Found> {
  let end = () => {};
  const found = new Promise<Found>((resolve) => {
    const look = () => {
      const one = find(store.getSnapshot());
      if (one !== undefined) resolve(one);
    };
    end = store.subscribe(look);
    look();
  });
  return within(found.finally(end));
}

const isLive = ({ connection, isComplete }: StoreSnapshot) => (connection === 'LIVE' && isComplete) || undefined;
const conversationWith = ({ token }: DemoPerson) => documents.idOf('Conversation', `Conversation:${token}:${hospital}`);
const messagesIn = ({ timelines }: StoreSnapshot, id: string): MessageItem[] =>
  timelines[id]?.items.filter((item: Item): item is MessageItem => item.kind === 'MESSAGE') ?? [];
const message = (id: string, body: string, delivery?: string) => (snapshot: StoreSnapshot) =>
  messagesIn(snapshot, id).find(
    (item) => item.message.body === body && (delivery === undefined || item.delivery === delivery),
  );

describe.each(Object.entries(clients))('the store over %s', (_name, clientOf) => {
  it('shows sent messages, delivery states, typing, reads and recalls', async () => {
    const here = storeOf(ada, clientOf(basic('ada')));
    const there = storeOf(grace, clientOf(basic('grace')));
    const [toGrace, toAda] = [conversationWith(grace), conversationWith(ada)];
    await Promise.all([until(here, isLive), until(there, isLive)]);
    here.open(toGrace);
    there.open(toAda);
    await until(here, ({ timelines }) => timelines[toGrace]?.isComplete || undefined);
    await until(there, ({ timelines }) => timelines[toAda]?.isComplete || undefined);
    await there.markRead(toAda);

    there.setTyping(toAda, true);
    const typing = await until(here, ({ conversations }) =>
      conversations.find(({ typing: people }) => people.length > 0),
    );
    expect([typing.id, typing.typing]).toEqual([toGrace, [grace.id]]);
    const text = `Is room 4 ready? ${_name}`;
    const key = here.send(toGrace, { body: text, priority: 'HIGH' });
    expect(messagesIn(here.getSnapshot(), toGrace).at(-1)).toMatchObject({ key, delivery: 'SENDING', isMine: true });
    const received = await until(there, message(toAda, text));
    expect(received).toMatchObject({ isMine: false, isUnread: true, message: { priority: 'HIGH' } });
    const unread = await until(there, ({ conversations }) =>
      conversations.find(({ id, lastMessage }) => id === toAda && lastMessage?.body === text),
    );
    expect(unread.unreadCount).toBe(1);
    await there.markRead(toAda);
    const read = await until(here, message(toGrace, text, 'READ'));
    expect(read).toMatchObject({ key, statuses: { [grace.id]: 'READ' } });
    expect(messagesIn(here.getSnapshot(), toGrace).filter((item) => item.key === key)).toHaveLength(1);

    await here.recall(read.message.id);
    await until(there, (snapshot) => (message(toAda, text)(snapshot) === undefined ? true : undefined));
    expect(message(toGrace, text)(here.getSnapshot())).toBeUndefined();
  });

  it('continues after a loss of the event stream and every connection, without a missing or repeated message', async () => {
    const store = storeOf(ada, clientOf(basic('ada')));
    const id = conversationWith(grace);
    store.open(id);
    await until(store, isLive);
    await control.restart(300);
    await until(store, ({ connection }) => (connection === 'CONNECTING' ? true : undefined));
    const bodies = ['one', 'two', 'three'].map((body) => `${body} ${_name}`);
    await expect
      .poll(async () => (await grace.answer(say, { input: { recipient: ada.id, body: bodies[0] } })).errors, {
        timeout: 20_000,
      })
      .toBeUndefined();
    for (const body of bodies.slice(1))
      await grace.ask(say, {
        input: { recipient: ada.id, body },
      });
    await until(store, message(id, bodies[2] ?? ''));
    await until(store, isLive);
    const shown = messagesIn(store.getSnapshot(), id).flatMap(
      (item) => bodies.find((body) => body === item.message.body) ?? [],
    );
    expect(shown).toEqual(bodies);
  });
});

describe('the store', () => {
  const fetchClient = () => createHttpClient({ url: url(), headers: () => ({ authorization: basic('ada') }) });

  it('scrolls through 2,000 items with one call per page while messages arrive, each item once, in order, in a bounded window', async () => {
    const id = conversationWith(grace);
    const before = await storedIds(id);
    const store = storeOf(ada, fetchClient(), { bounds: { maxItems: 300 } });
    await until(store, isLive);
    store.open(id);
    await until(store, ({ timelines }) => timelines[id]?.isComplete || undefined);
    await countFromHere(stack);
    const ids = () => messagesIn(store.getSnapshot(), id).map(({ message: { id: one } }) => one);
    const seen = ids();
    while (store.getSnapshot().timelines[id]?.hasOlder === true) {
      const [oldest] = ids();
      const sending = grace.ask(say, { input: { recipient: ada.id, body: 'arrives' } });
      await Promise.all([store.readOlder(id), sending]);
      const shown = ids();
      seen.unshift(...shown.slice(0, shown.indexOf(oldest ?? '')));
      expect(shown.length).toBeLessThanOrEqual(300 + 50);
    }
    expect(seen).toEqual(before);
    expect(before.length).toBeGreaterThanOrEqual(2_000);
    expect(stack.sandbox.requests.count('readTimeline', 'ada')).toBeLessThanOrEqual(Math.ceil(before.length / 50));
    const [newest] = (await storedIds(id)).slice(-1);
    while (store.getSnapshot().timelines[id]?.hasNewer === true) await store.readNewer(id);
    expect(ids().at(-1)).toBe(newest);
  });

  it('reads again at the position of a reader in the middle after a change of the roster and a gap, and moves to the end on request', async () => {
    const id = conversationWith(grace);
    const store = storeOf(ada, fetchClient(), { bounds: { maxItems: 150 } });
    await until(store, isLive);
    store.open(id);
    await until(store, ({ timelines }) => timelines[id]?.isComplete || undefined);
    const ids = () => messagesIn(store.getSnapshot(), id).map(({ message: { id: one } }) => one);
    for (let pages = 0; pages < 5; pages++) await store.readOlder(id);
    const here = ids();
    const stored = await storedIds(id);
    const at = stored.indexOf(here[0] ?? '');
    expect(stored.slice(at, at + here.length)).toEqual(here);
    expect([here.length <= 150, at + here.length < stored.length - 50]).toEqual([true, true]);

    const friend = {
      action: 'update',
      xmlns: 'tigertext:entity:account',
      token: grace.token,
      organization_id: hospital,
    };
    const roster = { 'tigertext:iq:friends': { friend } };
    const tooLarge = { 'tigertext:iq:account:settings': { x: 'x'.repeat(1_100_000) } };
    for (const event of [roster, tooLarge]) {
      await countFromHere(stack);
      await control.inject({ caller: 'ada', event });
      await waitUntil(() => stack.sandbox.requests.count('readTimeline', 'ada') > 0);
      await until(store, ({ timelines }) => timelines[id]?.isLoading === false || undefined);
      await countFromHere(stack);
      expect(ids()).toEqual(here);
      expect(store.getSnapshot().timelines[id]).toMatchObject({ hasOlder: true, hasNewer: true });
    }
    await store.readNewest(id);
    expect(ids().at(-1)).toBe(stored.at(-1));
    expect(store.getSnapshot().timelines[id]?.hasNewer).toBe(false);
  });

  it('has no hole when a message arrives while the page before a full window is read', async () => {
    const id = conversationWith(grace);
    const first = storeOf(ada, fetchClient());
    await until(first, isLive);
    first.open(id);
    await until(first, ({ timelines }) => timelines[id]?.isComplete || undefined);
    await first.markRead(id);
    const store = storeOf(ada, fetchClient(), { bounds: { maxItems: 100 } });
    await until(store, isLive);
    store.open(id);
    await until(store, ({ timelines }) => timelines[id]?.isComplete || undefined);
    await store.readOlder(id);
    expect(store.getSnapshot().timelines[id]?.items).toHaveLength(100);
    const [oldest] = messagesIn(store.getSnapshot(), id).map(({ message: { id: one } }) => one);
    await control.fault({ kind: 'delay', operationId: 'readTimeline', caller: 'ada', count: 1, delayMs: 2_000 });
    const reading = store.readOlder(id);
    await grace.ask(say, { input: { recipient: ada.id, body: 'meanwhile' } });
    await until(store, message(id, 'meanwhile'));
    expect(store.getSnapshot().timelines[id]?.isLoading).toBe(true);
    await reading;
    const shown = messagesIn(store.getSnapshot(), id).map(({ message: { id: one } }) => one);
    const stored = await storedIds(id);
    const at = stored.indexOf(shown[0] ?? '');
    expect(shown).toEqual(stored.slice(at, at + shown.length));
    expect(shown.slice(50, 51)).toEqual([oldest]);
    expect(stored.length - at).toBeGreaterThanOrEqual(150);
  });

  it('reports why a message is not sent, sends waiting messages once when the service is back, and takes a new credential', async () => {
    const id = conversationWith(grace);
    const stored = new Map<string, string>();
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    };
    let secret = 'demo';
    let signedIn = 0;
    const signIn = async () => {
      signedIn += 1;
      secret = 'demo';
    };
    const client = createHttpClient({ url: url(), headers: () => ({ authorization: basic('ada', secret) }) });
    const store = storeOf(ada, client, { storage, signIn });
    store.open(id);
    await until(store, ({ timelines }) => timelines[id]?.isComplete || undefined);
    store.send(id, { body: 'x', ttl: 0 });
    const failed = await until(store, message(id, 'x', 'FAILED'));
    expect(failed).toMatchObject({ canRetry: false, error: { code: 'BAD_USER_INPUT', field: 'input.ttl' } });
    expect([...stored.values()].join()).not.toContain('"x"');
    store.drop(failed.key);

    await control.fault({ kind: 'lose', operationId: 'sendMessageV5', caller: 'ada', count: 1 });
    const key = store.send(id, { body: 'Bed 8 too' });
    secret = 'wrong';
    await until(store, ({ timelines }) =>
      timelines[id]?.items.find(
        (item) => item.key === key && item.kind === 'MESSAGE' && item.message.id.startsWith('Message:'),
      ),
    );
    expect(await store.recall('Message:00000000-0000-4000-8000-000000000000').catch(({ code }) => code)).toBe(
      'NOT_FOUND',
    );
    expect(signedIn).toBeGreaterThan(0);
    const { conversation } = await ada.ask(
      'query ($id: ID!) { conversation(id: $id) { timeline(last: 5) { nodes { ... on Message { body } } } } }',
      { id },
    );
    const bodies: (string | null)[] = conversation.timeline.nodes.map((node: { body: string | null }) => node.body);
    expect(bodies.filter((body) => body === 'Bed 8 too')).toHaveLength(1);
    expect(stored.size).toBe(0);
  });

  it('exposes unsent content with its file, sends waiting messages on retry, and runs other documents as the caller', async () => {
    const id = conversationWith(grace);
    const events: string[] = [];
    const sent: string[] = [];
    const client = createHttpClient({
      url: url(),
      headers: () => ({ authorization: basic('ada'), 'apollo-require-preflight': 'true' }),
      fetch: (address, init) => {
        if (init.body instanceof FormData) sent.push('file');
        return fetch(address, init);
      },
    });
    const store = storeOf(ada, client, { onEvent: ({ __typename: type }) => events.push(type) });
    store.open(id);
    await until(store, isLive);
    await control.fault({ kind: 'status', operationId: 'sendMessage', caller: 'ada', status: 503 });
    const attachment = new File(['Bed 12'], 'note.txt', { type: 'text/plain' });
    const key = store.send(id, { body: 'See the note', attachment });
    const waiting = await until(store, message(id, 'See the note', 'WAITING'));
    expect(waiting).toMatchObject({ outgoing: { attachment: { name: 'note.txt' } }, message: { id: key } });
    await control.clearFaults();
    store.retry(key);
    const stored = await until(store, (snapshot) =>
      messagesIn(snapshot, id).find((item) => item.key === key && item.outgoing === undefined),
    );
    expect(stored.message.attachments).toMatchObject([{ fileName: 'note.txt' }]);
    expect(new Set(sent)).toEqual(new Set(['file']));
    const { me } = await store.run(documents.MeDocument, {});
    expect(me?.displayName).toBe('Ada Lovelace');
    await grace.ask(say, { input: { recipient: ada.id, body: 'Seen' } });
    await until(store, message(id, 'Seen'));
    expect(events).toContain('MessageReceived');
    store.open(id);
    await store.readNewest(id);
    expect(message(id, 'Seen')(store.getSnapshot())).toBeDefined();
  });

  it('shows the changes of an escalation, and the text of a role with no one on duty', async () => {
    const store = storeOf(ada, fetchClient());
    const roles = await store.run(documents.RolesDocument, { first: 100 });
    const roleOf = (name: string) => roles.roles?.nodes.find((role) => role?.name === name)?.id ?? never();
    const write = (recipient: string) =>
      store.run(documents.SendMessageDocument, { input: { recipient, body: 'Help' } });
    const rejected = await write(roleOf('Stroke consultant')).catch((error: unknown) => error);
    expect(rejected).toMatchObject({
      code: 'NOBODY_ON_DUTY',
      notice: 'Nobody is on duty for stroke. Call the switchboard.',
    });
    const { sendMessage } = await write(roleOf('Cardiologist on call'));
    const [id, one] = [sendMessage?.conversation?.id ?? never(), sendMessage?.message?.id ?? never()];
    store.open(id);
    await until(store, isLive);
    await until(store, message(id, 'Help'));
    const states = (snapshot: StoreSnapshot) => message(id, 'Help')(snapshot)?.message.escalation?.status;
    await store.run(documents.EscalateMessageDocument, { input: { message: one } });
    await until(store, (snapshot) => states(snapshot) === 'IN_PROGRESS' || undefined);
    await store.run(documents.CancelEscalationDocument, { input: { message: one } });
    await until(store, (snapshot) => states(snapshot) === 'CANCELLED' || undefined);
  });

  it.each(['graphql-ws', 'fetch'])(
    'sends ids of registered operations when only those are accepted, over %s',
    async (name) => {
      await using strict = await startStack({ config: { persistedOperations: 'only' } });
      const person = await demoPerson(stack, 'ada');
      const address = `${strict.gateway.url}/graphql`;
      const store = storeOf(person, clients[name]?.(basic('ada'), address) ?? never(), { registered: true });
      const id = conversationWith(grace);
      store.open(id);
      await until(store, isLive);
      const key = store.send(id, { body: `by id ${name}` });
      await until(store, (snapshot) =>
        messagesIn(snapshot, id).find((item) => item.key === key && item.message.id !== key),
      );
      store.dispose();
    },
  );

  it('discards everything when the credential is rejected permanently', async () => {
    const client = createHttpClient({ url: url(), headers: () => ({ authorization: basic('ada', 'wrong') }) });
    const store = storeOf(ada, client);
    const { connection, conversations } = await until(store, (snapshot) =>
      snapshot.connection === 'SIGNED_OUT' ? snapshot : undefined,
    );
    expect([connection, conversations]).toEqual(['SIGNED_OUT', []]);
  });

  it('shows and counts arriving messages on an upstream without history', async () => {
    await using old = await startStack({ sandbox: { api: 'v2' } });
    const [person, other] = [await demoPerson(old, 'ada'), await demoPerson(old, 'grace')];
    const client = createHttpClient({
      url: `${old.gateway.url}/graphql`,
      headers: () => ({ authorization: basic('ada') }),
    });
    const store = createStore({ client, me: person.id });
    await until(store, isLive);
    await other.ask(say, {
      input: { recipient: person.id, body: 'The lift is stuck' },
    });
    const id = conversationWith(other);
    const row = await until(store, ({ conversations }) =>
      conversations.find((one) => one.id === id && one.lastMessage?.body === 'The lift is stuck'),
    );
    expect([row.isHistoryAvailable, row.unreadCount > 0]).toEqual([false, true]);
    store.open(id);
    expect(message(id, 'The lift is stuck')(store.getSnapshot())).toBeDefined();
    await store.markRead(id);
    await until(store, ({ conversations }) => conversations.find((one) => one.id === id && one.unreadCount === 0));
    store.dispose();
  });
});
