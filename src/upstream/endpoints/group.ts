/** Group endpoints. */

import type { ConversationState } from '../../domain/conversation.ts';
import type { Group, Metadata, Page, User } from '../../domain/domain.ts';
import { GatewayError } from '../../errors.ts';
import { isRecord } from '../../util/is-record.ts';
import type { Lookup, Part, UpstreamReply, UpstreamRequest } from '../request.ts';
import type { Upload } from '../upload.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { decodeConversation } from '../wire/conversation.ts';
import { decodeMemberPage } from '../wire/entity.ts';
import { decodeGroup, decodeMembers } from '../wire/group.ts';
import { decodeOrError, readString, requireArray, requireObject } from '../wire/read.ts';
import { lookupPath, path, withQuery } from './path.ts';

export interface NewGroup {
  readonly name: string;
  /** User addresses. */
  readonly members: readonly string[];
  readonly isPublic?: boolean | undefined;
  /** Whether new members receive older messages. */
  readonly replayHistory?: boolean | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Metadata | undefined;
  readonly avatar?: Upload | undefined;
  readonly organization?: string | undefined;
  /** Whether the caller is left out of the members; default: false. */
  readonly excludeCreator?: boolean | undefined;
}

/** Undefined fields stay unchanged. */
export interface GroupChanges {
  readonly name?: string | undefined;
  /** Replaces the member list. */
  readonly members?: readonly string[] | undefined;
  readonly replayHistory?: boolean | undefined;
  readonly avatar?: Upload | undefined;
}

const decodeGroupReply = ({ reply }: UpstreamReply): Group => decodeGroup(reply);

/** Look-up of a group; yields undefined when the group does not exist or is not visible to the caller. */
export function groupLookup(token: string): Lookup<Group> {
  return {
    request: {
      operationId: 'getGroup',
      method: 'GET',
      path: lookupPath`/v2/group/${token}?render_metadata=true`,
      repeatable: true,
    },
    decode: decodeGroupReply,
  };
}

/** All member tokens, for public groups too. @returns Undefined when the group does not exist. */
export async function listGroupMembers(upstream: Upstream, token: string): Promise<string[] | undefined> {
  return upstream.find({
    request: {
      operationId: 'listGroupMembers',
      method: 'GET',
      path: lookupPath`/v2/group/${token}/members`,
      repeatable: true,
    },
    decode: ({ reply }) => decodeMembers(memberRows(reply), 'listGroupMembers.reply'),
  });
}

/**
 * One page of members as user objects. A member that breaks the contract becomes a reference with only a token.
 * @throws GatewayError `NOT_FOUND` when the group does not exist.
 */
export async function listGroupMemberUsers(
  upstream: Upstream,
  token: string,
  { continuation }: { readonly continuation?: string | undefined } = {},
): Promise<Page<User>> {
  const call = {
    operationId: 'listGroupMembers',
    method: 'GET',
    path: withQuery(path`/v2/group/${token}/members`, {
      return_user_objects: 'true',
      render_metadata: 'true',
      continuation,
    }),
    repeatable: true,
  } as const;
  return upstream.read(call, ({ reply }) => decodeMemberPage(reply, 'listGroupMembers'));
}

/** @returns The new group; a reference with only a token when the reply contains no more. */
export async function createGroup(upstream: Upstream, group: NewGroup): Promise<Group> {
  const call: UpstreamRequest = {
    operationId: 'createNewGroup',
    method: 'POST',
    path: withQuery('/v2/group', {
      render_entity: 'true',
      exclude_creator: group.excludeCreator === true ? 'true' : undefined,
    }),
    organization: group.organization,
    ...(group.avatar === undefined
      ? { json: jsonOf(group) }
      : {
          parts: [
            ...groupFields(group),
            ...textPart('is_public', group.isPublic),
            ...textPart('description', group.description),
            ...(group.metadata === undefined
              ? []
              : [{ name: 'metadata', text: JSON.stringify(group.metadata), contentType: 'application/json' }]),
            { name: 'avatar', file: group.avatar },
          ],
        }),
  };
  return upstream.read(call, decodeNewGroup);
}

/**
 * Creates a group without a picture whose member the caller becomes, and its conversation (v5).
 * @returns The group as `createGroup` does, and the conversation unless the reply leaves it out or breaks the contract.
 */
