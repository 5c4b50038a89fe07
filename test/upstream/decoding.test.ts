/** Every documented spelling is decoded, and an invalid entity never fails its siblings. */

import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import { createGroup } from '../../src/upstream/endpoints/group.ts';
import { getMessageStatusesBulk } from '../../src/upstream/endpoints/message.ts';
import { getMetadataBulk } from '../../src/upstream/endpoints/metadata.ts';
import { listMutes } from '../../src/upstream/endpoints/mute.ts';
import { listOrganizations } from '../../src/upstream/endpoints/organization.ts';
import { getRoster } from '../../src/upstream/endpoints/roster.ts';
import { search } from '../../src/upstream/endpoints/search.ts';
import { sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { getMe, lookupUsersBulk } from '../../src/upstream/endpoints/user.ts';
import { assertSchema } from '../../src/upstream/wire/contract-check.ts';
import { decodeGroup } from '../../src/upstream/wire/group.ts';
import { decodeMessage } from '../../src/upstream/wire/message.ts';
import { timestamp } from '../../src/upstream/wire/timestamp.ts';
import { decodeUser } from '../../src/upstream/wire/user.ts';
import { ada, grace, group, message, org } from '../support/endpoint-case.ts';
import { connectTo, reply, startWireServer, upstreamText } from '../support/wire-server.ts';

describe('a user', () => {
  it.each(['organization_key', 'organization_token', 'organization_id'])('names the organization as %s', (field) => {
    expect(decodeUser({ token: ada, [field]: org }).organizationKey).toBe(org);
  });

  it.each(['number', 'phone'])('names a phone number as %s', (field) => {
    expect(decodeUser({ token: ada, phones: [{ [field]: '+1', verified: true }] }).phones).toEqual([
      { number: '+1', isVerified: true },
    ]);
  });

  it.each(['', 'undefined', null])('has no auto-forward when the receiver is %j', (receiver) => {
    expect(decodeUser({ token: ada, dnd_auto_forward_receiver: receiver }).autoForwardTo).toBeUndefined();
  });

  it('forwards to the receiver, or to the first of several', () => {
    expect(decodeUser({ token: ada, dnd_auto_forward_receiver: grace }).autoForwardTo).toBe(grace);
    expect(decodeUser({ token: ada, dnd_auto_forward_receivers: [{ token: grace }] }).autoForwardTo).toBe(grace);
  });

  it('treats null as an absent field, at any depth', () => {
    const user = decodeUser({
      token: ada,
      display_name: null,
      avatar: null,
      emails: [{ address: 'a@example.org', verified: null }],
      metadata: null,
    });
    expect(user).toMatchObject({ displayName: undefined, avatarUrl: undefined, metadata: undefined });
    expect(user.emails).toEqual([{ address: 'a@example.org', verified: undefined }]);
  });

  it('keeps its token unchanged', () => {
    expect(decodeUser({ token: 'ABC-not-a-uuid' }).token).toBe('ABC-not-a-uuid');
  });
});

describe('a group', () => {
  it('is named by name, or else by display_name', () => {
    expect(decodeGroup({ token: group, name: 'a', display_name: 'b' }).name).toBe('a');
    expect(decodeGroup({ token: group, display_name: 'b' }).name).toBe('b');
  });

  it('lists members as tokens or as objects with an id', () => {
    expect(decodeGroup({ token: group, members: [ada, { id: grace }], num_members: 9 })).toMatchObject({
      memberTokens: [ada, grace],
      memberCount: 9,
    });
    expect(() => decodeGroup({ token: group, members: [{}] })).toThrow('Group.members');
  });
});

describe('a message', () => {
  it('is named by message_id, or else by client_id', () => {
    expect(decodeMessage({ message_id: message }).token).toBe(message);
    expect(decodeMessage({ client_id: message }).token).toBe(message);
    expect(() => decodeMessage({ body: 'x' })).toThrow('Message.message_id');
  });

  it.each([[{ sender_token: ada, recipient_token: grace }], [{ sender: ada, recipient: grace }]])(
    'goes from a sender to a recipient: %j',
    (parties) => {
      expect(decodeMessage({ client_id: message, ...parties })).toMatchObject({
        sender: ada,
        recipient: grace,
        group: undefined,
      });
    },
  );

  it.each([
    [{ group_token: group }],
    [{ group_token: group, recipient_token: group }],
    [{ is_group: true, recipient_token: group }],
    [{ xmlns: 'tigertext:iq:group_message', recipient: group }],
  ])('goes to a group alone: %j', (target) => {
    expect(decodeMessage({ client_id: message, ...target })).toMatchObject({ group, recipient: undefined });
  });

  it.each([
    [-1, 'LOW'],
    [0, 'NORMAL'],
    [1, 'HIGH'],
    [undefined, undefined],
  ])('of priority %j is %s', (priority, word) => {
    expect(decodeMessage({ client_id: message, priority }).priority).toBe(word);
  });

  it('has the origin of a forward', () => {
    const forwarded = decodeMessage({
      client_id: message,
      is_forwarded: true,
      original_sender: ada,
      original_sender_name: 'Ada',
      original_timestamp: '2019-03-14T18:22:05.123Z',
      original_msg_id: 'm-0',
      original_data: [{ namespace: 'n', payload: '{}' }],
    });
    expect(forwarded.forwardedFrom).toEqual({
      sender: ada,
      senderName: 'Ada',
      createdAt: '2019-03-14T18:22:05.123Z',
      message: 'm-0',
      data: [{ mimeType: 'application/json', namespace: 'n', payload: '{}' }],
    });
    expect(decodeMessage({ client_id: message }).forwardedFrom).toBeUndefined();
  });
});

describe('a timestamp', () => {
  it.each([
    ['2019-03-14T18:22:05.123Z', '2019-03-14T18:22:05.123Z'],
    ['2019-03-14T18:22:05Z', '2019-03-14T18:22:05Z'],
    ['2019-03-14T18:22:05', '2019-03-14T18:22:05.000Z'],
    ['2019-03-14T18:22:05+02:00', '2019-03-14T16:22:05.000Z'],
  ])('%s means %s', (text, time) => {
    expect(timestamp(text, 'x')).toBe(time);
  });

  it.each(['', 'yesterday', '2019-13-14T18:22:05Z'])('%j is none', (text) => {
    expect(() => timestamp(text, 'Message.created_time')).toThrow('Message.created_time');
  });
});

describe('a reply that breaks the contract', () => {
  it.each([
    ['User', { token: 7 }, 'User.token'],
    ['User', {}, 'User.token'],
    ['User', [], 'User.'],
    ['User', null, 'User.'],
    ['User', { token: ada, dnd: upstreamText }, 'User.dnd'],
    ['User', { token: ada, emails: [{ address: 5 }] }, 'User.emails.0.address'],
    ['Message', { client_id: message, status: upstreamText }, 'Message.status'],
    ['LoginReply', { user: { token: ada }, auth: { key: 'k' } }, 'LoginReply.auth.secret'],
  ] as const)('%s %j is named by its field, never by its value', (schema, value, field) => {
    const failure = caught(() => assertSchema(schema, value));
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID' });
    expect(failure.message).toContain(field.replace(/\.$/, ''));
    expect(failure.message).not.toContain(upstreamText);
  });

  it('does not repeat keys that are content', () => {
    expect(caught(() => assertSchema('Metadata', { [upstreamText]: 1 })).message).not.toContain(upstreamText);
    expect(caught(() => decodeUser({ token: ada, metadata: { [upstreamText]: 1 } })).message).toContain(
      'User.metadata',
    );
    expect(caught(() => decodeUser({ token: ada, metadata: { [upstreamText]: 1 } })).message).not.toContain(
      upstreamText,
    );
  });

  it('is rejected also at excessive nesting', () => {
    const nested = JSON.parse(`${'{"metadata":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(caught(() => decodeUser(nested))).toMatchObject({ code: 'UPSTREAM_INVALID' });
  });
});

describe('one bad row', () => {
  const invalid = expect.objectContaining({ code: 'UPSTREAM_INVALID' });

  it.each([
    [
      'of a bulk account read',
      [{ token: ada, display_name: 'Ada' }, { token: grace, dnd: 'maybe' }, { display_name: 'nobody' }, 7, null],
      lookupUsersBulk,
      new Map([
        [ada, expect.objectContaining({ displayName: 'Ada' })],
        [grace, invalid],
      ]),
    ],
    [
      'of a bulk status read',
      {
        bulk_message_statuses: [
          { client_id: 'm-1', is_recalled: false, statuses: [] },
          { client_id: 'm-2', is_recalled: false, statuses: [{ account_id: ada, status: 'Lost', timestamp: 'x' }] },
          { client_id: 'm-3', is_recalled: false, statuses: [{ account_id: ada, status: 'Read', timestamp: 'x' }] },
          'm-4',
        ],
      },
      getMessageStatusesBulk,
      new Map([
        ['m-1', expect.objectContaining({ isRecalled: false })],
        ['m-2', invalid],
        ['m-3', invalid],
      ]),
    ],
    [
      'of a bulk metadata read',
      { metadata: [{ [ada]: { a: 'b' } }, { [grace]: { a: 1 } }] },
      getMetadataBulk,
      new Map([
        [ada, { a: 'b' }],
        [grace, invalid],
      ]),
    ],
    [
      'of the roster',
      [
        { type: 'tigertext:entity:account', token: ada, organization_key: org },
        { type: 'tigertext:entity:unknown', token: grace },
        { type: 'tigertext:entity:group' },
        'x',
        { type: 'tigertext:entity:team', token: group },
      ],
      getRoster,
      [
        expect.objectContaining({ counterpart: expect.objectContaining({ token: ada }) }),
        invalid,
        invalid,
        invalid,
        expect.objectContaining({ counterpart: expect.objectContaining({ kind: 'GROUP', token: group }) }),
      ],
    ],
    [
      'of the mutes',
      [
        { sender_type: 'account', sender_token: ada, mute_start: 1552587725, mute_duration: 1 },
        { sender_type: 'account', sender_token: ada, mute_start: 1e18, mute_duration: 1 },
        { sender_type: 'account', sender_token: ada, mute_duration: 1 },
        { sender_type: 'account', sender_token: ada, mute_start: 1 },
        { sender_type: 'group', mute_start: 1, mute_duration: 1 },
        { sender_type: 'planet' },
        {},
      ],
      listMutes,
      [expect.objectContaining({ kind: 'USER', token: ada }), invalid, invalid, invalid, invalid, invalid, invalid],
    ],
  ] as const)('%s fails alone', async (_name, wire, read, expected) => {
    await using server = await startWireServer((_request, response) => reply(response, wire));
    await using side = connectTo(server.origin);
    expect(await read(side.upstream, [])).toEqual(expected);
  });

  it('of the organizations fails alone', async () => {
    await using server = await startWireServer((_request, response) =>
      reply(response, [{ token: org }, { token: org, paid: 'no' }]),
    );
    await using side = connectTo(server.origin);
    expect(await listOrganizations(side.upstream, ada)).toEqual([expect.objectContaining({ key: org }), invalid]);
  });

  it('of a search becomes a reference that is read alone, or is left out when it has no token', async () => {
    const results = [
      { type: 'tigertext:entity:account', entity: { token: ada, display_name: 'Ada' } },
      { type: 'tigertext:entity:account', entity: { token: grace, dnd: 'maybe' } },
      { type: 'tigertext:entity:group', token: group, entity: 7 },
      { type: 'tigertext:entity:group', entity: { name: 'nobody' } },
    ];
    await using server = await startWireServer((_request, response) => reply(response, { results }));
    await using side = connectTo(server.origin);
    const page = await search(side.upstream, { query: '', kinds: ['USER'], organizations: [org], pageSize: 10 });
    expect(page.items.map(({ counterpart }) => counterpart)).toEqual([
      expect.objectContaining({ displayName: 'Ada' }),
      { kind: 'USER', token: grace },
      { kind: 'GROUP', token: group },
    ]);
    expect(page).toMatchObject({ continuation: undefined, total: undefined });
  });

  it('does not turn a send or a new group that was stored into a failure', async () => {
    await using server = await startWireServer(({ path }, response) => {
      reply(
        response,
        path.startsWith('/v2/group') ? { token: group, is_public: 'maybe' } : { message_id: message, ttl: 'x' },
      );
    });
    await using side = connectTo(server.origin);
    const sent = await sendMessage(side.upstream, { recipient: ada, body: 'x', requestId: 'r' });
    expect(sent).toEqual({ token: message, message: undefined, alreadyStored: false });
    const made = await createGroup(side.upstream, { name: 'x', members: [] });
    expect(made).toEqual({ kind: 'GROUP', token: group });
  });

  it('in a whole reply is logged and counted as the failure of its call', async () => {
    await using server = await startWireServer((_request, response) =>
      reply(response, { token: upstreamText, dnd: upstreamText }),
    );
    await using side = connectTo(server.origin);
    await expect(getMe(side.upstream)).rejects.toThrow('User.dnd');
    expect(side.records).toMatchObject([{ operationId: 'getMe', outcome: 'UPSTREAM_INVALID', attempt: 1 }]);
    expect(side.logLines).toHaveLength(1);
    expect(side.logLines[0]).toContain('"code":"UPSTREAM_INVALID"');
    expect(side.logLines[0]).not.toContain(upstreamText);
  });

  it.each([
    ['lookupUsersBulk.reply', {}, lookupUsersBulk],
    ['getBulkMessageStatus.bulk_message_statuses', [], getMessageStatusesBulk],
    ['getBulkMessageStatus.bulk_message_statuses', {}, getMessageStatusesBulk],
    ['getEntitiesBulk.metadata', { metadata: [7] }, getMetadataBulk],
    ['getRoster.reply', { entries: [] }, getRoster],
  ] as const)('is not blamed when the list itself is missing: %s', async (field, wire, read) => {
    await using server = await startWireServer((_request, response) => reply(response, wire));
    await using side = connectTo(server.origin);
    await expect(read(side.upstream, [])).rejects.toThrow(field);
  });
});

function caught(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
