/** The audit rows of mutations: the objects that each one identifies, and the wrapper that reports every mutation field. */
import type { GraphQLFieldResolver } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { tokenPattern } from '../domain/domain.ts';
import { GatewayError, isAbort } from '../errors.ts';
import type { AuditObjects, AuditRecord } from '../observability/audit.ts';
import { atMost } from '../util/at-most.ts';
import { keyedHash } from '../util/hash.ts';
import { isRecord } from '../util/is-record.ts';
import { conversationId, encodeId } from './id.ts';

/** Type of an identified object. ANY is an object whose type only its global id contains, or an address. */
type Identified = 'User' | 'Group' | 'Message' | 'Role' | 'Conversation' | 'Organization' | 'Event' | 'ANY';

interface AuditRow {
  /** Fields of the input that identify objects, and their types. */
  readonly input?: Readonly<Record<string, Identified>>;
  /** Properties of the payload’s source that identify objects, and their types; `message.recipient` is one of the message. */
  readonly result?: Readonly<Record<string, Identified>>;
}

const typing = { input: { recipient: 'ANY', organization: 'Organization', speakAs: 'User' } } as const;
const members = { input: { group: 'Group', members: 'User' } } as const;
const target = {
  conversation: 'Conversation',
  counterpart: 'ANY',
  organization: 'Organization',
  'target.conversation': 'Conversation',
  'target.counterpart.id': 'ANY',
  'target.counterpart.organization': 'Organization',
  'target.organization': 'Organization',
} as const;
const forum = { input: { group: 'Group' } } as const;
// Upstream ids of objects without a type in the schema.
const team = { input: { teamId: 'ANY', organization: 'Organization' } } as const;
const escalated = {
  input: { message: 'Message', escalationId: 'ANY' },
  result: { 'escalation.escalationId': 'ANY' },
} as const;
const duty = { input: { role: 'Role', user: 'User', organization: 'Organization' } } as const;
const role = { input: { role: 'Role', organization: 'Organization' } } as const;
const organizations = { senderOrganization: 'Organization', recipientOrganization: 'Organization' } as const;

/** By name of the mutation; a test fails for a mutation without a row. */
export const auditRows: Readonly<Record<string, AuditRow>> = {
  acknowledgeEvents: { input: { eventIds: 'Event' } },
  addGroupMembers: members,
  addRosterEntry: { input: { counterpart: 'ANY', organization: 'Organization' }, result: { counterpart: 'ANY' } },
  answerTeamRequest: { input: { ...team.input, requestId: 'ANY' } },
  cancelEscalation: escalated,
  clearMetadata: { input: { entity: 'ANY', organization: 'Organization' } },
  clearRoleAway: role,
  confirmEscalation: escalated,
  createAttachmentTokens: {},
  createGroup: { input: { members: 'User', organization: 'Organization' }, result: { group: 'Group' } },
  deleteGroup: { input: { group: 'Group' } },
  dropEventConnections: {},
  escalateMessage: escalated,
  findOrCreateUser: { input: { address: 'User' }, result: { token: 'User' } },
  forwardMessage: {
    input: { message: 'Message', recipient: 'ANY', conversation: 'Conversation', ...organizations },
    result: { token: 'Message', 'message.recipient': 'ANY', conversation: 'Conversation' },
  },
  joinForum: forum,
  leaveForum: forum,
  leaveOrganization: { input: { organization: 'Organization' } },
  leaveTeam: team,
  markConversation: { input: { conversation: 'Conversation', through: 'Message' } },
  mute: { input: target, result: { conversation: 'Conversation' } },
  optIntoRole: duty,
  optOutOfRole: duty,
  recallMessage: { input: { message: 'Message' } },
  removeGroupMembers: members,
  removeRosterEntry: { input: target, result: { counterpart: 'ANY' } },
  requestToJoinTeam: team,
  saveRole: role,
  sendMessage: {
    input: { recipient: 'ANY', conversation: 'Conversation', speakAs: 'User', ...organizations },
    result: { token: 'Message', 'message.recipient': 'ANY', conversation: 'Conversation' },
  },
  setMetadata: { input: { entity: 'ANY', organization: 'Organization' } },
  setPresence: {},
  setQuickReplies: { input: { organization: 'Organization' } },
  setRoleAway: role,
  signIn: { input: { userId: 'User' }, result: { user: 'User' } },
  signOut: {},
  skipEscalation: escalated,
  startTyping: typing,
  stopTyping: typing,
  unmute: { input: target, result: { conversation: 'Conversation' } },
  unmuteAll: {},
  unsaveRole: role,
  updateGroup: { input: { group: 'Group', members: 'User' } },
  updateMe: {},
  updateMessageStatus: { input: { delivered: 'Message', read: 'Message' } },
  updateMyOrganization: { input: { organization: 'Organization', autoForwardTo: 'User' } },
  wipeUser: { input: { user: 'User' } },
};

const eventIdPattern = /^[0-9a-f-]{32,36}$/;
const kinds: Readonly<Record<string, string>> = { USER: 'User', GROUP: 'Group', LIST: 'DistributionList' };

/** Maximum ids per field; the number of further ones is added. */
const maxIds = 100;

type Resolve = GraphQLFieldResolver<unknown, GatewayContext>;

/** Reports each execution of a mutation field to the audit trail, when there is one. @param resolve Makes the changes. */
export function audited(resolve: Resolve): Resolve {
  return (root, args, context, info) => {
    if (context.services.audit === undefined) return resolve(root, args, context, info);
    return withAudit(resolve, [root, args, context, info]);
  };
}

