/** Endpoints of roles, escalations, quick replies and the call log on the wire. */

import { describe, expect, it } from 'vitest';
import { getCallLog } from '../../src/upstream/endpoints/call.ts';
import {
  cancelEscalation,
  confirmEscalation,
  escalateMessage,
  skipEscalation,
} from '../../src/upstream/endpoints/escalation.ts';
import {
  getOrganizationQuickReplies,
  getQuickReplies,
  setOrganizationQuickReplies,
  setQuickReplies,
} from '../../src/upstream/endpoints/preferences.ts';
import {
  clearRoleAway,
  createRoleGroup,
  listRoleTags,
  listSavedRoles,
  optIntoRole,
  optOutOfRole,
  removeSavedRole,
  roleLookup,
  saveRole,
  searchRoles,
  setRoleAway,
} from '../../src/upstream/endpoints/role.ts';
import { decodeEscalation } from '../../src/upstream/wire/escalation.ts';
import { ada, checkEndpoint, type EndpointCases, grace, group, message, org } from '../support/endpoint-case.ts';

const role = '9a2e4c60-1f73-4d58-b0c6-3e8d5f7a9b14';
const escalationId = 'e1c5a7f9-2b4d-4f68-8a0c-6e8f1a3b5c7d';
const inOrg = { organization: org };
const orgHeader = { 'tt-x-organization-key': org };

/** As in the contract's examples. */
const wireRole = {
  token: role,
  display_name: 'Cardiologist on call',
  description: 'Heart questions',
  feature_service: 'role',
  open_assignment: '1',
  no_owners_message: 'Nobody is there',
  owners: [{ token: ada, display_name: 'Ada Lovelace' }],
  tag_id: 't-cardiology',
  tag_name: 'Cardiology',
  tag_color: '0xFF0000',
  escalation_policy: {
    always_escalate: false,
    target: role,
    target_duration: 5,
    escalation_path: [{ duration: 5, targets: [grace] }],
    destruction_duration: 60,
  },
};
const decodedRole = {
  kind: 'ROLE',
  token: role,
  name: 'Cardiologist on call',
  profile: {
    onDuty: [{ token: ada, name: 'Ada Lovelace' }],
    description: 'Heart questions',
    tag: { tagId: 't-cardiology', name: 'Cardiology', color: '#FF0000' },
    escalationPolicy: {
      isAutomatic: false,
      targetMinutes: 5,
      steps: [{ durationMinutes: 5, targets: [{ token: grace, name: undefined }] }],
      keptMinutes: 60,
    },
  },
  rules: { isOpen: true, isOwnerRequired: undefined, noOwnersMessage: 'Nobody is there' },
};
const wireEscalation = {
  escalation_execution_id: escalationId,
  display_name: '#AB12',
  escalation_status: 'in_progress',
  level: 0,
  target_token: role,
  target_duration: 5,
  escalation_path: [{ duration: 5, targets: [{ token: grace, display_name: 'Grace Hopper' }] }],
  triggering_message_token: message,
  triggered_message_token: 'undefined',
  escalation_group_token: 'undefined',
  organization_token: org,
  destruction_time: '2019-03-14T19:30:00.000Z',
  action_time: '2019-03-14T18:30:00.000Z',
};
const decodedEscalation = {
  escalationId,
  name: '#AB12',
  status: 'IN_PROGRESS',
  statusName: 'in_progress',
  level: 0,
  target: role,
  message,
  copy: undefined,
  group: undefined,
  organizationKey: org,
  changedAt: '2019-03-14T18:30:00.000Z',
  keptUntil: '2019-03-14T19:30:00.000Z',
};

