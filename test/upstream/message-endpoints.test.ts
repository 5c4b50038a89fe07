/** Message, roster, mute and event endpoints on the wire. */

import { describe, expect, it } from 'vitest';
import { createAttachmentTokens } from '../../src/upstream/endpoints/attachment.ts';
import { acknowledgeEvents, dropEventConnections } from '../../src/upstream/endpoints/events.ts';
import {
  getMessageStatus,
  getMessageStatusesBulk,
  messageLookup,
  recallMessage,
  updateMessageStatus,
} from '../../src/upstream/endpoints/message.ts';
import {
  clearMutes,
  listMutes,
  muteGroup,
  muteOrganization,
  muteUser,
  unmuteGroup,
  unmuteOrganization,
  unmuteUser,
} from '../../src/upstream/endpoints/mute.ts';
import { addRosterEntry, getRoster, removeRosterEntry } from '../../src/upstream/endpoints/roster.ts';
import { forwardMessage, sendMessage } from '../../src/upstream/endpoints/send-message.ts';
import { startTyping, stopTyping } from '../../src/upstream/endpoints/typing.ts';
import { ada, checkEndpoint, type EndpointCases, group, list, message, org } from '../support/endpoint-case.ts';

const cases: EndpointCases = {
  getMessage: {
    call: (upstream) => upstream.find(messageLookup(message)),
    sends: `GET /v2/message/${message}`,
    headers: { 'tt-x-features': 'can-confirm' },
    reply: {
      message_id: message,
      body: 'Scan',
      attachments: [{ 'content-type': 'image/png', size: 48213 }],
      attachment_name: 'scan.png',
    },
    gives: {
      token: message,
      body: 'Scan',
      attachments: [{ fileName: 'scan.png', contentType: 'image/png', size: 48213 }],
    },
  },
  sendMessage: {
    call: (upstream) =>
      sendMessage(upstream, {
        recipient: ada,
        body: 'Room 4 is ready',
        ttl: 1440,
        deleteOnRead: false,
        priority: 'HIGH',
        data: [{ mimeType: 'application/json', namespace: 'acme:bed', payload: '{"bed":4}' }],
        senderOrganization: org,
        requestId: 'r-1',
      }),
    sends: 'POST /v2/message?response_format=message',
    headers: { 'request-id': 'r-1' },
    body: {
      recipient: ada,
      body: 'Room 4 is ready',
      sender_organization: org,
      recipient_organization: org,
      ttl: 1440,
      dor: false,
      priority: 1,
      data: [{ mimetype: 'application/json', namespace: 'acme:bed', payload: '{"bed":4}' }],
    },
    reply: { message_id: message, body: 'Room 4 is ready', status: 'New' },
    status: 201,
    gives: {
      token: message,
      message: expect.objectContaining({ token: message, status: 'NEW' }),
      alreadyStored: false,
    },
  },
  'sendMessage as a role, with what it escalates': {
    call: (upstream) => sendMessage(upstream, { recipient: ada, role: group, escalate: true, requestId: 'r-1' }),
    sends: 'POST /v2/message?response_format=message',
    body: { recipient: ada, sender: group, escalate: true },
    answerHeaders: { 'TT-X-Message-Id': message },
    gives: { token: message, message: undefined, alreadyStored: false },
  },
  'sendMessage answered by a token alone': {
    call: (upstream) => sendMessage(upstream, { recipient: ada, body: 'x', requestId: 'r-1' }),
    sends: 'POST /v2/message?response_format=message',
    body: { recipient: ada, body: 'x' },
    answerHeaders: { 'TT-X-Message-Id': message },
    gives: { token: message, message: undefined, alreadyStored: false },
  },
  'sendMessage of a known Request-ID': {
    call: (upstream) => sendMessage(upstream, { recipient: ada, body: 'x', requestId: 'r-1' }),
    sends: 'POST /v2/message?response_format=message',
    body: { recipient: ada, body: 'x' },
    status: 304,
    answerHeaders: { 'TT-X-Message-Id': message },
    gives: { token: message, message: undefined, alreadyStored: true },
  },
  forwardMessage: {
    call: (upstream) =>
      forwardMessage(upstream, message, {
        recipient: group,
        priority: 'LOW',
        senderOrganization: org,
        recipientOrganization: 'other',
        requestId: 'r-2',
      }),
    sends: `POST /v2/message/${message}/forward`,
    headers: { 'request-id': 'r-2' },
    body: { recipient: group, sender_organization: org, recipient_organization: 'other', priority: -1 },
    answerHeaders: { 'TT-X-Message-Id': 'forwarded' },
    gives: { token: 'forwarded', message: undefined, alreadyStored: false },
  },
  recallMessage: { call: (upstream) => recallMessage(upstream, message), sends: `DELETE /v2/message/${message}` },
  updateMessageStatus: {
    call: (upstream) => updateMessageStatus(upstream, { delivered: [], read: [message] }),
    sends: 'POST /v2/message/status',
    body: { read: [message] },
  },
  getMessageStatus: {
    call: (upstream) => getMessageStatus(upstream, message),
    sends: `GET /v2/message/${message}/status`,
    headers: { 'tt-x-features': 'can-confirm' },
    reply: {
      client_id: message,
      is_recalled: false,
      statuses: [{ account_id: ada, status: 'Confirmed', timestamp: '2019-03-14T18:23:11.000Z' }],
    },
    gives: {
      message,
      isRecalled: false,
      recipients: [{ user: ada, status: 'CONFIRMED', at: '2019-03-14T18:23:11.000Z' }],
    },
  },
  getMessageStatusesBulk: {
    call: (upstream) => getMessageStatusesBulk(upstream, [message, 'unknown']),
    sends: 'POST /v2/get_bulk_message_status',
    headers: { 'tt-x-features': 'can-confirm' },
    body: { messages: [message, 'unknown'] },
    reply: { bulk_message_statuses: [{ client_id: message, is_recalled: true, statuses: [] }] },
    gives: new Map([[message, { message, isRecalled: true, recipients: [] }]]),
  },
  startTyping: {
    call: (upstream) => startTyping(upstream, ada, { organization: org }),
    sends: 'POST /v2/message/typing',
    headers: { 'tt-x-organization-key': org },
    body: { recipient: ada },
  },
  'startTyping as a role': {
    call: (upstream) => startTyping(upstream, ada, { role: group }),
    sends: 'POST /v2/message/typing',
    body: { recipient: ada, proxy_token: group },
  },
  'stopTyping as a role': {
    call: (upstream) => stopTyping(upstream, ada, { organization: org, role: group }),
    sends: `DELETE /v2/message/typing/${ada}/${group}`,
    headers: { 'tt-x-organization-key': org },
  },
  stopTyping: {
    call: (upstream) => stopTyping(upstream, 'ada@example.org', { organization: org }),
    sends: 'DELETE /v2/message/typing/ada%40example.org',
    headers: { 'tt-x-organization-key': org },
  },
  createAttachmentTokens: {
    call: (upstream) =>
      createAttachmentTokens(upstream, { count: 2, expireAfterSeconds: 43200, expireAfterUseSeconds: 5 }),
    sends: 'POST /v5/attachment_tokens_bulk',
    body: { count: 2, expire_after_sec: 43200, expire_after_used_sec: 5 },
    reply: { attachment_tokens: ['t-1', 't-2'] },
    gives: ['t-1', 't-2'],
  },
  getRoster: {
    call: (upstream) => getRoster(upstream),
    sends: 'GET /v2/roster?render_metadata=true',
    reply: [
      { type: 'tigertext:entity:account', token: ada, organization_key: org, display_name: 'Ada' },
      { type: 'tigertext:entity:group', token: group, organization_key: org, name: 'Night', members: [ada] },
      { type: 'tigertext:entity:list', token: list, organization_key: org, name: 'Everyone' },
    ],
    gives: [
      { counterpart: expect.objectContaining({ kind: 'USER', displayName: 'Ada' }), organizationKey: org },
      {
        counterpart: expect.objectContaining({ kind: 'GROUP', name: 'Night', memberTokens: [ada] }),
        organizationKey: org,
      },
      { counterpart: expect.objectContaining({ kind: 'LIST', name: 'Everyone' }), organizationKey: org },
    ],
  },
  addRosterEntry: {
    call: (upstream) => addRosterEntry(upstream, { kind: 'LIST', token: list }, { organization: org }),
    sends: 'POST /v2/roster',
    headers: { 'tt-x-organization-key': org },
    body: { entity: list, type: 'tigertext:entity:list' },
  },
  removeRosterEntry: {
    call: (upstream) => removeRosterEntry(upstream, { kind: 'USER', address: ada }, { organization: org }),
    sends: `DELETE /v2/roster/${ada}`,
    headers: { 'tt-x-organization-key': org, 'tt-x-type': 'tigertext:entity:account' },
  },
  listMutes: {
    call: (upstream) => listMutes(upstream),
    sends: 'GET /v2/mute',
    reply: [
      { sender_type: 'group', sender_token: group, organization_id: org, mute_start: 1552587725, mute_duration: 60 },
      { sender_type: 'organization', caller_organization: org, mute_start: 1552587725, mute_duration: 1 },
    ],
    gives: [
      { kind: 'GROUP', token: group, organization: org, mutedUntil: '2019-03-14T19:22:05.000Z' },
      { kind: 'ORGANIZATION', token: org, organization: org, mutedUntil: '2019-03-14T18:23:05.000Z' },
    ],
  },
  muteUser: {
    call: (upstream) => muteUser(upstream, ada, { minutes: 60, organization: org }),
    sends: 'POST /v2/mute/p2p',
    body: { duration: '60', sender_token: ada, sender_organization: org, receiver_organization: org },
  },
  unmuteUser: {
    call: (upstream) => unmuteUser(upstream, ada, { organization: org, senderOrganization: 'other' }),
    sends: 'DELETE /v2/mute/p2p',
    headers: { 'tt-x-sender-token': ada, 'tt-x-sender-organization': 'other', 'tt-x-receiver-organization': org },
  },
  muteGroup: {
    call: (upstream) => muteGroup(upstream, group, { minutes: 5, organization: org }),
    sends: `POST /v2/mute/group/${group}`,
    body: { duration: '5', receiver_organization: org },
  },
  unmuteGroup: {
    call: (upstream) => unmuteGroup(upstream, group, { organization: org }),
    sends: `DELETE /v2/mute/group/${group}`,
    headers: { 'tt-x-receiver-organization': org },
  },
  muteOrganization: {
    call: (upstream) => muteOrganization(upstream, org, 5),
    sends: `POST /v2/mute/organization/${org}`,
    body: { duration: '5', receiver_organization: org },
  },
  unmuteOrganization: {
    call: (upstream) => unmuteOrganization(upstream, org),
    sends: `DELETE /v2/mute/organization/${org}`,
    headers: { 'tt-x-receiver-organization': org },
  },
  clearMutes: { call: (upstream) => clearMutes(upstream), sends: 'DELETE /v2/mute' },
  acknowledgeEvents: {
    call: (upstream) => acknowledgeEvents(upstream, ['e-1', 'e-2']),
    sends: 'POST /v2/events/ack',
    body: { events: ['e-1', 'e-2'] },
  },
  dropEventConnections: {
    call: (upstream) => dropEventConnections(upstream),
    sends: 'DELETE /v2/events',
    reply: { count: 2 },
    gives: 2,
  },
};

describe('every endpoint of messages and conversations', () => {
  it.each(Object.entries(cases))('%s speaks the contract', (_name, endpoint) => checkEndpoint(endpoint));
});
