/** Payloads of events about messages, typing and presence (EVENTS.md §6 and §7). */

import { timestamp } from '../clock.ts';
import type { World } from '../state/world.ts';
import type { Delivery, EventDraft, Message } from '../state/world-types.ts';
import { messageFields, statusWire } from './message.ts';
import { messageForm, recallForm, statusForm } from './v5/event.ts';

function draft(name: string, payload: object, options: Partial<EventDraft> = {}): EventDraft {
  const type = `tigertext:iq:${name}`;
  const document = { xmlns: type, ...payload };
  return { type, stored: true, payload: () => document, ...options };
}

/** @param reader Token of the receiving account: only the author receives the Request-ID. */
export function messageEvent(
  world: World,
  message: Message,
  reader: string,
  options: { isReplay?: boolean } = {},
): EventDraft {
  const isGroup = message.target.kind === 'group';
  const payload = {
    client_id: message.id,
    ...messageFields(world, message),
    // Clients read either spelling. The event of a group message has no recipient, only the group.
    sender: message.sender,
    ...(isGroup ? {} : { recipient_token: message.target.token, recipient: message.target.token }),
    status: 'New',
    ...(isGroup ? { is_group_replay: options.isReplay === true } : {}),
    ...(message.requestId !== undefined && message.author === reader ? { request_id: message.requestId } : {}),
  };
  // The sender of a list message receives the copies to members only on streams with this feature.
  const isSendersCopy = message.listMessageId !== undefined && message.author === reader;
  const name = isGroup ? 'group_message' : 'message';
  return draft(name, payload, {
    messageId: message.id,
    // The v5 devices of a new member read the history from the timeline.
    v5: options.isReplay === true ? null : messageForm(world, message, payload),
    ...(isSendersCopy ? { needs: 'dl_sender_event' } : {}),
  });
}

/** A recipient's delivery status has advanced. On v2 streams only the sender receives it. */
export function statusEvent(world: World, message: Message, account: string, { status, at }: Delivery): EventDraft {
  const isGroup = message.target.kind === 'group';
  const name = isGroup ? 'group:message:status' : 'message:status';
  const rest = {
    client_id: message.id,
    account_id: account,
    ...(isGroup ? { group_token: message.target.token } : {}),
    timestamp: timestamp(at),
    is_recalled: false,
  };
  const payload: EventDraft['payload'] = (features) => ({
    xmlns: `tigertext:iq:${name}`,
    ...rest,
    status: statusWire(status, features),
  });
  return {
    ...draft(name, {}),
    payload,
    v5: statusForm(world, message, payload),
    ...(message.listMessageId === undefined ? {} : { needs: 'dl_sender_event' }),
  };
}

/** For sender and recipients: a status event with `is_recalled`, because recall has no event type. */
export function recallEvent(world: World, message: Message, at: number): EventDraft {
  const isGroup = message.target.kind === 'group';
  const event = draft(isGroup ? 'group:message:status' : 'message:status', {
    client_id: message.id,
    account_id: message.sender,
    ...(isGroup ? { group_token: message.target.token } : {}),
    status: 'New',
    timestamp: timestamp(at),
    is_recalled: true,
  });
  return { ...event, v5: recallForm(world, message, event.payload) };
}

export interface Typing {
  readonly sender: string;
  readonly isTyping: boolean;
  readonly organization: string;
  readonly group?: string;
  readonly role?: string;
}

/** The event that a person types or has stopped. */
export function typingEvent({ sender, isTyping, organization, group, role }: Typing): EventDraft {
  const payload = {
    sender_token: sender,
    status: isTyping ? 'typing' : 'stopped',
    org_token: organization,
    ...(group === undefined ? {} : { group_token: group, is_group: true }),
    ...(role === undefined ? {} : { proxy_token: role }),
  };
  return draft('message:is_typing', payload, { stored: false, needs: 'is-typing' });
}

/** The event of a person's presence. */
export function presenceEvent(account: string, type: 'available' | 'unavailable' | 'away'): EventDraft {
  return draft('presence', { from: account, type }, { stored: false });
}
