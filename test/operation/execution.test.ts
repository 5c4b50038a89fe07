/** Operations that a compiler executes wrongly, compared with graphql-js, over every transport. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transports as streams } from '../support/live-subscription.ts';
import { transports } from '../support/one-answer.ts';
import { present } from '../support/present.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { postForm } from '../support/upload.ts';
import { waitUntil } from '../support/wait.ts';
import { worldTexts } from '../support/world-texts.ts';

const everyTransport = Object.entries(transports);
const mutationTransports = everyTransport.filter(([name]) => !name.endsWith('GET'));
const everyStream = Object.entries(streams);

let stack: Stack;
/** A group of Ada's, and a message of hers. */
let group: string;
let message: string;
beforeAll(async () => {
  stack = await startStack();
  [group = ''] = (await worldTexts(stack.sandbox.url)).groupTokens;
  message = await send('hello');
});
afterAll(() => stack[Symbol.asyncDispose]());

async function send(body: string): Promise<string> {
  const query =
    'mutation ($body: String) { sendMessage(input: { recipient: "grace@example.org", body: $body }) { message { token } } }';
  const { data } = await stack.query(query, { body });
  // The shape of the operation above.
  return present(data).sendMessage.message.token;
}

/** The data, as JSON: the order of the keys is part of the answer. */
async function dataOf(query: string, variables: object = {}): Promise<string[]> {
  const answers: string[] = [];
  for (const [name, transport] of everyTransport) {
    const { data, errors } = await transport(stack, query, variables);
    expect(errors, name).toBeUndefined();
    answers.push(JSON.stringify(data));
  }
  return answers;
}

const everywhere = (data: object) => everyTransport.map(() => JSON.stringify(data));

describe('a fragment that is skipped at one place', () => {
  const ada = { displayName: 'Ada Lovelace' };
  const fields = 'fragment F on User { displayName }';

  it.each([
    ['a variable', `query ($a: Boolean!) { me { ...F @include(if: $a) ...F } } ${fields}`],
    ['a literal', `{ me { ...F @include(if: false) ...F } } ${fields}`],
    ['an inline fragment', `query ($a: Boolean!) { me { ... @include(if: $a) { ...F } ...F } } ${fields}`],
    [
      'a fragment around it',
      `query ($a: Boolean!) { me { ...G ...F } } fragment G on User { ...F @include(if: $a) } ${fields}`,
    ],
    ['the root', `query ($a: Boolean!) { ...R @include(if: $a) ...R } fragment R on Query { me { displayName } }`],
  ])('is included at another: %s', async (_name, query) => {
    expect(await dataOf(query, query.includes('$a') ? { a: false } : {})).toEqual(everywhere({ me: ada }));
  });

  it('is included within another fragment', async () => {
    const query = `query ($w: Boolean!) { message(id: "${message}") { ...Header @include(if: $w) ...Bubble } }
      fragment Header on Message { priority } fragment Bubble on Message { body ...Header }`;
    const answer = { message: { body: 'hello', priority: 'NORMAL' } };
    expect(await dataOf(query, { w: false })).toEqual(everywhere(answer));
    const first = { message: { priority: 'NORMAL', body: 'hello' } };
    expect(await dataOf(query, { w: true })).toEqual(everywhere(first));
  });

  it.each(everyStream)('is included in events over %s', async (_name, subscribe) => {
    const query = `subscription ($a: Boolean!) { messageReceived { message { ...F @include(if: $a) ...F } } }
      fragment F on Message { body }`;
    await using live = subscribe(stack.gateway, query, { variables: { a: false }, as: 'grace' });
    await waitUntil(() => stack.sandbox.requests.count('createEvents') > 0);
    await send('for an event');
    let received: unknown;
    // Messages that were stored for her before come first.
    do received = (await live.next()).data;
    while (JSON.stringify(received) !== JSON.stringify({ messageReceived: { message: { body: 'for an event' } } }));
  });
});

