/** A payload of every event type of the contract (EVENTS.md §6, §7). */

/** One event as the upstream sends it, and as the gateway's event. */
export interface EventSample {
  /** Without `tigertext:iq:`. */
  readonly name: string;
  readonly payload: object;
  readonly event: object;
  /** Not kept by the upstream, and never acknowledged. Default: stored. */
  readonly passes?: true;
}

export const sampleMessage = {
  client_id: 'm1',
  body: 'Room 4',
  sender_token: 'u1',
  sender_display_name: 'Grace',
  recipient_token: 'u2',
  sender_organization: 'o1',
  recipient_organization: 'o2',
  status: 'New',
  created_time: '2019-03-14T18:22:05.123Z',
  ttl: 1440,
  expire_in: 60,
  dor: true,
  priority: 1,
  sort_number: 5,
  attachments: [{ 'content-type': 'image/png', size: 3 }],
  attachment_name: 'scan.png',
  data: [{ mimetype: 'application/json', namespace: 'n', payload: '{}' }],
  request_id: 'r1',
};

const sampleEscalation = {
  escalation_execution_id: 'e1',
  display_name: '#AB12',
  escalation_status: 'init',
  level: 1,
  target_token: 'r1',
  target_duration: 5,
  escalation_path: [{ duration: 5, targets: [{ token: 'u1', display_name: 'Grace' }] }],
  triggering_message_token: 'm1',
  triggered_message_token: 'undefined',
  escalation_group_token: 'undefined',
  action_time: '2019-03-14T18:35:00.000Z',
};