const cases: EndpointCases = {
  getRole: {
    call: (upstream) => upstream.find(roleLookup(role, inOrg)),
    sends: `GET /v2/role/${role}`,
    headers: orgHeader,
    reply: wireRole,
    gives: { ...decodedRole, organizationKey: org },
  },
  'search for roles': {
    call: (upstream) => searchRoles(upstream, { organization: org, tags: ['t1'], continuation: 'c', pageSize: 25 }),
    sends: 'POST /v2/search',
    body: {
      type: ['account'],
      directory: [org],
      bool: { must: { display_name: '', feature_service: 'role' } },
      tags: ['t1'],
      results_format: 'entities',
      render_metadata: true,
      sort: ['display_name'],
      page_size: 25,
      continuation: 'c',
    },
    reply: {
      results: [
        {
          type: 'tigertext:entity:account',
          organization_id: org,
          entity: {
            token: role,
            display_name: 'Cardiologist on call',
            metadata: { feature_service: 'role', owners: ` ${ada},${grace}, `, tag_id: '' },
          },
        },
      ],
      metadata: { continuation: 'd', total_hits: 31 },
    },
    gives: {
      items: [
        {
          kind: 'USER',
          token: role,
          organizationKey: org,
          metadata: { feature_service: 'role' },
          role: { onDuty: [{ token: ada }, { token: grace }], tag: undefined },
        },
      ],
      continuation: 'd',
      total: 31,
    },
  },
  listRoleTags: {
    call: (upstream) => listRoleTags(upstream, inOrg),
    sends: 'GET /v2/role/tags',
    headers: orgHeader,
    reply: [{ tag_id: 't1', tag_name: 'Cardiology', tag_color: '0xFF0000' }],
    gives: [{ tagId: 't1', name: 'Cardiology', color: '#FF0000' }],
  },
  optIntoRole: {
    call: (upstream) => optIntoRole(upstream, role, ada, inOrg),
    sends: `POST /v2/role/${role}/members/${ada}`,
    headers: orgHeader,
  },
  optOutOfRole: {
    call: (upstream) => optOutOfRole(upstream, role, ada, inOrg),
    sends: `DELETE /v2/role/${role}/members/${ada}`,
    headers: orgHeader,
  },
  setRoleAway: {
    call: (upstream) => setRoleAway(upstream, role, 'In theatre', inOrg),
    sends: `POST /v2/role/${role}/away`,
    headers: orgHeader,
    body: { status: 'In theatre' },
  },
  clearRoleAway: {
    call: (upstream) => clearRoleAway(upstream, role, inOrg),
    sends: `DELETE /v2/role/${role}/away`,
    headers: orgHeader,
  },
  listSavedRoles: {
    call: (upstream) => listSavedRoles(upstream, ada, inOrg),
    sends: `GET /v2/user/${ada}/saved_roles`,
    headers: orgHeader,
    reply: [wireRole],
    gives: [decodedRole],
  },
  saveRole: {
    call: (upstream) => saveRole(upstream, ada, role, inOrg),
    sends: `POST /v2/user/${ada}/saved_roles`,
    headers: orgHeader,
    body: { role_id: role },
  },
  removeSavedRole: {
    call: (upstream) => removeSavedRole(upstream, ada, role, inOrg),
    sends: `DELETE /v2/user/${ada}/saved_roles/${role}`,
    headers: orgHeader,
  },
  createRoleGroup: {
    call: (upstream) => createRoleGroup(upstream, { role, writer: ada, name: 'Ada, Cardiologist' }, inOrg),
    sends: 'POST /v2/role_group',
    headers: orgHeader,
    body: { created_by: ada, members: [ada, role], name: 'Ada, Cardiologist', replay_history: true },
    reply: { token: group, conversation_id: 'c1', metadata: { feature_service: 'role', target_id: role } },
    gives: { token: group },
  },
  escalateMessage: {
    call: (upstream) => escalateMessage(upstream, message),
    sends: `POST /v2/message/${message}/escalation`,
    reply: { escalation: wireEscalation },
    gives: decodedEscalation,
  },
  confirmEscalation: {
    call: (upstream) => confirmEscalation(upstream, { message, escalation: escalationId, as: [role, ada] }),
    sends: `POST /v2/message/${message}/escalation/${escalationId}/confirm`,
    body: { confirm_as: [role, ada] },
    reply: { ...wireEscalation, escalation_status: 'confirmed' },
    gives: { ...decodedEscalation, status: 'CONFIRMED', statusName: 'confirmed' },
  },
  skipEscalation: {
    call: (upstream) => skipEscalation(upstream, { message, escalation: escalationId, as: [ada] }),
    sends: `POST /v2/message/${message}/escalation/${escalationId}/skip`,
    body: { skip_as: [ada] },
    reply: { ...wireEscalation, level: 1, escalation_group_token: group },
    gives: { ...decodedEscalation, level: 1, group },
  },
  cancelEscalation: {
    call: (upstream) => cancelEscalation(upstream, message),
    sends: `DELETE /v2/message/${message}/escalation`,
  },
  getCallLog: {
    call: (upstream) =>
      getCallLog(upstream, { organization: org, network: 'PATIENT', continuation: 'p 2', pageSize: 10 }),
    sends: 'GET /v2/call_log?network=patient&size=10&page=p%202',
    headers: orgHeader,
    reply: {
      metadata: { next_page: 'p3', fully_fetched: false },
      results: [
        {
          id: 'c1',
          type: 'missed_voip_call',
          timestamp: '2026-11-28T09:15:00.000Z',
          duration: 0,
          is_video: false,
          caller: { entity: { token: grace, display_name: 'Grace Hopper' } },
          target: { type: 'account', entity: { token: ada } },
        },
      ],
    },
    gives: {
      continuation: 'p3',
      items: [
        {
          entryId: 'c1',
          word: 'missed_voip_call',
          caller: { kind: 'USER', token: grace, displayName: 'Grace Hopper', organizationKey: org },
          target: { kind: 'USER', token: ada },
          at: '2026-11-28T09:15:00.000Z',
          durationSeconds: 0,
          isVideo: false,
          organizationKey: org,
        },
      ],
    },
  },
  'getCallLog, its first page': {
    call: (upstream) => getCallLog(upstream, { organization: org, network: 'PROVIDER', pageSize: 25 }),
    sends: 'GET /v2/call_log?network=provider&size=25',
    headers: orgHeader,
    reply: { metadata: {}, results: [] },
    gives: { items: [], continuation: undefined },
  },
  getUserPreferences: {
    call: (upstream) => getQuickReplies(upstream, ada),
    sends: `GET /v2/user/${ada}/preferences`,
    reply: { quick_replies: ['On my way'], theme: 'dark' },
    gives: ['On my way'],
  },
  'getUserPreferences without any': {
    call: (upstream) => getQuickReplies(upstream, ada),
    sends: `GET /v2/user/${ada}/preferences`,
    reply: {},
    gives: [],
  },
  updateUserPreferences: {
    call: (upstream) => setQuickReplies(upstream, ada, ['On my way']),
    sends: `POST /v2/user/${ada}/preferences`,
    body: { quick_replies: ['On my way'] },
  },
  getOrganizationPreferences: {
    call: (upstream) => getOrganizationQuickReplies(upstream, org),
    sends: `GET /v2/organization/${org}/preferences`,
    reply: { network: { patient: { quick_replies: ['Noted'] } } },
    gives: ['Noted'],
  },
  updateOrganizationPreferences: {
    call: (upstream) => setOrganizationQuickReplies(upstream, org, ['Noted']),
    sends: `POST /v2/organization/${org}/preferences`,
    headers: orgHeader,
    body: { network: { patient: { quick_replies: ['Noted'] } } },
    reply: { quick_replies: ['Noted'] },
    gives: ['Noted'],
  },
};

describe('endpoints', () => {
  it.each(Object.entries(cases))('%s', (_name, endpoint) => checkEndpoint(endpoint));
});

describe('the status of an escalation', () => {
  it.each([
    ['init', 'IN_PROGRESS'],
    ['confirmed', 'CONFIRMED'],
    ['cancelled', 'CANCELLED'],
    ['destruct', 'CANCELLED'],
    ['no_response', 'UNANSWERED'],
    ['postponed', 'OTHER'],
    ['constructor', 'OTHER'],
  ])('%s is %s', (word, status) => {
    const decoded = decodeEscalation({ ...wireEscalation, escalation_status: word });
    expect([decoded.status, decoded.statusName]).toEqual([status, word]);
  });

  it.each([[{}], [{ ...wireEscalation, escalation_status: 7 }], [{ ...wireEscalation, level: 'x' }], ['x']])(
    'of %j is none',
    (value) => {
      expect(() => decodeEscalation(value)).toThrow(/Escalation/);
    },
  );
});
