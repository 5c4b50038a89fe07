/** Payloads of the event stream of v5: their conversation, and forms that differ from v2. */
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../src/upstream/event-stream/decode-frame.ts';
import { ada, grace, group, message, org } from '../support/endpoint-case.ts';
import { json } from '../support/event-upstream.ts';

const conversation = 'b7c1a0de-5d1f-4e02-9b64-0a3c5e7f9d12';
const other = '71f0c9d2-3e5a-4b8c-9d16-7a2b4c6e8f01';

function decode(name: string, payload: object) {
  const frame = decodeFrame(json('e1', `tigertext:iq:${name}`, payload));
  if (frame?.kind !== 'event') throw new Error('expected an event');
  expect(frame.received).toMatchObject({ isStored: true, violatesContract: false });
  return frame.received.event;
}

const sent = {
  xmlns: 'tigertext:iq:message',
  client_id: message,
  conversation_id: conversation,
  body: 'Room 4 is ready',
  sender_token: grace,
  recipient_token: ada,
  sender_organization: org,
  recipient_organization: org,
  is_group: false,
  is_unread: true,
  status: 'New',
  created_time: '2019-03-14T18:22:05.123Z',
  ttl: 43200,
  sort_number: 1552587725123,
  last_message: { message_id: message, sort_number: 1552587725123 },
  unread_message_count: 3,
  unread_priority_message_count: 1,
  first_expiring_unread_message: { message_id: message, expire_in: 60, sender_token: grace, sender_organization: org },
};

