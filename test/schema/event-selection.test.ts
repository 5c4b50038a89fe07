import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { GatewayEventType } from '../../src/domain/gateway-event.ts';
import { startGateway } from '../../src/gateway.ts';
import { EventsDocument } from '../../src/generated/documents.ts';
import { createLog } from '../../src/observability/log.ts';
import { eventTypeNames } from '../../src/schema/event/event.ts';
import { eventSamples, wireName } from '../support/event-samples.ts';
import { EventUpstream, frame } from '../support/event-upstream.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { basic, testConfig } from '../support/stack.ts';

/** What the typed document `Events` tells of each sample; a remote wipe ends the subscription and has a test of its own. */
const expected: Readonly<Record<string, object>> = {
  message: {
    isHistory: false,
    recipientStatuses: [],
    message: {
      id: 'Message:m1',
      body: 'Room 4',
      sender: { id: 'User:u1' },
      senderName: 'Grace',
      priority: 'HIGH',
      deleteOnRead: true,
      ttl: 1440,
      status: 'NEW',
      attachments: [{ fileName: 'scan.png', contentType: 'image/png', size: 3 }],
      data: [{ namespace: 'n', payload: {} }],
    },
  },
  group_message: {
    isHistory: true,
    message: { id: 'Message:m2', group: { id: 'Group:g1' } },
    recipientStatuses: [{ status: 'READ', at: '2019-03-14T18:22:05.123Z', user: { id: 'User:u2' } }],
  },
  'message:status': {
    status: 'READ',
    at: '2019-03-14T18:23:11.000Z',
    message: { id: 'Message:m1' },
    user: { id: 'User:u2' },
    group: null,
  },
  'group:message:status': {
    recalledMessageId: 'Message:m9',
    recalledBy: { id: 'User:u1' },
    group: { id: 'Group:g1' },
    at: null,
  },
  'message:is_typing': {
    isTyping: true,
    user: { id: 'User:u1' },
    group: { id: 'Group:g1' },
    speaksAs: { id: 'User:role' },
    organizationKey: 'o1',
  },
  presence: { presence: 'AWAY', user: { id: 'User:u1' } },
  friends: { change: 'ADDED', organizationKey: 'o1', counterpart: { id: 'Group:g1' } },
  update: { organizationKey: 'o1', entities: [{ id: 'User:u1' }] },
  bang: {
    noticeId: 'b1',
    notice: 'added',
    at: '2019-03-14T18:40:00.000Z',
    reason: 'leave_org',
    reasonSubjectToken: 'u3',
    sortNumber: 4,
    actor: { token: 'u1', name: 'Grace' },
    subject: { token: 'u2', name: null },
    target: { token: 'g1', name: 'Days' },
    extra: { sort_series: 2 },
  },
  'account:settings': { services: ['tigertext:iq:update:account'], user: { id: 'User:u1' } },
  user_preferences: {
    quickReplies: ['On my way'],
    preferences: { token: 'u1', quick_replies: ['On my way'], theme: 'dark' },
  },
  org_preferences: { quickReplies: ['Noted'], organizationKey: 'o1' },
  'update:org_settings': { settings: { organization_key: 'o1' } },
  'update:tag': { token: 't1', name: 'ICU', colorId: '3', colorValue: '#fff', organizationKey: 'o1' },
  'update:team_request': {
    request: { requestId: 't1', status: 'DECLINED', teamId: 't2', reason: 'full', createdBy: { id: 'User:u1' } },
    message: { id: 'Message:m1' },
  },
  'update:vwr': { waitingRoom: { room: 1 } },
  conversation_mute: {
    muteChange: 'MUTED',
    mutedBy: { id: 'User:u1' },
    counterpart: { id: 'Group:g1' },
    mutedAt: '2019-03-14T18:22:05.000Z',
    mutedUntil: '2019-03-14T19:22:05.000Z',
  },
  'msg:metadata_update': { message: { id: 'Message:m1' }, data: [{ namespace: 'n', payload: { a: 1 } }] },
  escalations: {
    changedEscalation: {
      escalationId: 'e1',
      status: 'IN_PROGRESS',
      level: 1,
      changedAt: '2019-03-14T18:35:00.000Z',
      target: { token: 'r1' },
      steps: [{ durationMinutes: 5, targets: [{ token: 'u1', name: 'Grace' }] }],
      message: { id: 'Message:m1' },
    },
  },
  'session:hibernate': {},
  'push:credentials': { credentials: { a: 1 } },
  validated: { phoneNumber: '+15550100' },
  'processing:start': { isRunning: true, action: 'optin', conversationId: 'c1', subject: { token: 'g1' } },
  'processing:stop': { isRunning: false, action: null },
  'voip:incoming': {
    stage: 'INCOMING',
    callId: 'c',
    roomName: 'r',
    reason: 'declined',
    isVideo: true,
    caller: { id: 'User:u1' },
    participants: [{ id: 'User:u2' }],
    group: { id: 'Group:g1' },
    state: 'participants_updated',
    disabledParticipants: [{ id: 'User:u3' }],
    roles: [{ id: 'Role:r1' }],
  },
  'tigertext:push:repeat_push': {
    kind: 'REPEAT',
    alert: 'A',
    badge: 2,
    sound: 's',
    word: 'w',
    user: { id: 'User:u1' },
  },
};

describe('every event', () => {
  it('reaches a client with all its fields', async () => {
    await using upstream = await EventUpstream.start();
    const gateway = await startGateway({ config: testConfig(upstream.url), log: createLog('silent') });
    await using _closing = { [Symbol.asyncDispose]: () => gateway.close() };
    await using live = overWebSocket(gateway, print(EventsDocument));
    await upstream.stream(basic('ada'));
    const samples = eventSamples.filter(({ name }) => name !== 'remote_wipe');
    for (const [index, { name, payload }] of samples.entries()) {
      // The times of the contract's examples are long past: nothing here may expire before it is seen.
      const lasting = 'ttl' in payload ? { ...payload, created_time: new Date().toISOString() } : payload;
      upstream.send(basic('ada'), frame(`e${index}`, wireName(name), lasting));
    }
    for (const [index, { name, event }] of samples.entries()) {
      const { data, errors } = await live.next();
      expect(errors).toBeUndefined();
      const { type } = event as { readonly type: GatewayEventType };
      expect(data).toMatchObject({
        events: { __typename: eventTypeNames[type], type, id: `e${index}`, ...expected[name] },
      });
    }
    expect(Object.keys(expected).filter((name) => !samples.some((sample) => sample.name === name))).toEqual([]);
  });
});