async function withAudit(resolve: Resolve, parameters: Parameters<Resolve>): Promise<unknown> {
  const [, args, { services, caller }, { fieldName, path }] = parameters;
  const row = auditRows[fieldName] ?? {};
  const objects = objectsOf(args.input, row.input ?? {});
  const running = services.audit?.begin({
    requestId: caller.requestId,
    caller: fieldName === 'signIn' ? undefined : caller.credential?.principalKey,
    action: fieldName,
    objects,
  });
  const account = fieldName === 'signIn' ? undefined : accountOf(parameters[2]);
  // Without a promise when the account is known, as it nearly always is.
  const end = (ending: Pick<AuditRecord, 'outcome' | 'code' | 'objects'>): Promise<void> | void => {
    if (typeof account !== 'function') return running?.end({ ...ending, account });
    return account().then((own) => running?.end({ ...ending, account: own }));
  };
  try {
    const result: unknown = await resolve(...parameters);
    const made = row.result === undefined ? objects : { ...objects, ...objectsOf(result, row.result) };
    const ended = end({ outcome: 'DONE', code: 'OK', objects: made });
    if (ended !== undefined) await ended;
    return result;
  } catch (error) {
    const isUnknown = (caller.writes?.of(String(path.key)).length ?? 0) > 0;
    await end({ outcome: isUnknown ? 'UNKNOWN' : 'FAILED', code: codeOf(error), objects });
    throw error;
  }
}

/**
 * Reads the caller’s account beside the mutation, once per credential, and caches its id.
 * @returns The id, or a function that waits for it, within the bound. Undefined when it cannot be read, or could not a moment ago.
 */
function accountOf({
  services,
  caller,
  loaders,
}: GatewayContext): string | undefined | (() => Promise<string | undefined>) {
  const { auditAccount, conversationMemory } = services;
  const memory = conversationMemory.for(caller.credential);
  const { account: known } = memory;
  if (known !== undefined) return encodeId('User', known);
  if (caller.credential === undefined || memory.isAccountUnreadable) return undefined;
  const reading = Promise.resolve()
    .then(() => loaders.me())
    .then(
      ({ token }) => {
        memory.account = token;
      },
      () => {}, // the mutation reports why
    );
  return async () => {
    await atMost(reading, auditAccount.waitMs);
    const { account } = memory;
    if (account === undefined) memory.accountUnreadable(auditAccount.retryMs);
    return account === undefined ? undefined : encodeId('User', account);
  };
}

function codeOf(error: unknown): string {
  if (error instanceof GatewayError) return error.code;
  return isAbort(error) ? 'ABORTED' : 'INTERNAL';
}

function objectsOf(source: unknown, fields: Readonly<Record<string, Identified>>): AuditObjects {
  const objects: Record<string, string | readonly string[]> = {};
  if (!isRecord(source)) return objects;
  for (const [path, type] of Object.entries(fields)) {
    const names = path.split('.');
    const value = names.reduce<unknown>((outer, part) => (isRecord(outer) ? outer[part] : undefined), source);
    if (value === undefined || value === null) continue;
    // The `token` of a payload is the id of the object that the mutation changes.
    const name = names.findLast((part) => part !== 'id') ?? path;
    const field = path === 'token' ? type.toLowerCase() : name;
    objects[field] = Array.isArray(value) ? idsOf(value, type) : idOf(value, type);
  }
  return objects;
}

function idsOf(values: readonly unknown[], type: Identified): readonly string[] {
  const ids = values.slice(0, maxIds).map((value) => idOf(value, type));
  return values.length > maxIds ? [...ids, `and ${values.length - maxIds} more`] : ids;
}

/** The global id of an identified object; a keyed hash when the value is an address, or any other text. */
function idOf(value: unknown, type: Identified): string {
  if (isRecord(value)) return idOfObject(value, type);
  const text = String(value);
  const [, prefix = '', token = '', organization] = globalIdPattern.exec(text) ?? [];
  // Only a conversation has a third part; any other text after an id is client input.
  if (tokenPattern.test(token) && (organization === undefined || prefix === 'Conversation')) {
    if (organization === undefined) return text;
    return `${prefix}:${token}:${hashOfOrganization(organization)}`;
  }
  if (type === 'Organization') return hashOfOrganization(text);
  if (type === 'Event') return eventIdPattern.test(text) ? text : hashOf(text);
  if (!tokenPattern.test(text)) return hashOf(text);
  return type === 'ANY' ? text : encodeId(type, text);
}

/** Kind, token, and the key of an organization, in which there is no colon. */
const globalIdPattern = /^(User|Group|Message|DistributionList|Role|Conversation):([^:]+)(?::([^:]*))?$/;

/** A conversation has a key of two parts, every other object a kind and a token. */
function idOfObject({ kind, token, key }: Readonly<Record<string, unknown>>, type: Identified): string {
  if (type !== 'Conversation') return idOf(`${kinds[String(kind)] ?? type}:${String(token)}`, type);
  const { counterpart, organization } = isRecord(key) ? key : {};
  return idOf(conversationId({ counterpart: String(counterpart), organization: String(organization) }), type);
}

/** Addresses in lower case, as the upstream compares them. */
function hashOf(text: string): string {
  return `hash:${keyedHash(`audit\n${text.toLowerCase()}`)}`;
}

/** An organization's key has no form that distinguishes it from other text, such as a name: only its hash is written. */
function hashOfOrganization(key: string): string {
  return `hash:${keyedHash(`audit\n${key}`)}`;
}