export const eventSamples: readonly EventSample[] = [
  {
    name: 'message',
    payload: sampleMessage,
    event: {
      type: 'MESSAGE_RECEIVED',
      isHistory: false,
      recipientStatuses: [],
      message: {
        kind: 'MESSAGE',
        token: 'm1',
        body: 'Room 4',
        sender: 'u1',
        recipient: 'u2',
        expireIn: 60,
        deleteOnRead: true,
        priority: 'HIGH',
        attachments: [{ fileName: 'scan.png', contentType: 'image/png', size: 3 }],
        data: [{ mimeType: 'application/json', namespace: 'n', payload: '{}' }],
      },
    },
  },
  {
    name: 'group_message',
    payload: {
      client_id: 'm2',
      group_token: 'g1',
      sender: 'u1',
      is_group_replay: true,
      recipient_status: [{ account_id: 'u2', status: 'Read', timestamp: '2019-03-14T18:22:05.123Z' }],
    },
    event: {
      type: 'MESSAGE_RECEIVED',
      isHistory: true,
      message: { token: 'm2', group: 'g1', sender: 'u1', recipient: undefined },
      recipientStatuses: [{ user: 'u2', status: 'READ', at: '2019-03-14T18:22:05.123Z' }],
    },
  },
  {
    name: 'message:status',
    payload: {
      client_id: 'm1',
      account_id: 'u2',
      status: 'Read',
      timestamp: '2019-03-14T18:23:11.000Z',
      is_recalled: false,
    },
    event: {
      type: 'MESSAGE_STATUS_CHANGED',
      message: 'm1',
      user: 'u2',
      status: 'READ',
      at: '2019-03-14T18:23:11.000Z',
      group: undefined,
    },
  },
  {
    name: 'group:message:status',
    // Of a message that is not among the samples: those would be taken back by it.
    payload: { client_id: 'm9', account_id: 'u1', status: 'New', is_recalled: true, group_token: 'g1' },
    event: { type: 'MESSAGE_RECALLED', message: 'm9', recalledBy: 'u1', group: 'g1' },
  },
  {
    name: 'message:is_typing',
    payload: {
      sender_token: 'u1',
      status: 'typing',
      group_token: 'g1',
      org_token: 'o1',
      proxy_token: 'role',
      is_group: true,
    },
    event: { type: 'TYPING_CHANGED', user: 'u1', isTyping: true, group: 'g1', organization: 'o1', proxy: 'role' },
    passes: true,
  },
  {
    name: 'presence',
    payload: { from: 'u1', type: 'away' },
    event: { type: 'PRESENCE_CHANGED', user: 'u1', presence: 'AWAY' },
    passes: true,
  },
  {
    name: 'friends',
    payload: {
      friend: {
        action: 'add',
        xmlns: 'tigertext:entity:group',
        token: 'g1',
        organization_id: 'o1',
        name: 'Night',
        members: ['u1'],
      },
    },
    event: {
      type: 'ROSTER_CHANGED',
      change: 'ADDED',
      organization: 'o1',
      counterpart: { kind: 'GROUP', token: 'g1', name: 'Night', memberTokens: ['u1'] },
    },
  },
  {
    name: 'update',
    payload: {
      type: 'tigertext:entity:account',
      token: 'u1',
      organization_key: 'o1',
      display_name: 'Ada',
      dnd: true,
      metadata: { a: 'b' },
    },
    event: {
      type: 'ENTITY_CHANGED',
      organization: 'o1',
      entities: [{ kind: 'USER', token: 'u1', displayName: 'Ada', isDoNotDisturb: true, metadata: { a: 'b' } }],
    },
  },
  {
    name: 'bang',
    payload: {
      bang_id: 'b1',
      event: 'added',
      created_on: '2019-03-14T18:40:00.000Z',
      organization_id: 'o1',
      sort_number: 4,
      sort_series: 2,
      caller_entity: { type: 'tigertext:entity:account', token: 'u1', display_name: 'Grace' },
      subject_entity: { type: 'tigertext:entity:account', token: 'u2' },
      target_entity: { type: 'tigertext:entity:group', token: 'g1', display_name: 'Days' },
      reason: 'leave_org',
      reason_subject_token: 'u3',
    },
    event: {
      type: 'CONVERSATION_NOTICE',
      word: 'added',
      at: '2019-03-14T18:40:00.000Z',
      organization: 'o1',
      actor: { kind: 'USER', token: 'u1', name: 'Grace' },
      subject: { kind: 'USER', token: 'u2', name: undefined },
      target: { kind: 'GROUP', token: 'g1', name: 'Days' },
      reason: 'leave_org',
      reasonSubject: 'u3',
      sortNumber: 4,
      noticeId: 'b1',
      extra: { sort_series: 2 },
    },
  },
  {
    name: 'account:settings',
    payload: { token: 'u1', services: [{ xmlns: 'tigertext:iq:update:account' }] },
    event: { type: 'ACCOUNT_SETTINGS_CHANGED', user: 'u1', services: ['tigertext:iq:update:account'] },
  },
  {
    name: 'user_preferences',
    payload: {
      xmlns: 'tigertext:iq:user_preferences',
      token: 'u1',
      quick_replies: ['On my way'],
      theme: 'dark',
    },
    event: {
      type: 'USER_PREFERENCES_CHANGED',
      quickReplies: ['On my way'],
      preferences: { token: 'u1', quick_replies: ['On my way'], theme: 'dark' },
    },
  },
  {
    name: 'org_preferences',
    payload: { organization: 'o1', network: { patient: { quick_replies: ['Noted'] } } },
    event: { type: 'ORGANIZATION_PREFERENCES_CHANGED', organization: 'o1', quickReplies: ['Noted'] },
  },
  {
    name: 'update:org_settings',
    payload: { organization_key: 'o1' },
    event: { type: 'ORGANIZATION_SETTINGS_CHANGED', settings: { organization_key: 'o1' } },
  },
  {
    name: 'update:tag',
    payload: { token: 't1', display_name: 'ICU', organization_key: 'o1', color: { color_id: 3, color_value: '#fff' } },
    event: { type: 'TAG_CHANGED', token: 't1', name: 'ICU', organization: 'o1', colorId: '3', colorValue: '#fff' },
  },
  {
    name: 'update:team_request',
    payload: {
      team_request: { id: 't1', status: 'declined', created_by: { token: 'u1' }, team: { id: 't2' }, reason: 'full' },
      message_id: 'm1',
    },
    event: {
      type: 'TEAM_REQUEST_CHANGED',
      message: 'm1',
      request: { requestId: 't1', status: 'DECLINED', createdBy: 'u1', team: 't2', reason: 'full' },
    },
  },
  { name: 'update:vwr', payload: { room: 1 }, event: { type: 'WAITING_ROOM_CHANGED', waitingRoom: { room: 1 } } },
  {
    name: 'conversation_mute',
    payload: {
      action: 'add',
      token: 'u1',
      sender_type: 'group',
      sender_token: 'g1',
      organization_id: 'o1',
      mute_start: 1_552_587_725,
      mute_duration: 60,
    },
    event: {
      type: 'MUTE_CHANGED',
      change: 'MUTED',
      mutedBy: 'u1',
      kind: 'GROUP',
      token: 'g1',
      organization: 'o1',
      mutedAt: '2019-03-14T18:22:05.000Z',
      durationMinutes: 60,
      mutedUntil: '2019-03-14T19:22:05.000Z',
    },
  },
  {
    name: 'msg:metadata_update',
    payload: { message_id: 'm1', data: [{ namespace: 'n', payload: { a: 1 } }] },
    event: {
      type: 'MESSAGE_DATA_CHANGED',
      message: 'm1',
      data: [{ mimeType: 'application/json', namespace: 'n', payload: '{"a":1}' }],
    },
  },
  {
    name: 'escalations',
    payload: { escalation: sampleEscalation },
    event: {
      type: 'ESCALATION_CHANGED',
      escalation: sampleEscalation,
      changed: {
        escalationId: 'e1',
        name: '#AB12',
        status: 'IN_PROGRESS',
        level: 1,
        target: 'r1',
        steps: [{ durationMinutes: 5, targets: [{ token: 'u1', name: 'Grace' }] }],
        message: 'm1',
        copy: undefined,
        group: undefined,
      },
    },
  },
  { name: 'remote_wipe', payload: {}, event: { type: 'REMOTE_WIPED' } },
  { name: 'session:hibernate', payload: {}, event: { type: 'SESSION_HIBERNATED' }, passes: true },
  {
    name: 'push:credentials',
    payload: { a: 1 },
    event: { type: 'PUSH_CREDENTIALS_CHANGED', credentials: { a: 1 } },
    passes: true,
  },
  {
    name: 'validated',
    payload: { phone_number: '+15550100' },
    event: { type: 'PHONE_NUMBER_VALIDATED', phoneNumber: '+15550100' },
  },
  {
    name: 'processing:start',
    payload: {
      action_type: 'optin',
      conversation_id: 'c1',
      organization_id: 'o1',
      entity: { type: 'group', token: 'g1' },
    },
    event: {
      type: 'PROCESSING_CHANGED',
      isRunning: true,
      action: 'optin',
      conversation: 'c1',
      organization: 'o1',
      subject: { kind: 'GROUP', token: 'g1', name: undefined },
    },
    passes: true,
  },
  {
    name: 'processing:stop',
    payload: { entity: { type: 'account', id: 'u1' } },
    event: { type: 'PROCESSING_CHANGED', isRunning: false, subject: { kind: 'USER', token: 'u1' } },
    passes: true,
  },
  ...(
    [
      ['voip:incoming', 'INCOMING'],
      ['voip:answered', 'ANSWERED'],
      ['voip:ended', 'ENDED'],
      ['voip:state', 'STATE'],
      ['incoming_proxy_call', 'PROXY_INCOMING'],
      ['vwr:joinablecall', 'JOINABLE'],
    ] as const
  ).map(
    ([name, stage]): EventSample => ({
      name,
      payload: {
        call_id: 'c',
        room_name: 'r',
        reason: 'declined',
        payload: {
          caller_id: 'u1',
          participants_tokens: ['u2', 7],
          is_video: true,
          group_id: 'g1',
          org_id: 'o1',
          network_type: 'provider',
          role_tokens: ['r1'],
          disabled_participants: ['u3'],
          call_state: 'participants_updated',
          metadata: { tag: 1 },
          beyond: 1,
        },
      },
      event: {
        type: 'CALL_CHANGED',
        stage,
        callId: 'c',
        roomName: 'r',
        reason: 'declined',
        caller: 'u1',
        participants: ['u2'],
        isVideo: true,
        group: 'g1',
        organization: 'o1',
        network: 'provider',
        roles: ['r1'],
        disabledParticipants: ['u3'],
        state: 'participants_updated',
        call: { call_id: 'c', payload: { beyond: 1 } },
        extra: { payload: { participants_tokens: ['u2', 7], metadata: { tag: 1 }, beyond: 1 } },
      },
      passes: true,
    }),
  ),
  ...(
    [
      ['repeat_push', 'REPEAT'],
      ['new_user_join', 'NEW_USER'],
      ['email_verification', 'EMAIL_VERIFICATION'],
      ['addressbook_match', 'ADDRESS_BOOK_MATCH'],
    ] as const
  ).map(
    ([name, notice]): EventSample => ({
      name: `tigertext:push:${name}`,
      payload: { alert: 'A', badge: 2, sound: 's', organization: 'o1', user_id: 'u1', type: 'w' },
      event: {
        type: 'PUSH_NOTICE',
        notice,
        alert: 'A',
        badge: 2,
        sound: 's',
        organization: 'o1',
        user: 'u1',
        word: 'w',
      },
    }),
  ),
];

export const wireName = (name: string) => (name.startsWith('tigertext:') ? name : `tigertext:iq:${name}`);