export function createGroupV5(
  upstream: Upstream,
  group: Omit<NewGroup, 'avatar' | 'excludeCreator'>,
): Promise<{ readonly group: Group; readonly state: ConversationState | undefined }> {
  const call: UpstreamRequest = {
    operationId: 'createGroupV5',
    method: 'POST',
    path: '/v5/group?render_entity=true',
    organization: group.organization,
    json: jsonOf(group),
  };
  return upstream.read(call, (response) => {
    const { reply } = response;
    // Without an entity it is a flat group (contract, createGroupV5).
    const isItem = isRecord(reply) && reply.entity !== undefined;
    const decoded = isItem ? decodeOrError(reply, decodeConversation) : undefined;
    if (decoded === undefined || decoded instanceof GatewayError || decoded.counterpart.kind !== 'GROUP')
      return {
        group: decodeNewGroup(
          isItem ? { ...response, reply: reply.entity, header: (name) => response.header(name) } : response,
        ),
        state: undefined,
      };
    return { group: decoded.counterpart, state: decoded };
  });
}

function jsonOf({ name, members, isPublic, replayHistory, description, metadata }: NewGroup): object {
  return { name, members, is_public: isPublic, replay_history: replayHistory, description, metadata };
}

/** @returns The URL of the stored avatar, if the upstream names it. */
export async function updateGroup(
  upstream: Upstream,
  token: string,
  changes: GroupChanges,
): Promise<{ readonly avatarUrl: string | undefined }> {
  const response = await upstream.call({
    operationId: 'updateGroup',
    method: 'POST',
    path: path`/v2/group/${token}`,
    ...(changes.avatar === undefined
      ? { json: { name: changes.name, members: changes.members, replay_history: changes.replayHistory } }
      : { parts: [...groupFields(changes), { name: 'avatar', file: changes.avatar }] }),
  });
  return { avatarUrl: response.header('tt-x-group-avatar') };
}

/** Deletes a group for all its members. */
export async function deleteGroup(upstream: Upstream, token: string): Promise<void> {
  await upstream.call({ operationId: 'deleteGroup', method: 'DELETE', path: path`/v2/group/${token}` });
}

/** Adds members; existing members are accepted. */
export async function addGroupMembers(upstream: Upstream, token: string, addresses: readonly string[]): Promise<void> {
  await upstream.call({
    operationId: 'addGroupMember',
    method: 'POST',
    path: path`/v2/group/${token}/members`,
    json: { members: addresses },
  });
}

/** Removes members; a caller that removes itself leaves. `notify: false` suppresses the notice to the group. */
export async function removeGroupMembers(
  upstream: Upstream,
  token: string,
  addresses: readonly string[],
  { notify = true }: { readonly notify?: boolean | undefined } = {},
): Promise<void> {
  await upstream.call({
    operationId: 'removeMemberFromGroup',
    method: 'POST',
    path: withQuery(path`/v2/group/${token}/members/remove`, { bang_notification: notify ? undefined : 'false' }),
    json: { members: addresses },
  });
}

/** Multipart bodies carry lists as comma-separated text and booleans as words (contract, MemberList, BoolOrString). */
function groupFields(group: Pick<GroupChanges, 'name' | 'members' | 'replayHistory'>): Part[] {
  return [
    ...textPart('name', group.name),
    ...textPart('members', group.members?.join(',')),
    ...textPart('replay_history', group.replayHistory),
  ];
}

function textPart(name: string, value: string | boolean | undefined): Part[] {
  return value === undefined ? [] : [{ name, text: String(value) }];
}

/** The group exists even if the rest of the reply breaks the contract; the result is then a reference with only a token. */
function decodeNewGroup(response: UpstreamReply): Group {
  const stored = readString(response.reply, 'token');
  const decoded = stored === undefined ? undefined : decodeOrError(response.reply, decodeGroup);
  if (decoded !== undefined && !(decoded instanceof GatewayError)) return decoded;
  const token = stored ?? response.header('tt-x-group-token');
  if (token === undefined || token === '') throw invalidReply('createNewGroup.TT-X-Group-Token');
  return { kind: 'GROUP', token };
}

/** A plain list of tokens, or the object of the paged form (contract, listGroupMembers). */
function memberRows(reply: unknown): readonly unknown[] {
  const field = 'listGroupMembers.reply';
  return Array.isArray(reply) ? reply : requireArray(requireObject(reply, field).members, field);
}
