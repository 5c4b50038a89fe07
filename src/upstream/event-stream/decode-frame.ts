/** Decodes one frame of the event stream: envelope, table of event types, and the fallback for types outside the table. */
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import { isRecord } from '../../util/is-record.ts';
import { harmlessJsonLength, isNestedTooDeep } from '../../util/json-depth.ts';
import {
  decodeAccountSettings,
  decodeEscalation,
  decodeOrganizationPreferences,
  decodePresence,
  decodePushNotice,
  decodeUserPreferences,
  decodeValidated,
  wholePayload,
} from './decode-account-event.ts';
import { decodeCall, decodeProcessing, decodeTeamRequest } from './decode-call-event.ts';
import { decodeBang, decodeFriends, decodeMute, decodeTag, decodeUpdate } from './decode-conversation-event.ts';
import {
  decodeDirectMessage,
  decodeGroupMessage,
  decodeMessageData,
  decodeMessageStatusEvent,
  decodeTyping,
} from './decode-message-event.ts';
import { EventFields } from './event-fields.ts';

/** Id shared by all frames that are never stored; frames with this id are not duplicates (EVENTS §3). */
export const transientEventId = '00000000-0000-0000-0000-000000000001';

/** Longer ids are not UUIDs and would only use memory. */
const maxEventIdLength = 100;

/** Frames that control the connection instead of carrying an event: advisories, heartbeats, reconnect requests. */
export type StreamControl =
  | { readonly kind: 'replay-started'; readonly count: number | undefined }
  | { readonly kind: 'replay-ended' }
  | { readonly kind: 'heartbeat'; readonly everySeconds: number | undefined }
  | { readonly kind: 'reconnect' };

export interface ReceivedEvent {
  readonly id: string;
  /** Whether the upstream stores the event until it is acknowledged. */
  readonly isStored: boolean;
  readonly event: GatewayEvent;
  /** The contract has this type, but the payload breaks it; `event` is then UNKNOWN with the complete payload. */
  readonly violatesContract: boolean;
}

export type StreamFrame =
  | { readonly kind: 'control'; readonly control: StreamControl }
  | { readonly kind: 'event'; readonly received: ReceivedEvent };

interface EventDecoder {
  readonly isStored: boolean;
  /** @throws GatewayError `UPSTREAM_INVALID` when the payload breaks the contract. */
  decode(fields: EventFields): GatewayEvent;
}

const stored = (decode: EventDecoder['decode']): EventDecoder => ({ isStored: true, decode });
/** EVENTS §6, column "Stored": these are neither stored nor acknowledged. */
const transient = (decode: EventDecoder['decode']): EventDecoder => ({ isStored: false, decode });

const decoders: ReadonlyMap<string, EventDecoder> = new Map(
  Object.entries({
    'tigertext:iq:message': stored(decodeDirectMessage),
    'tigertext:iq:group_message': stored(decodeGroupMessage),
    'tigertext:iq:message:status': stored(decodeMessageStatusEvent),
    'tigertext:iq:group:message:status': stored(decodeMessageStatusEvent),
    'tigertext:iq:message:is_typing': transient(decodeTyping),
    'tigertext:iq:presence': transient(decodePresence),
    'tigertext:iq:friends': stored(decodeFriends),
    'tigertext:iq:update': stored(decodeUpdate),
    'tigertext:iq:bang': stored(decodeBang),
    'tigertext:iq:account:settings': stored(decodeAccountSettings),
    'tigertext:iq:user_preferences': stored(decodeUserPreferences),
    'tigertext:iq:org_preferences': stored(decodeOrganizationPreferences),
    'tigertext:iq:update:org_settings': stored((f) => ({
      type: 'ORGANIZATION_SETTINGS_CHANGED',
      settings: wholePayload(f),
    })),
    'tigertext:iq:update:tag': stored(decodeTag),
    'tigertext:iq:update:team_request': stored(decodeTeamRequest),
    'tigertext:iq:update:vwr': stored((f) => ({ type: 'WAITING_ROOM_CHANGED', waitingRoom: wholePayload(f) })),
    'tigertext:iq:conversation_mute': stored(decodeMute),
    'tigertext:iq:msg:metadata_update': stored(decodeMessageData),
    'tigertext:iq:escalations': stored(decodeEscalation),
    'tigertext:iq:remote_wipe': stored((f) => ({ type: 'REMOTE_WIPED', extra: f.extra() })),
    'tigertext:iq:session:hibernate': transient((f) => ({ type: 'SESSION_HIBERNATED', extra: f.extra() })),
    'tigertext:iq:push:credentials': transient((f) => ({
      type: 'PUSH_CREDENTIALS_CHANGED',
      credentials: wholePayload(f),
    })),
    'tigertext:iq:validated': stored(decodeValidated),
    'tigertext:iq:processing:start': transient((f) => decodeProcessing(f, true)),
    'tigertext:iq:processing:stop': transient((f) => decodeProcessing(f, false)),
    'tigertext:iq:voip:incoming': transient((f) => decodeCall(f, 'INCOMING')),
    'tigertext:iq:voip:answered': transient((f) => decodeCall(f, 'ANSWERED')),
    'tigertext:iq:voip:ended': transient((f) => decodeCall(f, 'ENDED')),
    'tigertext:iq:voip:state': transient((f) => decodeCall(f, 'STATE')),
    'tigertext:iq:incoming_proxy_call': transient((f) => decodeCall(f, 'PROXY_INCOMING')),
    'tigertext:iq:vwr:joinablecall': transient((f) => decodeCall(f, 'JOINABLE')),
    'tigertext:push:repeat_push': stored((f) => decodePushNotice(f, 'REPEAT')),
    'tigertext:push:new_user_join': stored((f) => decodePushNotice(f, 'NEW_USER')),
    'tigertext:push:email_verification': stored((f) => decodePushNotice(f, 'EMAIL_VERIFICATION')),
    'tigertext:push:addressbook_match': stored((f) => decodePushNotice(f, 'ADDRESS_BOOK_MATCH')),
  } satisfies Record<string, EventDecoder>),
);