describe('fields that merge', () => {
  it('are included without the selection of a skipped field of the same response name', async () => {
    const query = `query ($a: Boolean!) { me { organizations @include(if: $a) { ...F } organizations { key } } }
      fragment F on Organization { name key }`;
    for (const answer of await dataOf(query, { a: false })) {
      const { me } = JSON.parse(answer) as { me: { organizations: object[] } };
      expect(new Set(me.organizations.map((organization) => Object.keys(organization).join()))).toEqual(
        new Set(['key']),
      );
    }
    for (const answer of await dataOf(query, { a: true }))
      expect(answer).toMatch(/"organizations":\[\{"name":"[^"]+","key":/);
  });

  it('of one type do not follow the condition of another type', async () => {
    const query = `query ($b: Boolean!) { roster { entries(first: 5) { nodes { counterpart {
      ... on User { ...U } ... on Group @include(if: $b) { ...U } } } } } }
      fragment U on Node { id ... on User { displayName } }`;
    for (const answer of await dataOf(query, { b: false })) {
      const { roster } = JSON.parse(answer) as { roster: { entries: { nodes: { counterpart: object }[] } } };
      const forms = new Set(roster.entries.nodes.map(({ counterpart }) => Object.keys(counterpart).join()));
      expect(forms).toEqual(new Set(['id,displayName', '']));
    }
  });
});

describe('a mutation', () => {
  it.each(mutationTransports)(
    'runs when only one spread of its fragment is skipped, over %s',
    async (_name, transport) => {
      const query = `mutation ($s: Boolean!) { ...X @skip(if: $s) ...Y } fragment Y on Mutation { ...X }
      fragment X on Mutation { startTyping(input: { recipient: "grace@example.org" }) { __typename } }`;
      stack.sandbox.requests.reset();
      const { data, errors } = await transport(stack, query, { s: true });
      expect(errors).toBeUndefined();
      expect(data).toEqual({ startTyping: { __typename: 'StartTypingPayload' } });
      // Other calls are not counted: a stream of the previous test may still be closing.
      const { typingMessage = 0, typingMessagePost = 0 } = stack.sandbox.requests.counts();
      expect(typingMessage + typingMessagePost).toBe(1);
    },
  );

  it.each(mutationTransports)('stores the variables within a literal of JSON, over %s', async (_name, transport) => {
    const query = `mutation ($x: Int, $y: [Int!], $none: Int) { sendMessage(input: { recipient: "grace@example.org", body: "j",
      data: [{ namespace: "acme:bed", payload: { a: $x, b: [$x, { c: $y }], d: $none, __proto__: { e: 1 } } }] }) { message { data { payload } } } }`;
    const { data, errors } = await transport(stack, query, { x: 7, y: [1, 2] });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain('{"payload":{"a":7,"b":[7,{"c":[1,2]}],"__proto__":{"e":1}}}');
  });

  it.each(mutationTransports)('stores no JSON other than what was sent, over %s', async (_name, transport) => {
    const send = (payload: string) =>
      `sendMessage(input: { recipient: "grace@example.org", body: "j", data: [{ namespace: "acme:bed", payload: ${payload} }] }) { message { data { payload } } }`;
    stack.sandbox.requests.reset();
    // JSON would store them as null, or not at all.
    for (const literal of ['1e400', '{ a: [-1e400] }', 'WORD', '{ a: WORD }', '[WORD]']) {
      const { errors } = await transport(stack, `mutation { ${send(literal)} }`);
      expect(errors, literal).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    }
    expect(stack.sandbox.requests.count('sendMessage')).toBe(0);
  });

  it('stores no JSON other than what was sent in a variable', async () => {
    const query = `mutation ($p: JSON!) { sendMessage(input: { recipient: "grace@example.org", body: "j",
      data: [{ namespace: "acme:bed", payload: $p }] }) { message { data { payload } } } }`;
    const operation = (payload: string) => `{"query":${JSON.stringify(query)},"variables":{"p":${payload}}}`;
    const rejected = [{ extensions: { code: 'BAD_USER_INPUT', field: 'p' } }];
    const authorization = basic('ada');
    for (const payload of ['1e400', '{"a":[-1e400]}']) {
      const headers = { 'content-type': 'application/json', authorization };
      const response = await fetch(`${stack.gateway.url}/graphql`, {
        method: 'POST',
        headers,
        body: operation(payload),
      });
      expect(await response.json()).toMatchObject({ errors: rejected });
      const socket = await openAcknowledged(stack.gateway.url);
      socket.send(`{"type":"subscribe","id":"1","payload":${operation(payload)}}`);
      expect((await socket.message('next', '1')).payload).toMatchObject({ errors: rejected });
      socket.socket.close();
    }
    // JSON cannot contain a file either.
    for (const path of ['variables.p', 'variables.p.scan']) {
      const form = new FormData();
      form.append('operations', operation(path.endsWith('p') ? 'null' : '{"scan":null}'));
      form.append('map', JSON.stringify({ 0: [path] }));
      form.append('0', new File(['x'], 'x.txt'));
      expect((await postForm(stack.gateway.url, form)).errors).toMatchObject(rejected);
    }
  });

  it.each(mutationTransports)('omits fields that its variable omits, over %s', async (_name, transport) => {
    const query = `mutation ($b: String, $k: String) { sendMessage(input: { recipient: "grace@example.org", body: $b, idempotencyKey: $k }) { message { body } } }`;
    expect(await transport(stack, query, { b: 'left out' })).toMatchObject({
      data: { sendMessage: { message: { body: 'left out' } } },
    });
  });

  const signIns = `mutation ($i: SignInInput = { userId: "a", password: "b" }) {
    first: signIn(input: { userId: "ada@example.org", password: "demo" }) { user { __typename } }
    second: signIn(input: $i) { user { __typename } }
    third: signIn(input: { userId: "ada@example.org", password: "demo" }) { user { __typename } } }`;

  it.each(mutationTransports)('continues after a field whose argument is null, over %s', async (_name, transport) => {
    for (const as of ['ada', null]) {
      const { data, errors } = await transport(stack, signIns, { i: null }, as);
      const signedIn = { user: { __typename: 'User' } };
      expect(data).toEqual({ first: signedIn, second: null, third: signedIn });
      expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'BAD_USER_INPUT', field: 'input' } }]);
    }
  });

  it('returns one item for each id, in their order, when one read fails or is slow', async () => {
    await using own = await startStack({ config: { upstreamRetries: 0 } });
    const tokens: string[] = [];
    for (const body of ['1', '2', '3']) {
      const sent = await own.query(
        'mutation ($body: String) { sendMessage(input: { recipient: "ada@example.org", body: $body }) { message { token } } }',
        { body },
        'grace',
      );
      tokens.push(present(sent.data).sendMessage.message.token);
    }
    const query = 'mutation ($ids: [ID!]) { updateMessageStatus(input: { delivered: $ids }) { delivered { body } } }';
    for (const order of [
      { kind: 'status', status: 500, path: `/v2/message/${tokens[0]}*`, operationId: 'getMessage' },
      { kind: 'delay', delayMs: 200, path: `/v2/message/${tokens[0]}*`, operationId: 'getMessage' },
    ] as const) {
      const control = controlOf(own.sandbox);
      await control.clearFaults();
      await control.fault(order);
      for (const [name, transport] of mutationTransports) {
        const { data, errors } = await transport(own, query, { ids: tokens });
        const isSlow = order.kind === 'delay';
        expect(data, name).toEqual({
          updateMessageStatus: { delivered: [isSlow ? { body: '1' } : null, { body: '2' }, { body: '3' }] },
        });
        expect(
          errors?.map(({ path }) => path),
          name,
        ).toEqual(isSlow ? undefined : [['updateMessageStatus', 'delivered', 0]]);
      }
    }
  });
});

