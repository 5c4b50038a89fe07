/** Account, organization, group, list and metadata endpoints on the wire. */

import { describe, expect, it } from 'vitest';
import { logout } from '../../src/upstream/endpoints/auth.ts';
import { getDistributionList, listDistributionListMembers } from '../../src/upstream/endpoints/distribution-list.ts';
import {
  addGroupMembers,
  createGroup,
  deleteGroup,
  groupLookup,
  listGroupMembers,
  listGroupMemberUsers,
  removeGroupMembers,
  updateGroup,
} from '../../src/upstream/endpoints/group.ts';
import { clearMetadata, getMetadata, getMetadataBulk, setMetadata } from '../../src/upstream/endpoints/metadata.ts';
import {
  clearOrganizationSetting,
  getOrganization,
  leaveOrganization,
  listOrganizationRoles,
  listOrganizations,
  updateOrganizationSettings,
} from '../../src/upstream/endpoints/organization.ts';
import { search } from '../../src/upstream/endpoints/search.ts';
import { isReachable } from '../../src/upstream/endpoints/server-status.ts';
import {
  getMe,
  lookupOrCreateUser,
  lookupUser,
  lookupUsersBulk,
  updatePresence,
  updateUserSettings,
  userLookup,
  wipeUser,
} from '../../src/upstream/endpoints/user.ts';
import { ada, checkEndpoint, type EndpointCases, grace, group, list, org } from '../support/endpoint-case.ts';

