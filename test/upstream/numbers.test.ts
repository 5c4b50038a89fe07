/** Numbers and times of the upstream that no field can hold: UPSTREAM_INVALID at that field alone, and nothing to mend here. */
import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ config: { upstreamBreakerFailures: 10_000 } });
});
beforeEach(() => controlOf(stack.sandbox).clearFaults());
afterAll(() => stack[Symbol.asyncDispose]());

const token = '8d0e2f5a-1b7e-4c55-9d5c-2f4b6f7a8b10';
const message = (field: string) =>
  `{"message_id":"${token}","body":"kept","created_time":"2026-01-01T00:00:00.000Z",${field}}`;
const ofMessage = (selection: string) => `{ message(id: "${token}") { body ${selection} } }`;
/** Beyond Int, and what is no whole number; `null` in the answer for what the contract's own check rejects as a whole. */
const beyondInt = ['1099511627776', '-1099511627776', '2147483648', '-2147483649', '1e999', '-1e999'];
const noCount = ['-5', '-1', '9007199254740993', '1e999', '-1e999'];
const noFloat = ['1e999', '-1e999'];

interface Field {
  readonly operation: string;
  readonly query: string;
  /** The reply around a value. */
  reply(value: string): string;
  readonly wrong: readonly string[];
  /** Path of the error: the field itself, or its nearest nullable parent. */
  readonly path: string;
  readonly named: RegExp;
}

const group = (value: string) => `{"token":"${token}","name":"kept","num_members":${value}}`;
const conversation = (field: string) =>
  `{"conversation_id":"c","organization_id":"kept","entity":{"type":"account","token":"${token}"},"last_message":null,"unread_message_count":1,"unread_priority_message_count":1,"muted":null,${field}}`;
const ofConversation = (selection: string) => `{ conversations(first: 1) { nodes { organizationKey ${selection} } } }`;
/** An escalation that breaks the contract is an error as a whole, so only what passes its check is tried. */
const beyondIntAbove = ['1099511627776', '2147483648'];
const escalated = (field: string) =>
  message(`"escalation":{"escalation_execution_id":"e","display_name":"#AB12","escalation_status":"init",${field}}`);
const role = (field: string) =>
  `{"token":"${token}","display_name":"kept","no_owners_message":"kept","escalation_policy":{${field}}}`;
const ofRole = (field: string) => `{ roles(first: 1) { nodes { noOwnersMessage escalationPolicy { ${field} } } } }`;
const ofGroup = `{ group(id: "${token}") { name memberCount } }`;

