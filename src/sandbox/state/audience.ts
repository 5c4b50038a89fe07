import { accountImage, settingsEvent, updateEvent } from '../wire/entity-event.ts';
import { presenceEvent } from '../wire/event.ts';
import { sight } from './account.ts';
import { deliver } from './outbox.ts';
import type { World } from './world.ts';
import type { Account, Membership } from './world-types.ts';

/** Accounts that know this one from a conversation: it is in their roster, or they share a group. Without itself. */
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
 * The account's own devices get `account:settings`, each contact one `update`.
 * @param organization The one the change is bound to; undefined for changes of the account as a whole, which each contact
 *   then hears of in the organization the two share first.
 */
export function announceAccount(world: World, account: Account, organization?: string): void {
  deliver(world, account.token, settingsEvent(account.token));
  for (const contact of contactsOf(world, account)) {
    const reader = world.accounts.get(contact);
    const sighting = reader && sight(world, reader, account, organization);
    if (sighting === undefined) continue;
    deliver(world, contact, updateEvent(accountImage(world, sighting)), sighting.membership.organization);
  }
}

/** Metadata concerns streams that asked for it alone, the account's own among them. */
export function announceAccountMetadata(world: World, account: Account, membership: Membership): void {
  const event = updateEvent(accountImage(world, { account, membership }), true);
  for (const reader of [account.token, ...contactsOf(world, account)]) {
    if (world.accounts.get(reader)?.memberships.has(membership.organization) !== true) continue;
    deliver(world, reader, event, membership.organization);
  }
}

/** Presence is never stored, so it reaches open streams alone. */
export function announcePresence(world: World, account: Account, type: 'available' | 'unavailable' | 'away'): void {
  const event = presenceEvent(account.token, type);
  for (const contact of contactsOf(world, account)) deliver(world, contact, event);
}

/** Whether any stream shows the account as present; `hidden` ones do not. */
export function isPresent(world: World, account: Account): boolean {
  return [...(world.sessionsByAccount.get(account.token) ?? [])].some(({ streams }) =>
    [...streams].some(({ features }) => !features.has('hidden')),
  );
}
