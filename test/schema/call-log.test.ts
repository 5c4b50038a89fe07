import { print } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallLogDocument } from '../../src/documents.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { type DemoPerson, demoPerson } from '../support/demo-person.ts';
import { hospital } from '../support/demo-tokens.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

const whole = print(CallLogDocument);
const short = '{ callLog { nodes { entryId kind } } }';

describe('callLog', () => {
  let stack: Stack;
  let ada: DemoPerson;
  let grace: DemoPerson;
  beforeAll(async () => {
    stack = await startStack();
    [ada, grace] = (await Promise.all(['ada', 'grace'].map((name) => demoPerson(stack, name)))) as [
      DemoPerson,
      DemoPerson,
    ];
  });
  beforeEach(() => controlOf(stack.sandbox).reset());
  afterAll(() => stack[Symbol.asyncDispose]());

  const answering = (reply: unknown) =>
    controlOf(stack.sandbox).fault({ kind: 'body', operationId: 'getCallLog', body: { status: 'success', reply } });

  it('has whole callers and targets of each call, in one upstream call a page', async () => {
    stack.sandbox.requests.reset();
    const first = (await ada.ask(whole, { organization: hospital, first: 4 })).callLog;
    expect(stack.sandbox.requests.list.map(({ operationId }) => operationId)).toEqual(['getCallLog']);
    expect(first.nodes[0]).toMatchObject({
      kind: 'MISSED',
      caller: { id: grace.id, displayName: 'Grace Hopper' },
      target: { __typename: 'User', id: ada.id },
      durationSeconds: 0,
      isVideo: true,
    });
    expect(first.nodes[1]).toMatchObject({ kind: 'ENDED', target: { __typename: 'Group', name: 'Code blue' } });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (await ada.ask(whole, { first: 4, after: first.pageInfo.endCursor })).callLog;
    expect(rest.pageInfo).toMatchObject({ hasNextPage: false, endCursor: null });
    const times = [...first.nodes, ...rest.nodes].map(({ at }) => Date.parse(at));
    expect(times).toHaveLength(7);
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });

  it('gets an entry as a call ends, for both sides and for no other', async () => {
    const events =
      'subscription { events(types: [CALL_CHANGED]) { ... on CallChanged { stage callId reason caller { id } participants { id } } } }';
    await using live = overWebSocket<SchemaData>(stack.gateway, events, { as: 'grace' });
    await expect.poll(() => controlOf(stack.sandbox).openStreams()).toMatchObject({ grace: 1 });
    const callId = await controlOf(stack.sandbox).call({ caller: 'ada', target: 'grace', outcome: 'unanswered' });
    expect((await live.next()).data?.events).toEqual({
      stage: 'INCOMING',
      callId,
      reason: null,
      caller: { id: ada.id },
      participants: [{ id: grace.id }],
    });
    expect((await live.next()).data?.events).toMatchObject({ stage: 'ENDED', reason: 'unanswered' });
    for (const side of [ada, grace]) {
      expect((await side.ask(short)).callLog.nodes[0]).toEqual({ entryId: callId, kind: 'MISSED' });
    }
    const alan = await demoPerson(stack, 'alan');
    expect((await alan.ask(short)).callLog.nodes.map(({ entryId }) => entryId)).not.toContain(callId);
    expect((await ada.ask('{ callLog(network: PATIENT) { nodes { entryId } } }')).callLog.nodes).toEqual([]);
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['last: 3', 'last'],
    ['before: "x"', 'before'],
    ['after: "never"', 'after'],
    ['after: ""', 'after'],
    ['after: "calls:"', 'after'],
    [`after: "calls:${'x'.repeat(4_096)}"`, 'after'],
    ['organization: "a b"', 'organization'],
  ])('rejects %s', async (argument, field) => {
    const rejected = await ada.rejection(`{ callLog(${argument}) { nodes { entryId } } }`);
    expect(rejected).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  it('rejects a cursor that cannot be in a URL', async () => {
    const query = 'query ($after: String) { callLog(after: $after) { nodes { entryId } } }';
    const rejected = await ada.rejection(query, { after: 'calls:\ud800' });
    expect(rejected).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' });
  });

  it('is FORBIDDEN in an organization that the caller is not in', async () => {
    expect(await ada.rejection('{ callLog(organization: "foreign") { nodes { entryId } } }')).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it.each([404, 405, 501])('is NOT_SUPPORTED where the upstream answers %i', async (status) => {
    await controlOf(stack.sandbox).fault({ kind: 'status', status, operationId: 'getCallLog' });
    expect(await ada.rejection(short)).toMatchObject({ code: 'NOT_SUPPORTED', path: ['callLog'] });
  });

  it('has entries with missing values and unknown words; a broken one is an error in its place', async () => {
    const user = { token: grace.token, display_name: 'Grace' };
    await answering({
      results: [
        { id: 'bare' },
        { id: 'new', type: 'transferred_voip_call', caller: {}, target: { type: 'planet', entity: user } },
        {
          id: 'kinds',
          type: 'ended_proxy_call',
          timestamp: 5,
          duration: 'long',
          is_video: 'yes',
          caller: { entity: user },
          target: { entity: { type: 'account', ...user } },
        },
        { type: 'missed_voip_call' },
        { id: 'caller', caller: { entity: { display_name: 'No token' } } },
        { id: 'time', timestamp: 'yesterday' },
      ],
    });
    const { data, errors } = await ada.answer(whole.replace('kind\n', 'kind kindName\n'));
    const nothing = { caller: null, target: null, at: null, durationSeconds: null, isVideo: null };
    const { callLog } = present(data);
    expect(callLog.pageInfo.hasNextPage).toBe(false);
    expect(callLog.nodes).toMatchObject([
      { entryId: 'bare', kind: 'OTHER', kindName: null, ...nothing },
      { kind: 'OTHER', kindName: 'transferred_voip_call', ...nothing },
      { ...nothing, kind: 'ENDED', caller: { displayName: 'Grace' }, target: { __typename: 'User' } },
      null,
      null,
      null,
    ]);
    expect(errors?.map(({ path, extensions }) => [path?.at(-1), extensions['code']])).toEqual([
      [3, 'UPSTREAM_INVALID'],
      [4, 'UPSTREAM_INVALID'],
      [5, 'UPSTREAM_INVALID'],
    ]);
  });

  it.each([
    ['null', { next_page: null }, null],
    ['empty', { next_page: '' }, null],
    ['a number', { next_page: 2 }, 'calls:2'],
    ['a text', { next_page: 'p2', fully_fetched: false }, 'calls:p2'],
    ['a text that stays behind', { next_page: 'p2', fully_fetched: true }, null],
    ['spelled otherwise', { next: 'p2' }, null],
    ['nowhere', undefined, null],
  ])('continues when the next page is %s', async (_where, metadata, endCursor) => {
    await answering({ metadata, results: [{ id: '1' }] });
    const { pageInfo } = (await ada.ask('{ callLog { pageInfo { hasNextPage endCursor } } }')).callLog;
    expect(pageInfo).toEqual({ hasNextPage: endCursor !== null, endCursor });
  });

  it.each([[{ metadata: { fully_fetched: false }, results: [] }], [{ metadata: 'x', results: [] }], [{}], [[]]])(
    'is UPSTREAM_INVALID for %j',
    async (reply) => {
      await answering(reply);
      expect(await ada.rejection(short)).toMatchObject({ code: 'UPSTREAM_INVALID' });
    },
  );
});