const cases: EndpointCases = {
  getMe: {
    call: (upstream) => getMe(upstream, { organization: org }),
    sends: 'GET /v2/user?render_metadata=true',
    headers: { 'tt-x-organization-key': org },
    reply: { token: grace, display_name: 'Grace Hopper', organization_token: org },
    gives: { token: grace, displayName: 'Grace Hopper', organizationKey: org },
  },
  getUser: {
    call: (upstream) => upstream.find(userLookup('ada+x@example.org', { organization: org })),
    sends: 'GET /v2/user/ada%2Bx%40example.org?render_metadata=true',
    headers: { 'tt-x-organization-key': org },
    reply: { token: ada, display_name: 'Ada Lovelace', title: 'MD', dnd: false, metadata: { ward: 'c' } },
    gives: {
      kind: 'USER',
      token: ada,
      displayName: 'Ada Lovelace',
      title: 'MD',
      isDoNotDisturb: false,
      metadata: { ward: 'c' },
    },
  },
  lookupUsersBulk: {
    call: (upstream) => lookupUsersBulk(upstream, [ada, grace], { organization: org }),
    sends: 'POST /v2/user_lookup_bulk?render_metadata=true',
    headers: { 'tt-x-organization-key': org, 'content-type': 'application/json' },
    body: { users: [ada, grace] },
    reply: [{ token: grace, display_name: 'Grace Hopper' }],
    gives: new Map([[grace, expect.objectContaining({ displayName: 'Grace Hopper' })]]),
  },
  lookupUser: {
    call: (upstream) => lookupUser(upstream, '+13105550100'),
    sends: 'GET /v2/user_lookup/%2B13105550100',
    reply: { token: ada, display_name: 'Ada Lovelace' },
    gives: { token: ada, displayName: 'Ada Lovelace' },
  },
  'lookupOrCreateUser by e-mail': {
    call: (upstream) => lookupOrCreateUser(upstream, 'ada@example.org'),
    sends: 'POST /v2/user_lookup/ada%40example.org',
    body: { display_name: 'ada@example.org', email_address: 'ada@example.org' },
    reply: { token: ada },
    gives: { token: ada, displayName: undefined },
  },
  'lookupOrCreateUser by phone': {
    call: (upstream) => lookupOrCreateUser(upstream, '+13105550100'),
    sends: 'POST /v2/user_lookup/%2B13105550100',
    body: { display_name: '+13105550100', phone_number: '+13105550100' },
    reply: { token: ada },
    gives: { token: ada, displayName: undefined },
  },
  updateUserSettings: {
    call: (upstream) => updateUserSettings(upstream, grace, { doNotDisturb: true, doNotDisturbText: 'Back at six' }),
    sends: `POST /v2/user/${grace}/settings`,
    body: { dnd: true, dnd_text: 'Back at six' },
  },
  wipeUser: {
    call: (upstream) => wipeUser(upstream, ada),
    sends: `POST /v2/wipe?token=${ada}`,
    body: {},
  },
  search: {
    call: (upstream) =>
      search(upstream, {
        query: 'ada',
        kinds: ['USER', 'GROUP', 'USER', 'LIST', 'GROUP', 'TEAM'],
        organizations: [org],
        pageSize: 25,
        continuation: 'c1',
      }),
    sends: 'POST /v2/search',
    body: {
      type: ['account', 'group', 'public_group', 'distribution_list', 'team'],
      directory: [org],
      bool: { must: { display_name: 'ada' } },
      results_format: 'entities',
      render_metadata: true,
      page_size: 25,
      continuation: 'c1',
    },
    reply: {
      results: [
        { type: 'tigertext:entity:account', organization_id: org, entity: { token: ada, display_name: 'Ada' } },
        {
          type: 'tigertext:entity:group',
          organization_id: org,
          entity: { token: group, name: 'Cardiology', is_public: true },
        },
        { type: 'tigertext:entity:distribution_list', token: list, entity: { display_name: 'Everyone' } },
        { type: 'tigertext:entity:tag', token: 'tag-1' },
        {
          type: 'tigertext:entity:team',
          token: 't1',
          organization_id: org,
          entity: { display_name: 'Sepsis', group_token: group, num_members: 3 },
        },
        { type: 'tigertext:entity:team', organization_id: org, entity: { id: 't2', display_name: 'Trauma' } },
        { type: 'tigertext:entity:team', organization_id: org, entity: { id: 7, group_token: group } },
      ],
      metadata: { continuation: 'c2', first_hit: 1, total_hits: 30 },
    },
    gives: {
      items: [
        {
          counterpart: expect.objectContaining({ kind: 'USER', token: ada, organizationKey: org }),
          organizationKey: org,
        },
        {
          counterpart: expect.objectContaining({ kind: 'GROUP', token: group, name: 'Cardiology', isPublic: true }),
          organizationKey: org,
        },
        {
          counterpart: expect.objectContaining({ kind: 'LIST', token: list, name: 'Everyone' }),
          organizationKey: undefined,
        },
        {
          team: expect.objectContaining({ teamId: 't1', name: 'Sepsis', group }),
          counterpart: expect.objectContaining({ kind: 'GROUP', token: group, name: 'Sepsis', memberCount: 3 }),
          organizationKey: org,
        },
        { team: expect.objectContaining({ teamId: 't2', group: undefined }), organizationKey: org },
        { team: expect.objectContaining({ code: 'UPSTREAM_INVALID' }), organizationKey: org },
      ],
      continuation: 'c2',
      total: 30,
    },
  },
  listOrganizations: {
    call: (upstream) => listOrganizations(upstream, grace),
    sends: `GET /v2/user/${grace}/organization`,
    reply: [
      {
        token: org,
        name: 'Example Hospital',
        members: 120,
        paid: true,
        pending: false,
        settings: [{ name: 'ttl', value: 43200 }],
      },
    ],
    gives: [
      {
        key: org,
        name: 'Example Hospital',
        memberCount: 120,
        isPaid: true,
        isPending: false,
        settings: [{ name: 'ttl', value: 43200, source: undefined, isLocked: undefined }],
      },
    ],
  },
  getOrganization: {
    call: (upstream) => getOrganization(upstream, grace, org),
    sends: `GET /v2/user/${grace}/organization/${org}`,
    reply: { token: org },
    gives: { key: org, settings: [] },
  },
  updateOrganizationSettings: {
    call: (upstream) => updateOrganizationSettings(upstream, grace, org, { doNotDisturb: true, autoForwardTo: ada }),
    sends: `POST /v2/user/${grace}/organization/${org}`,
    body: { dnd: true, dnd_auto_forward_receiver: ada },
  },
  clearOrganizationSetting: {
    call: (upstream) => clearOrganizationSetting(upstream, grace, org, 'dnd_auto_forward_receiver'),
    sends: `DELETE /v2/user/${grace}/organization/${org}/dnd_auto_forward_receiver`,
  },
  leaveOrganization: {
    call: (upstream) => leaveOrganization(upstream, grace, org),
    sends: `DELETE /v2/user/${grace}/organization/${org}`,
  },
  listOrganizationRoles: {
    call: (upstream) => listOrganizationRoles(upstream, grace, org),
    sends: `GET /v2/user/${grace}/organization/${org}/roles`,
    reply: {
      roles: [
        { organization: { organization_id: org, roles: ['admin'] } },
        { product: { product_id: 'p', roles: ['reporting'] } },
      ],
    },
    gives: [
      { organization: org, product: undefined, roles: ['admin'] },
      { organization: undefined, product: 'p', roles: ['reporting'] },
    ],
  },
  getGroup: {
    call: (upstream) => upstream.find(groupLookup(group)),
    sends: `GET /v2/group/${group}?render_metadata=true`,
    reply: {
      token: group,
      display_name: 'Cardiology',
      members: [ada, { id: grace }],
      created_time: '2019-03-14T18:20:00.000Z',
    },
    gives: {
      kind: 'GROUP',
      name: 'Cardiology',
      memberTokens: [ada, grace],
      memberCount: 2,
      createdAt: '2019-03-14T18:20:00.000Z',
    },
  },
  listGroupMembers: {
    call: (upstream) => listGroupMembers(upstream, group),
    sends: `GET /v2/group/${group}/members`,
    reply: [ada, grace],
    gives: [ada, grace],
  },
  listGroupMemberUsers: {
    call: (upstream) => listGroupMemberUsers(upstream, group, { continuation: 'a/b' }),
    sends: `GET /v2/group/${group}/members?return_user_objects=true&render_metadata=true&continuation=a%2Fb`,
    reply: {
      members: [
        { token: ada, display_name: 'Ada' },
        { token: grace, display_name: 7 },
      ],
      metadata: { continuation: null },
    },
    gives: {
      items: [expect.objectContaining({ token: ada, displayName: 'Ada' }), { kind: 'USER', token: grace }],
      continuation: undefined,
      total: undefined,
    },
  },
  createGroup: {
    call: (upstream) =>
      createGroup(upstream, {
        name: 'Night',
        members: [ada],
        isPublic: false,
        replayHistory: true,
        metadata: { a: 'b' },
        organization: org,
      }),
    sends: 'POST /v2/group?render_entity=true',
    headers: { 'tt-x-organization-key': org },
    body: { name: 'Night', members: [ada], is_public: false, replay_history: true, metadata: { a: 'b' } },
    reply: { token: group, name: 'Night' },
    gives: { kind: 'GROUP', token: group, name: 'Night' },
  },
  'createGroup answered by a token alone': {
    call: (upstream) => createGroup(upstream, { name: 'Night', members: [ada] }),
    sends: 'POST /v2/group?render_entity=true',
    body: { name: 'Night', members: [ada] },
    answerHeaders: { 'TT-X-Group-Token': group },
    gives: { kind: 'GROUP', token: group },
  },
  updateGroup: {
    call: (upstream) => updateGroup(upstream, group, { name: 'Days', members: [ada, grace], replayHistory: false }),
    sends: `POST /v2/group/${group}`,
    body: { name: 'Days', members: [ada, grace], replay_history: false },
    answerHeaders: { 'TT-X-Group-Avatar': 'https://cdn.example.org/g.png' },
    gives: { avatarUrl: 'https://cdn.example.org/g.png' },
  },
  deleteGroup: { call: (upstream) => deleteGroup(upstream, group), sends: `DELETE /v2/group/${group}` },
  addGroupMembers: {
    call: (upstream) => addGroupMembers(upstream, group, [ada]),
    sends: `POST /v2/group/${group}/members`,
    body: { members: [ada] },
  },
  removeGroupMembers: {
    call: (upstream) => removeGroupMembers(upstream, group, [ada]),
    sends: `POST /v2/group/${group}/members/remove`,
    body: { members: [ada] },
  },
  'removeGroupMembers without a notice': {
    call: (upstream) => removeGroupMembers(upstream, group, [ada], { notify: false }),
    sends: `POST /v2/group/${group}/members/remove?bang_notification=false`,
    body: { members: [ada] },
  },
  getDistributionList: {
    call: (upstream) => getDistributionList(upstream, list, { organization: org }),
    sends: `GET /v2/dist_list/${list}`,
    headers: { 'tt-x-organization-key': org },
    reply: { token: list, display_name: 'Everyone', num_members: 40 },
    gives: { kind: 'LIST', token: list, name: 'Everyone', memberCount: 40 },
  },
  listDistributionListMembers: {
    call: (upstream) => listDistributionListMembers(upstream, list, { organization: org, continuation: 'c1' }),
    sends: `GET /v2/dist_list/${list}/members?continuation=c1`,
    headers: { 'tt-x-organization-key': org },
    reply: { members: [{ token: ada }], metadata: { continuation: 'c2' } },
    gives: { items: [expect.objectContaining({ token: ada })], continuation: 'c2', total: undefined },
  },
  getMetadata: {
    call: (upstream) => getMetadata(upstream, ada, { organization: org }),
    sends: `GET /v2/metadata/${ada}`,
    headers: { 'tt-x-organization-key': org },
    reply: { ward: 'cardiology' },
    gives: { ward: 'cardiology' },
  },
  getMetadataBulk: {
    call: (upstream) => getMetadataBulk(upstream, [ada, grace, 'unknown'], { organization: org }),
    sends: 'POST /v2/entities_bulk',
    headers: { 'tt-x-organization-key': org },
    body: { users: [], metadata: [ada, grace, 'unknown'] },
    reply: { users: [], metadata: [{ [ada]: { ward: 'c' } }, { [grace]: {} }, { unknown: null }] },
    gives: new Map([
      [ada, { ward: 'c' }],
      [grace, {}],
    ]),
  },
  setMetadata: {
    call: (upstream) => setMetadata(upstream, ada, { ward: 'c' }, { organization: org }),
    sends: `POST /v2/metadata/${ada}`,
    headers: { 'tt-x-organization-key': org },
    body: { ward: 'c' },
  },
  clearMetadata: {
    call: (upstream) => clearMetadata(upstream, group, { organization: org }),
    sends: `DELETE /v2/metadata/${group}`,
    headers: { 'tt-x-organization-key': org },
  },
  logout: {
    call: (upstream) => logout(upstream),
    sends: 'POST /v2/logout',
    body: {},
    reply: { external_logout_url: 'https://sso.example.org' },
    gives: { externalLogoutUrl: 'https://sso.example.org' },
  },
  updatePresence: { call: (upstream) => updatePresence(upstream, 'away'), sends: 'PUT /v2/presence/away' },
  isReachable: { call: (upstream) => isReachable(upstream), sends: 'GET /v2/status', reply: {}, gives: true },
};

describe('every endpoint of accounts and groups', () => {
  it.each(Object.entries(cases))('%s speaks the contract', (_name, endpoint) => checkEndpoint(endpoint));
});
