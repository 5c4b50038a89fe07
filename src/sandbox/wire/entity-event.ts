/** Payloads of events about accounts, groups and lists (EVENTS.md §6 and §7). */

import { timestamp } from '../clock.ts';
import type { Sighting } from '../state/account.ts';
import type { World } from '../state/world.ts';
import type { Account, DistributionList, EventDraft, Group, Mute } from '../state/world-types.ts';
import { freshToken } from '../token.ts';
import { groupWire, listWire } from './group.ts';
import { muteWire } from './mute.ts';
import { userWire } from './user.ts';

type Document = Readonly<Record<string, unknown>>;

/** An entity as events show it. `metadata` is separate, because only streams with `render_metadata` receive it. */
export interface EntityImage {
  readonly type: string;
  readonly token: string;
  readonly organization: string;
  readonly fields: Document;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** Omits the members of a public group; only the members call returns them. */
export function groupImage(world: World, group: Group): EntityImage {
  const { token, organization_key: organization = '', ...fields } = groupWire(world, group, false);
  return { type: 'tigertext:entity:group', token, organization, fields, metadata: group.metadata };
}

export function accountImage(world: World, sighting: Sighting): EntityImage {
  const { token, organization_key: organization = '', ...fields } = userWire(world, sighting, false);
  return { type: 'tigertext:entity:account', token, organization, fields, metadata: sighting.membership.metadata };
}

export function listImage(list: DistributionList): EntityImage {
  const { token, organization_key: organization = '', ...fields } = listWire(list);
  return { type: 'tigertext:entity:list', token, organization, fields, metadata: undefined };
}

function metadataOf(image: EntityImage, features: ReadonlySet<string>): Document {
  return features.has('render_metadata') && image.metadata !== undefined ? { metadata: image.metadata } : {};
}

/** The entity for streams with `render_friends_entities`. Android reads its token only from `id`. */
function wholeEntity({ type, token, organization }: EntityImage, fields: Document): Document {
  return { type, id: token, token, organization_id: organization, organization_key: organization, ...fields };
}

/**
 * A conversation is added or removed. Only streams with `render_friends_entities` receive the form with `entity`: it signs
 * the JavaScript SDK out (EVENTS.md §3).
 */
export function friendsEvent(action: 'add' | 'del', image: EntityImage): EventDraft {
  const type = 'tigertext:iq:friends';
  const { token, organization } = image;
  const fields = action === 'add' ? image.fields : {};
  return {
    type,
    stored: true,
    payload: (features) => {
      const metadata = action === 'add' ? metadataOf(image, features) : {};
      if (features.has('render_friends_entities')) {
        const entity = wholeEntity(image, { ...fields, ...metadata });
        return { xmlns: type, action, event_status: 'success', organization_id: organization, entity };
      }
      return {
        xmlns: type,
        friend: { action, xmlns: image.type, token, organization_id: organization, ...fields, ...metadata },
      };
    },
  };
}

/**
 * An entity changed. The payload is flat. Streams with `render_friends_entities` also receive `entity`, the only form that
 * Android reads.
 * @param isMetadataOnly Sends the event only to streams with `render_metadata`.
 */
export function updateEvent(image: EntityImage, isMetadataOnly = false): EventDraft {
  const type = 'tigertext:iq:update';
  const { token, organization } = image;
  return {
    type,
    stored: true,
    ...(isMetadataOnly ? { needs: 'render_metadata' } : {}),
    payload: (features) => {
      const fields = { ...image.fields, ...metadataOf(image, features) };
      const flat = { xmlns: type, type: image.type, token, organization_key: organization, ...fields };
      if (!features.has('render_friends_entities')) return flat;
      return { ...flat, organization_id: organization, entity: wholeEntity(image, fields) };
    },
  };
}

export interface MemberChange {
  readonly event: 'added' | 'removed';
  readonly by: Account;
  readonly subject: Account;
  readonly group: Group;
  readonly at: number;
  readonly reason?: 'leave_org';
}

/** The notice inside the conversation. */
export function bangEvent({ event, by, subject, group, at, reason }: MemberChange): EventDraft {
  const person = ({ token, displayName }: Account) => ({
    type: 'tigertext:entity:account',
    token,
    display_name: displayName,
  });
  const payload = {
    xmlns: 'tigertext:iq:bang',
    bang_id: freshToken(),
    event,
    created_on: timestamp(at),
    organization_id: group.organization,
    sort_number: at,
    caller_entity: person(by),
    subject_entity: person(subject),
    target_entity: { type: 'tigertext:entity:group', token: group.token, display_name: group.name },
    ...(reason === undefined ? {} : { reason, reason_subject_token: subject.token }),
  };
  return { type: 'tigertext:iq:bang', stored: true, payload: () => payload };
}

/** "My own account changed." */
export function settingsEvent(account: string): EventDraft {
  const type = 'tigertext:iq:account:settings';
  const payload = { xmlns: type, token: account, services: [{ xmlns: 'tigertext:iq:update:account' }] };
  return { type, stored: true, payload: () => payload };
}

/** @param mute Undefined with `clear`. The payload has the account's token, because the JavaScript SDK requires it. */
export function muteEvent(account: string, action: 'add' | 'del' | 'clear', mute?: Mute): EventDraft {
  const type = 'tigertext:iq:conversation_mute';
  const payload = { xmlns: type, action, token: account, ...(mute === undefined ? {} : muteWire(mute)) };
  return { type, stored: true, payload: () => payload };
}

export function wipeEvent(): EventDraft {
  const type = 'tigertext:iq:remote_wipe';
  return { type, stored: true, payload: () => ({ xmlns: type }) };
}
