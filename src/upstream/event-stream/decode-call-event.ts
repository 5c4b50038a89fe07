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
import { wholePayload } from './decode-account-event.ts';
import { type EventFields, fieldsOf } from './event-fields.ts';

/** Name of the room and participants are in a `payload` inside; either place counts for each field. */
export function decodeCall(fields: EventFields, stage: CallStage): CallChanged {
  const inner = fieldsOf(fields.payload.payload);
  const text = (name: string) => fields.text(name) ?? inner?.text(name);
  const participants = inner?.list('participants_tokens') ?? fields.list('participants_tokens') ?? [];
  return {
    type: 'CALL_CHANGED',
    stage,
    callId: text('call_id'),
    roomName: text('room_name'),
    callType: text('type'),
    reason: text('reason'),
    caller: text('caller_id'),
    participants: participants.filter((token): token is string => typeof token === 'string' && token !== ''),
    isVideo: inner?.flag('is_video') ?? fields.flag('is_video'),
    name: text('name'),
    group: text('group_id'),
    organization: text('org_id') ?? text('organization_id'),
    network: text('network_type'),
    call: wholePayload(fields),
  };
}

const requestStatuses: Readonly<Record<string, TeamRequestStatus>> = {
  pending: 'PENDING',
  accepted: 'ACCEPTED',
  declined: 'DECLINED',
};

export function decodeTeamRequest(fields: EventFields): TeamRequestChanged {
  return {
    type: 'TEAM_REQUEST_CHANGED',
    message: fields.text('message_id'),
    teamRequest: fields.json('team_request'),
    request: requestIn(fields.payload.team_request),
    extra: fields.extra(),
  };
}

/** Undefined without an id, by which a request is answered. */
function requestIn(value: unknown): TeamRequest | undefined {
  const request = fieldsOf(value);
  const requestId = request?.text('id');
  if (request === undefined || requestId === undefined) return undefined;
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

export function decodeProcessing(fields: EventFields, isRunning: boolean): ProcessingChanged {
  return {
    type: 'PROCESSING_CHANGED',
    isRunning,
    action: fields.text('action_type'),
    conversation: fields.text('conversation_id'),
    organization: fields.text('organization_id'),
    entity: fields.json('entity'),
    subject: partyIn(fields.payload.entity),
    extra: fields.extra(),
  };
}

/** The token is in `token`, or in `id` (EVENTS-v5 §7). */
function partyIn(value: unknown): NoticeParty | undefined {
  const entity = fieldsOf(value);
  const token = entity?.text('token') ?? entity?.text('id');
  if (entity === undefined || token === undefined) return undefined;
  return { kind: entity.kind('type'), token, name: entity.text('display_name') ?? entity.text('name') };
}