describe('a list in a query', () => {
  it('has one item for each id, in their order, when one read fails', async () => {
    await using own = await startStack({ config: { upstreamRetries: 0 } });
    const { groupTokens } = await worldTexts(own.sandbox.url);
    const [broken] = groupTokens;
    await controlOf(own.sandbox).fault({ kind: 'status', status: 500, path: `/v2/group/${broken}*` });
    const ids = groupTokens.slice(0, 3).map((token) => `Group:${token}`);
    for (const [name, transport] of everyTransport) {
      const { data, errors } = await transport(
        own,
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Group { name } } }',
        { ids },
      );
      expect(
        (data as { nodes: ({ id: string } | null)[] }).nodes.map((node) => node?.id ?? null),
        name,
      ).toEqual([null, ...ids.slice(1)]);
      expect(
        errors?.map(({ path }) => path),
        name,
      ).toEqual([['nodes', 0]]);
    }
  });
});

describe('an alias', () => {
  it('has no effect elsewhere, whatever its name', async () => {
    const fields = (alias: string) =>
      `{ group(id: "${group}") { members(first: 2) { nodes { displayName } } } ${alias}: me { id } }`;
    const [plain = ''] = await dataOf(fields('other'));
    expect(plain).toMatch(/"nodes":\[\{"displayName":"[^"]+"\},\{"displayName":"[^"]+"\}\]/);
    for (const alias of ['members_group', 'nodes_members_group', 'idx0_nodes_members_group', 'group_', '_']) {
      expect(await dataOf(fields(alias))).toEqual(everyTransport.map(() => plain.replace('"other"', `"${alias}"`)));
    }
  });

  it('may have the name of a property of every object', async () => {
    const query =
      '{ me { constructor: displayName toString: displayName } __proto__: me { id: __typename hasOwnProperty: token } }';
    for (const answer of await dataOf(query)) {
      expect(answer).toMatch(
        /^\{"me":\{"constructor":"Ada Lovelace","toString":"Ada Lovelace"\},"__proto__":\{"id":"User","hasOwnProperty":"[^"]+"\}\}$/,
      );
    }
  });
});

describe('a variable', () => {
  const pages = `query ($n: Int = 500) { roster { entries(first: $n) { nodes { counterpart { ... on Group {
    members(first: $n) { nodes { id displayName } } } } } } } }`;

  it('with a default has the cost of the default', async () => {
    for (const [name, transport] of everyTransport) {
      const byLiteral = await transport(stack, pages.replace('($n: Int = 500)', '').replaceAll('$n', '500'));
      const byDefault = await transport(stack, pages);
      expect(byDefault.errors?.[0], name).toMatchObject({
        message: byLiteral.errors?.[0]?.message,
        extensions: { code: 'OPERATION_TOO_COMPLEX' },
      });
      expect((await transport(stack, pages, { n: 1 })).errors, name).toBeUndefined();
      expect((await transport(stack, pages.replace('500', '1'))).errors, name).toBeUndefined();
    }
  });

  it.each(['ID', 'ID!'])('of type %s keeps every digit of its default', async (type) => {
    const digits = '12345678901234567890123';
    const control = controlOf(stack.sandbox);
    // Met only by a request that names every digit.
    const { id } = await control.fault({ kind: 'status', status: 403, path: `/v2/user/${digits}` });
    const query = `query ($id: ${type} = ${digits}) { user(id: $id) { displayName } }`;
    for (const [name, transport] of everyTransport) {
      const { data, errors } = await transport(stack, query);
      expect({ data, errors }, name).toEqual({ data: { user: null } });
    }
    const [fault] = await control.faults();
    expect(fault).toMatchObject({ id, met: everyTransport.length });
    await control.clearFaults(id);
  });

  const nulls = [
    ['query ($a: ID = "x") { me { id } user(id: $a) { id } }', 'user', 'id'],
    ['query ($a: SearchKind = USER) { me { id } search(query: "a", kinds: [$a]) { totalCount } }', 'search', 'kinds.0'],
  ] as const;
  it.each(nulls)('that is null in a non-null position fails its field alone: %s', async (query, field, place) => {
    for (const [name, transport] of everyTransport) {
      const { data, errors } = await transport(stack, query, { a: null });
      expect(data, name).toMatchObject({ me: { id: expect.any(String) } });
      expect(errors, name).toMatchObject([{ path: [field], extensions: { code: 'BAD_USER_INPUT', field: place } }]);
    }
  });

  it.each(mutationTransports)(
    'that is null within an input fails its field alone, over %s',
    async (_name, transport) => {
      const query = `mutation ($r: ID = "x") { a: sendMessage(input: { recipient: $r, body: "x" }) { message { id } }
      b: startTyping(input: { recipient: "grace@example.org" }) { __typename } }`;
      const { data, errors } = await transport(stack, query, { r: null });
      expect(data).toEqual({ a: null, b: { __typename: 'StartTypingPayload' } });
      expect(errors).toMatchObject([{ path: ['a'], extensions: { code: 'BAD_USER_INPUT', field: 'input.recipient' } }]);
    },
  );

  it.each(everyStream)('that is null where a subscription needs a value ends it, over %s', async (_name, subscribe) => {
    const query = 'subscription ($a: AcknowledgeMode = AUTO) { events(acknowledge: $a) { id } }';
    await using live = subscribe(stack.gateway, query, { variables: { a: null } });
    expect(await live.next()).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'acknowledge' } }],
    });
  });

  it('may have the name of a property of every object, and counts as omitted', async () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const query = `query ($${name}: String) { me { id } user(id: "grace@example.org", organization: $${name}) { displayName } }`;
      const [plain = ''] = await dataOf(query.replaceAll(`$${name}`, '$plain'));
      expect(plain).toContain('Grace');
      expect(await dataOf(query)).toEqual(everyTransport.map(() => plain));
    }
  });
});

