import { accountImage, settingsEvent, updateEvent } from '../wire/entity-event.ts';
import { presenceEvent } from '../wire/event.ts';
import { visibleAccount } from './account.ts';
import { deliver } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, Membership } from './world-types.ts';

/** Accounts that have this one in their roster or share a group with it, without the account itself. */
function contactsOf(world: World, account: Account): Set<string> {
  const contacts = new Set<string>();
  for (const [owner, roster] of world.rosters) {
    for (const line of roster.values()) if (line.token === account.token) contacts.add(owner);
  }
  for (const group of world.groups.values()) {
    if (group.deleted || !group.members.has(account.token)) continue;
    for (const member of group.members) contacts.add(member);
  }
  contacts.delete(account.token);
  return contacts;
}

/**
 * Sends `account:settings` to the account's own devices and one `update` to each contact.
 * @param organization The organization the change belongs to. Undefined for a change of the whole account: each contact
 *   then receives the event for the first organization the two share.
 */
export function announceAccount(world: World, account: Account, organization?: string): void {
  deliver(world, account.token, settingsEvent(account.token));
  for (const contact of contactsOf(world, account)) {
    const reader = world.accounts.get(contact);
    const visible = reader && visibleAccount(world, reader, account, organization);
    if (visible === undefined) continue;
    deliver(world, contact, updateEvent(accountImage(world, visible)), visible.membership.organization);
  }
}

/** Only streams with `render_metadata` receive it, those of the account itself included. */
export function announceAccountMetadata(world: World, account: Account, membership: Membership): void {
  const event = updateEvent(accountImage(world, { account, membership }), true);
  for (const reader of [account.token, ...contactsOf(world, account)]) {
    if (world.accounts.get(reader)?.memberships.has(membership.organization) !== true) continue;
    deliver(world, reader, event, membership.organization);
  }
}

/** Presence is never stored, so only open streams receive it. */
export function announcePresence(world: World, account: Account, type: 'available' | 'unavailable' | 'away'): void {
  const event = presenceEvent(account.token, type);
  for (const contact of contactsOf(world, account)) deliver(world, contact, event);
}

/** Whether the account has an open stream without the feature `hidden`. */
export function isPresent(world: World, account: Account): boolean {
  return [...(world.sessionsByAccount.get(account.token) ?? [])].some(({ streams }) =>
    [...streams].some(({ features }) => !features.has('hidden')),
  );
}
