/** Payloads of events about accounts, groups and lists (EVENTS.md §6 and §7). */

import type { VisibleAccount } from '../state/account.ts';
import type { Conversation, Notice } from '../state/conversation-types.ts';
import type { World } from '../state/world.ts';
import type { DistributionList, EventDraft, Group, Mute } from '../state/world-types.ts';
import { groupWire, listWire } from './group.ts';
import { muteWire } from './mute.ts';
import { noticeWire } from './notice.ts';
import { userWire } from './user.ts';
import { friendsForm, goneForm, shortType } from './v5/event.ts';

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

/** A person as events show them. */
export function accountImage(world: World, visible: VisibleAccount): EntityImage {
  const { token, organization_key: organization = '', ...fields } = userWire(world, visible, false);
  return { type: 'tigertext:entity:account', token, organization, fields, metadata: visible.membership.metadata };
}

/** A list as events show it. */
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
 * @param conversation Undefined for an entity without a conversation, which v5 streams do not receive.
 */
export function friendsEvent(
  world: World,
  action: 'add' | 'del',
  image: EntityImage,
  conversation: Conversation | undefined,
): EventDraft {
  const type = 'tigertext:iq:friends';
  const { token, organization } = image;
  const fields = action === 'add' ? image.fields : {};
  const v5 =
    conversation && (action === 'add' ? friendsForm(world, 'add', conversation) : goneForm(conversation, image));
  return {
    type,
    stored: true,
    v5: v5 ?? null,
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
 * On v5 streams everything is inside `entity`.
 * @param isMetadataOnly Sends the event only to streams with `render_metadata`.
 */
export function updateEvent(image: EntityImage, isMetadataOnly = false): EventDraft {
  const type = 'tigertext:iq:update';
  const { token, organization } = image;
  return {
    type,
    stored: true,
    ...(isMetadataOnly ? { needs: 'render_metadata' } : {}),
    v5: {
      payload: (features) => ({
        xmlns: type,
        organization_id: organization,
        entity: {
          type: shortType(image.type),
          token,
          id: token,
          organization_key: organization,
          ...image.fields,
          ...metadataOf(image, features),
        },
      }),
    },
    payload: (features) => {
      const fields = { ...image.fields, ...metadataOf(image, features) };
      const flat = { xmlns: type, type: image.type, token, organization_key: organization, ...fields };
      if (!features.has('render_friends_entities')) return flat;
      return { ...flat, organization_id: organization, entity: wholeEntity(image, fields) };
    },
  };
}

/** The notice inside the conversation. */
export function bangEvent(world: World, notice: Notice, conversation: Conversation): EventDraft {
  const payload = noticeWire(world, notice);
  const inConversation = { ...payload, conversation_id: conversation.id };
  return { type: payload.xmlns, stored: true, payload: () => payload, v5: { payload: () => inConversation } };
}

/** "My own account changed." */
export function settingsEvent(account: string): EventDraft {
  const type = 'tigertext:iq:account:settings';
  const payload = { xmlns: type, token: account, services: [{ xmlns: 'tigertext:iq:update:account' }] };
  return { type, stored: true, payload: () => payload };
}

/**
 * The payload has the account's token, because the JavaScript SDK requires it.
 * @param mute Undefined with `clear`.
 * @param conversation Undefined with `clear` and for a muted organization. On v5 streams only `conversation_id` has an
 *   effect, so that each conversation needs an event of its own when all mutes are cleared.
 */
export function muteEvent(
  account: string,
  action: 'add' | 'del' | 'clear',
  mute?: Mute,
  conversation?: Conversation,
): EventDraft {
  const type = 'tigertext:iq:conversation_mute';
  const payload = { xmlns: type, action, token: account, ...(mute === undefined ? {} : muteWire(mute)) };
  const inConversation = conversation === undefined ? payload : { ...payload, conversation_id: conversation.id };
  return { type, stored: true, payload: () => payload, v5: { payload: () => inConversation } };
}

/** The event that signs the account out on all devices. */
export function wipeEvent(): EventDraft {
  const type = 'tigertext:iq:remote_wipe';
  return { type, stored: true, payload: () => ({ xmlns: type }) };
}