/** Every type of the contract that becomes an event; control frames are not included. */
export const knownEventNames: readonly string[] = [...decoders.keys()];

/**
 * Reads the data of one frame.
 * @returns Undefined when it is malformed: invalid or too deeply nested JSON, or not `{event_id, event: {<one type>: …}}`.
 */
export function decodeFrame(data: string): StreamFrame | undefined {
  const frame = parsedObject(data);
  const id = frame?.event_id;
  const event = asObject(frame?.event);
  if (typeof id !== 'string' || id === '' || id.length > maxEventIdLength || event === undefined) return undefined;
  const names = Object.keys(event);
  const name = names[0];
  if (name === undefined || names.length !== 1) return undefined;
  const control = decodeControl(name, event[name]);
  if (control !== undefined) return { kind: 'control', control };
  return { kind: 'event', received: decodeEvent(id, name, event[name]) };
}

/**
 * The event delivered in place of a skipped frame. An event without a known id cannot be acknowledged, so every replay
 * repeats it.
 */
export function skippedEvent(id: string | undefined): ReceivedEvent {
  const isStored = id !== undefined && id !== transientEventId;
  const event: GatewayEvent = { type: 'SUBSCRIPTION_GAP', reason: 'TOO_LARGE' };
  return { id: id ?? transientEventId, isStored, event, violatesContract: false };
}

function decodeEvent(id: string, name: string, payload: unknown): ReceivedEvent {
  const decoder = decoders.get(name);
  const object = asObject(payload);
  const isStored = id !== transientEventId && (decoder?.isStored ?? !name.startsWith('tigertext:iq:sse:'));
  if (decoder !== undefined && object !== undefined) {
    try {
      return { id, isStored, event: decoder.decode(new EventFields(object)), violatesContract: false };
    } catch {
      // Invalid payload or decoder fault: neither may end the stream, and UNKNOWN keeps the payload.
    }
  }
  return { id, isStored, event: { type: 'UNKNOWN', name, payload }, violatesContract: decoder !== undefined };
}

/** Undefined for events; advisories of unknown name count as events. */
function decodeControl(name: string, payload: unknown): StreamControl | undefined {
  switch (name) {
    case 'tigertext:iq:client_advisory':
      return decodeAdvisory(asObject(asObject(payload)?.advisory));
    case 'tigertext:iq:sse:heartbeat': {
      const frequency = asObject(payload)?.frequency;
      return { kind: 'heartbeat', everySeconds: typeof frequency === 'number' ? frequency : undefined };
    }
    case 'tigertext:iq:sse:keepalive':
      return { kind: 'heartbeat', everySeconds: undefined };
    case 'tigertext:iq:reconnect':
      return { kind: 'reconnect' };
    default:
      return undefined;
  }
}

function decodeAdvisory(advisory: Readonly<Record<string, unknown>> | undefined): StreamControl | undefined {
  if (advisory?.name === 'replay_stop') return { kind: 'replay-ended' };
  if (advisory?.name !== 'replay_start') return undefined;
  const count = advisory.replay_message_count;
  return { kind: 'replay-started', count: typeof count === 'number' && count >= 0 ? Math.trunc(count) : undefined };
}

function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return text.length > harmlessJsonLength && isNestedTooDeep(value) ? undefined : asObject(value);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined;
}
