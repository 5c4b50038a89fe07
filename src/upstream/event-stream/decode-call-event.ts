/** Events about calls, team requests and tasks of the upstream, whose shapes are known in part (EVENTS-v5, BEYOND-V2 §7 and §8). */

import type {
  CallChanged,
  CallStage,
  ProcessingChanged,
  TeamRequest,
  TeamRequestChanged,
  TeamRequestStatus,
} from '../../domain/account-event.ts';
import type { NoticeParty } from '../../domain/conversation.ts';
import type { Extra } from '../../domain/event-base.ts';
import type { GatewayError } from '../../errors.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { wholePayload } from './decode-account-event.ts';
import { type EventFields, fieldsOf } from './event-fields.ts';

/** The room's name and the participants are in a nested `payload`; each field is read from both places. */
export function decodeCall(fields: EventFields, stage: CallStage): CallChanged {
  const inner = fieldsOf(fields.payload.payload);
  const text = (name: string) => fields.text(name) ?? inner?.text(name);
  const tokens = (name: string) => inner?.texts(name) ?? fields.texts(name) ?? [];
  return {
    type: 'CALL_CHANGED',
    stage,
    state: text('call_state'),
    callId: text('call_id'),
    roomName: text('room_name'),
    callType: text('type'),
    reason: text('reason'),
    caller: text('caller_id'),
    participants: tokens('participants_tokens'),
    disabledParticipants: tokens('disabled_participants'),
    roles: tokens('role_tokens'),
    isVideo: inner?.flag('is_video') ?? fields.flag('is_video'),
    name: text('name'),
    group: text('group_id'),
    organization: text('org_id') ?? text('organization_id'),
    network: text('network_type'),
    call: wholePayload(fields),
    extra: extraOf(fields, inner),
  };
}

/** The fields that were not read, with those of the nested `payload` under its name. */
function extraOf(fields: EventFields, inner: EventFields | undefined): Extra | undefined {
  if (inner === undefined) return fields.extra();
  fields.object('payload');
  const beyond = inner.extra();
  const extra = fields.extra();
  return beyond === undefined ? extra : { ...extra, payload: beyond };
}

const requestStatuses: Readonly<Record<string, TeamRequestStatus>> = {
  pending: 'PENDING',
  accepted: 'ACCEPTED',
  declined: 'DECLINED',
};

/** A request to join a team, or its answer. */
export function decodeTeamRequest(fields: EventFields): TeamRequestChanged {
  return {
    type: 'TEAM_REQUEST_CHANGED',
    message: fields.text('message_id'),
    teamRequest: fields.payload.team_request,
    request: requestIn(fields),
    extra: fields.extra(),
  };
}

const requestFields = new Set(['id', 'status', 'created_by', 'team', 'reason']);

/** @returns An error for a request without an id, which an answer to it needs; `extra` then has the request. */
function requestIn(fields: EventFields): TeamRequest | GatewayError {
  const request = fieldsOf(fields.payload.team_request);
  if (request === undefined) return invalidReply('event.team_request');
  const requestId = request.text('id');
  if (requestId === undefined) return invalidReply('event.team_request.id');
  fields.markNestedRead('team_request', requestFields);
  const word = request.text('status');
  const status = word !== undefined && Object.hasOwn(requestStatuses, word) ? requestStatuses[word] : undefined;
  return {
    requestId,
    status: word === undefined ? undefined : (status ?? 'OTHER'),
    statusName: word,
    createdBy: fieldsOf(request.payload.created_by)?.text('token'),
    team: fieldsOf(request.payload.team)?.text('id'),
    reason: request.text('reason'),
  };
}

/** The beginning or the end of a long action of the upstream. */
export function decodeProcessing(fields: EventFields, isRunning: boolean): ProcessingChanged {
  return {
    type: 'PROCESSING_CHANGED',
    isRunning,
    action: fields.text('action_type'),
    conversation: fields.text('conversation_id'),
    organization: fields.text('organization_id'),
    entity: fields.payload.entity,
    subject: partyIn(fields),
    extra: fields.extra(),
  };
}

const subjectFields = new Set(['type', 'token', 'id', 'display_name', 'name']);

/**
 * The token is in `token`, or in `id` (EVENTS-v5 §7).
 * @returns An error for a subject without a token; `extra` then has the subject, as it has one of an unknown type.
 */
function partyIn(fields: EventFields): NoticeParty | GatewayError {
  const entity = fieldsOf(fields.payload.entity);
  const token = entity?.text('token') ?? entity?.text('id');
  if (entity === undefined) return invalidReply('event.entity');
  if (token === undefined) return invalidReply('event.entity.token');
  const kind = entity.kind('type');
  if (kind !== undefined) fields.markNestedRead('entity', subjectFields);
  return { kind, token, name: entity.text('display_name') ?? entity.text('name') };
}