const fields: Readonly<Record<string, Field>> = {
  'Message.ttl': {
    operation: 'getMessage',
    query: ofMessage('ttl'),
    reply: (value) => message(`"ttl":${value}`),
    wrong: beyondInt,
    path: 'message.ttl',
    named: /Message\.ttl/,
  },
  'Message.expiresAt': {
    operation: 'getMessage',
    query: ofMessage('expiresAt'),
    reply: (value) => message(`"ttl":${value}`),
    wrong: ['1099511627776', '9007199254740991'],
    path: 'message.expiresAt',
    named: /Message\.ttl/,
  },
  'Message.expiresAt by seconds left': {
    operation: 'getMessage',
    query: ofMessage('expiresAt'),
    reply: (value) => message(`"expire_in":${value}`),
    wrong: ['1099511627776', '9007199254740991'],
    path: 'message.expiresAt',
    named: /Message\.expire_in/,
  },
  'Message.sortNumber': {
    operation: 'getMessage',
    query: ofMessage('sortNumber'),
    reply: (value) => message(`"sort_number":${value}`),
    wrong: noFloat,
    path: 'message.sortNumber',
    named: /Message\.sort_number/,
  },
  'Attachment.size': {
    operation: 'getMessage',
    query: ofMessage('attachments { contentType size }'),
    reply: (value) => message(`"attachments":[{"content-type":"image/png","size":${value}}]`),
    wrong: noCount,
    path: 'message.attachments.0.size',
    named: /Attachment\.size|Message\.attachments\.0\.size/,
  },
  'Conversation.unreadCount': {
    operation: 'listConversations',
    query: ofConversation('unreadCount'),
    reply: (value) => `{"items":[${conversation(`"unread_message_count":${value}`)}],"continuation":null}`,
    wrong: ['9007199254740993'],
    path: 'conversations.nodes.0.unreadCount',
    named: /unread_message_count/,
  },
  'Conversation.unreadPriorityCount': {
    operation: 'listConversations',
    query: ofConversation('unreadPriorityCount'),
    reply: (value) => `{"items":[${conversation(`"unread_priority_message_count":${value}`)}],"continuation":null}`,
    wrong: ['9007199254740993'],
    path: 'conversations.nodes.0.unreadPriorityCount',
    named: /unread_priority_message_count/,
  },
  'FirstExpiringUnread.expiresAt': {
    operation: 'listConversations',
    query: ofConversation('firstExpiringUnread { expiresAt }'),
    reply: (value) =>
      `{"items":[${conversation(`"first_expiring_unread_message":{"message_id":"${token}","expire_in":${value}}`)}],"continuation":null}`,
    wrong: ['1099511627776', '9007199254740991'],
    path: 'conversations.nodes.0.firstExpiringUnread.expiresAt',
    named: /FirstExpiringMessage\.expire_in/,
  },
  'Escalation.level': {
    operation: 'getMessage',
    query: ofMessage('escalation { level }'),
    reply: (value) => escalated(`"level":${value}`),
    wrong: beyondIntAbove,
    path: 'message.escalation.level',
    named: /Escalation\.level/,
  },
  'Escalation.keptMinutes': {
    operation: 'getMessage',
    query: ofMessage('escalation { keptMinutes }'),
    reply: (value) => escalated(`"destruction_duration":${value}`),
    wrong: beyondIntAbove,
    path: 'message.escalation.keptMinutes',
    named: /Escalation\.destruction_duration/,
  },
  'Escalation.targetMinutes': {
    operation: 'getMessage',
    query: ofMessage('escalation { targetMinutes }'),
    reply: (value) => escalated(`"target_duration":${value}`),
    wrong: beyondIntAbove,
    path: 'message.escalation.targetMinutes',
    named: /Escalation\.target_duration/,
  },
  'EscalationStep.durationMinutes': {
    operation: 'getMessage',
    query: ofMessage('escalation { steps { durationMinutes } }'),
    reply: (value) => escalated(`"escalation_path":[{"duration":${value},"targets":[]}]`),
    wrong: beyondIntAbove,
    path: 'message.escalation.steps.0.durationMinutes',
    named: /EscalationStep\.duration/,
  },
  'EscalationPolicy.targetMinutes': {
    operation: 'getRole',
    query: ofRole('targetMinutes'),
    reply: (value) => role(`"target_duration":${value}`),
    wrong: beyondIntAbove,
    path: 'roles.nodes.0.escalationPolicy.targetMinutes',
    named: /EscalationPolicy\.target_duration/,
  },
  'EscalationPolicy.keptMinutes': {
    operation: 'getRole',
    query: ofRole('keptMinutes'),
    reply: (value) => role(`"destruction_duration":${value}`),
    wrong: beyondIntAbove,
    path: 'roles.nodes.0.escalationPolicy.keptMinutes',
    named: /EscalationPolicy\.destruction_duration/,
  },
  'Team.memberCount': {
    operation: 'getTeam',
    query: '{ team(teamId: "t") { name memberCount } }',
    reply: (value) => `{"team":{"id":"t","display_name":"kept","num_members":${value}}}`,
    wrong: noCount,
    path: 'team.memberCount',
    named: /Team\.num_members/,
  },
  'CallLogEntry.durationSeconds': {
    operation: 'getCallLog',
    query: '{ callLog { nodes { kindName durationSeconds } } }',
    reply: (value) => `{"results":[{"id":"c","type":"kept","duration":${value}}]}`,
    wrong: noCount,
    path: 'callLog.nodes.0.durationSeconds',
    named: /CallLogEntry\.duration/,
  },
  'Group.memberCount': {
    operation: 'getGroup',
    query: ofGroup,
    reply: group,
    wrong: noCount,
    path: 'group.memberCount',
    named: /Group\.num_members/,
  },
  'Organization.memberCount': {
    operation: 'listUserOrganizations',
    query: '{ me { organizations { key memberCount } } }',
    reply: (value) => `[{"token":"${token}","name":"kept","members":${value}}]`,
    wrong: noCount,
    path: '',
    named: /Organization\.members/,
  },
  'DropEventConnectionsPayload.count': {
    operation: 'dropConnect',
    query: 'mutation { dropEventConnections { count } }',
    reply: (value) => `{"count":${value}}`,
    wrong: [...beyondInt, '-5', '1.5'],
    path: 'dropEventConnections',
    named: /dropConnect\.count/,
  },
  'SearchConnection.totalCount': {
    operation: 'search',
    query: '{ search(query: "x") { totalCount nodes { __typename } } }',
    reply: (value) => `{"results":[],"metadata":{"total_hits":${value}}}`,
    wrong: beyondInt,
    path: 'search.totalCount',
    named: /total_hits/,
  },
};