describe('events of v5', () => {
  it.each([
    ['beside the token', { token: group, id: group }, undefined],
    ['in place of the token', { id: group }, undefined],
    ['that is another', { token: group, id: other }, other],
  ])('name a role or its duty list by an id %s', (_where, named, beyond) => {
    const metadata = { feature_service: 'role', meta_type: 'role_assignment', triggered_id: ada };
    const entity = { type: 'group', ...named, name: 'Cardiologist on call', metadata };
    const extra = beyond === undefined ? undefined : { entity };
    const counterpart = { kind: 'GROUP', token: group, metadata };
    expect(decode('friends', { action: 'add', organization_id: org, entity })).toMatchObject({ counterpart, extra });
    const account = { ...entity, type: 'account', metadata: { feature_service: 'role', owners: ada } };
    expect(decode('update', { organization_id: org, entity: account })).toMatchObject({
      entities: [{ kind: 'USER', token: group, role: { onDuty: [{ token: ada }] } }],
      extra: beyond === undefined ? undefined : { entity: account },
    });
  });

  it('carry the conversation of a message and its counts', () => {
    const event = decode('message', sent);
    expect(event).toMatchObject({
      type: 'MESSAGE_RECEIVED',
      message: { token: message, isUnread: true, conversationId: conversation },
      inConversation: {
        id: conversation,
        unreadCount: 3,
        unreadPriorityCount: 1,
        lastMessage: message,
        firstExpiringUnread: { message, sender: grace },
      },
    });
    expect(event.extra).toBeUndefined();
  });

  it('carry them in a group message of the caller, with null for missing ones', () => {
    const event = decode('group_message', {
      ...sent,
      group_token: group,
      is_group: true,
      is_unread: false,
      unread_message_count: 0,
      first_expiring_unread_message: null,
    });
    expect(event).toMatchObject({
      message: { group, isUnread: false },
      inConversation: { unreadCount: 0, firstExpiringUnread: null },
    });
    expect(event.extra).toBeUndefined();
  });

  it('carry them in a status and in a recall', () => {
    const status = {
      client_id: message,
      account_id: ada,
      status: 'Read',
      timestamp: '2019-03-14T18:23:11.000Z',
      is_recalled: false,
      is_unread: false,
      conversation_id: conversation,
      organization_id: org,
      unread_message_count: 0,
      unread_priority_message_count: 0,
    };
    const read = decode('message:status', status);
    expect(read).toMatchObject({
      type: 'MESSAGE_STATUS_CHANGED',
      status: 'READ',
      inConversation: { id: conversation, organization: org, unreadCount: 0, lastMessage: undefined },
    });
    const last = { message_id: other, sort_number: 1 };
    const recalled = decode('message:status', { ...status, is_recalled: true, last_message: last });
    expect(recalled).toMatchObject({ type: 'MESSAGE_RECALLED', inConversation: { lastMessage: other } });
    for (const event of [read, recalled]) expect(event.extra).toBeUndefined();
  });

  it.each([
    ['add', 'ADDED'],
    ['update', 'UPDATED'],
  ])('report with friends %s that a conversation is %s', (action, change) => {
    const entity = {
      type: 'account',
      token: ada,
      display_name: 'Ada Lovelace',
      metadata: { owners: [{ token: grace }] },
    };
    const event = decode('friends', {
      action,
      conversation_id: conversation,
      organization_id: org,
      entity,
      last_message: { message_id: other, sort_number: 9 },
      lowest_sort_number: 5,
      unread_message_count: 6,
      unread_priority_message_count: 0,
      first_expiring_unread_message: null,
      in_progress_escalation_count: 0,
      muted: null,
    });
    expect(event).toMatchObject({
      type: 'ROSTER_CHANGED',
      change,
      organization: org,
      counterpart: { kind: 'USER', token: ada, organizationKey: org, metadata: {} },
      inConversation: { id: conversation, unreadCount: 6, lastMessage: other, firstExpiringUnread: null },
    });
    expect(event.extra).toBeUndefined();
  });

  it.each([{ entity: { type: 'group', token: group } }, { entity: 'group', token: group }])(
    'report with friends del that a conversation is removed: %j',
    (what) => {
      const event = decode('friends', { action: 'del', conversation_id: conversation, organization_id: org, ...what });
      expect(event).toMatchObject({
        type: 'ROSTER_CHANGED',
        change: 'REMOVED',
        counterpart: { kind: 'GROUP', token: group },
        organization: org,
      });
      expect(event.extra).toBeUndefined();
    },
  );

  it('have changed entities with short words for their types', () => {
    const role = { feature_service: 'role', owners: [{ token: ada }] };
    for (const [entity, expected] of [
      [{ type: 'group', token: group, name: 'Days', members: [grace], num_members: 1, metadata: {} }, { name: 'Days' }],
      [{ type: 'account', token: ada, dnd: true, metadata: role }, { isDoNotDisturb: true }],
      [{ type: 'list', token: other, name: 'All' }, { kind: 'LIST' }],
    ] as const) {
      expect(decode('update', { organization_id: org, entity })).toMatchObject({
        type: 'ENTITY_CHANGED',
        organization: org,
        entities: [expected],
      });
    }
  });

  it('have tags inside an entity', () => {
    const entity = { token: 't1', display_name: 'Cardiology', color: { color_id: 1, color_value: '0xFF0000' } };
    const event = decode('update:tag', { organization_id: org, entity });
    expect(event).toMatchObject({
      type: 'TAG_CHANGED',
      token: 't1',
      name: 'Cardiology',
      organization: org,
      colorId: '1',
      colorValue: '0xFF0000',
    });
    expect(event.extra).toBeUndefined();
  });

  it('name the conversation of notices and mutes', () => {
    const notice = decode('bang', {
      bang_id: 'b1',
      event: 'added',
      conversation_id: conversation,
      organization_id: org,
      created_on: '2019-03-14T18:40:00.000Z',
      sort_number: 7,
      target_entity: { type: 'group', token: group, display_name: 'Days' },
    });
    expect(notice).toMatchObject({ word: 'added', target: { kind: 'GROUP' }, inConversation: { id: conversation } });
    const mute = decode('conversation_mute', {
      action: 'add',
      token: grace,
      conversation_id: conversation,
      sender_type: 'group',
      sender_token: group,
      organization_id: org,
      mute_start: 1552587725,
      mute_duration: 60,
    });
    expect(mute).toMatchObject({ change: 'MUTED', inConversation: { id: conversation }, organization: org });
    for (const event of [notice, mute]) expect(event.extra).toBeUndefined();
  });

  it('of v2 have no conversation', () => {
    const { conversation_id: _id, is_unread: _unread, ...old } = sent;
    expect(decode('message', old).inConversation).toBeUndefined();
  });
});