describe('a condition at the root of a subscription', () => {
  it.each([
    'subscription ($a: Boolean!) { messageReceived @include(if: $a) { id } }',
    'subscription ($a: Boolean!) { ...F @include(if: $a) } fragment F on Subscription { messageReceived { id } }',
    'subscription ($a: Boolean!) { ...F } fragment F on Subscription { ... @skip(if: $a) { messageReceived { id } } }',
    'subscription ($a: Boolean = true) { ...F } fragment F on Subscription { messageReceived { id } ...G } fragment G on Subscription { messageReceived @skip(if: $a) { id } }',
    'subscription { messageReceived @include(if: 3) { id } }',
    'subscription { messageReceived @skip { id } }',
    'subscription { messageReceived @skip(if: false) { id } }',
  ])('is an invalid document: %s', async (query) => {
    for (const [name, transport] of everyTransport) {
      for (const as of ['ada', null]) {
        const { errors, status = 400, data } = await transport(stack, query, { a: true }, as);
        expect(data, name).toBeUndefined();
        for (const { extensions } of errors ?? []) {
          expect(extensions, name).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', retryable: false });
        }
        expect(errors?.length, name).toBeGreaterThan(0);
        expect([200, 400], name).toContain(status);
      }
    }
    const modern = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        authorization: basic('ada'),
      },
      body: JSON.stringify({ query, variables: { a: true } }),
    });
    expect(modern.status).toBe(400);
  });

  it('leaves nothing unexpected in the log', () => {
    expect(stack.logLines.filter((line) => line.includes('unexpected'))).toEqual([]);
  });
});