/** Numbers that are the gateway's own, or that another test of the same kind holds. */
const others = new Set([
  'UnmuteAllPayload.count',
  'ConnectionStatus.attempt',
  'ConnectionStatus.replayCount',
  'ConversationNotice.sortNumber',
  'PushNotice.badge',
  'PushNotification.badge',
  'DistributionList.memberCount',
  // What is no count is null.
  'Conversation.escalationCount',
  // Settings of any type: what is no number of minutes is null (schema/kinds).
  'Organization.messageLifetimeMinutes',
  'Organization.signOutAfterMinutes',
]);

describe('a number that its field cannot hold', () => {
  it('is tried for every number of the schema', () => {
    const numeric = new Set(['Int', 'Float', 'NonNegativeInt']);
    const names = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
      .filter(({ field }) => numeric.has(getNamedType(field.type).name))
      .map(({ type, field }) => `${type.name}.${field.name}`)
      .filter((name) => !name.endsWith('.totalCount'));
    expect(names.filter((name) => !(name in fields) && !others.has(name))).toEqual([]);
  });

  for (const [name, { operation, query, reply, wrong, path, named }] of Object.entries(fields)) {
    it.each(wrong)(`fails ${name} alone: %s`, async (value) => {
      const text = `{"status":"success","reply":${reply(value)}}`;
      await controlOf(stack.sandbox).fault({ kind: 'garbage', text, operationId: operation });
      const before = stack.logLines.length;
      const { errors, text: answer } = await stack.query(query);
      expect(errors, answer).toHaveLength(1);
      expect(errors?.[0]?.extensions['code']).toBe('UPSTREAM_INVALID');
      expect(errors?.[0]?.message).toMatch(named);
      expect(errors?.[0]?.message).not.toContain(value);
      // What JSON itself cannot hold is rejected by the contract's check, which knows whole replies only.
      if (path !== '' && !value.includes('e999')) {
        expect(errors?.[0]?.path?.join('.')).toBe(path);
        if (path.includes('.')) expect(answer).toContain(path.startsWith('search') ? '"nodes":[]' : '"kept"');
      }
      expect(
        stack.logLines.slice(before).filter((line) => line.includes('INTERNAL') || line.includes('unexpected')),
      ).toEqual([]);
    });
  }
});

describe('a time outside the calendar', () => {
  it.each(['+275760-09-13T00:00:00.000Z', '-000001-01-01T00:00:00Z', '10000-01-01T00:00:00Z', '2026-13-01T00:00:00Z'])(
    '%s is UPSTREAM_INVALID',
    async (time) => {
      const text = `{"status":"success","reply":{"message_id":"${token}","created_time":"${time}"}}`;
      await controlOf(stack.sandbox).fault({ kind: 'garbage', text, operationId: 'getMessage' });
      const { errors } = await stack.query(ofMessage('createdAt'));
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID' } }]);
      expect(errors?.[0]?.message).toContain('Message.created_time');
      expect(errors?.[0]?.message).not.toContain(time);
    },
  );
});
