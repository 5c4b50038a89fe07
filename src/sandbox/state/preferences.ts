/** Quick replies: texts that a client offers under its composer, of a person and of an organization. */
import { preferencesEvent } from '../wire/preferences.ts';
import { deliver } from './outbox.ts';
import type { World } from './world.ts';
import type { Account } from './world-types.ts';

/** @param owner Token of an account, or key of an organization. */
export function quickRepliesOf(world: World, owner: string): readonly string[] {
  return world.quickReplies.get(owner) ?? [];
}

/** Replaces the account's own quick replies. Its devices are notified. */
export function setOwnQuickReplies(world: World, { token }: Account, replies: readonly string[]): void {
  world.quickReplies.set(token, replies);
  deliver(world, token, preferencesEvent('user_preferences', { token, quick_replies: replies }));
}

/** Replaces those of an organization. All members are notified. */
export function setOrganizationQuickReplies(world: World, organization: string, replies: readonly string[]): void {
  world.quickReplies.set(organization, replies);
  const event = preferencesEvent('org_preferences', { organization, quick_replies: replies });
  for (const account of world.accounts.values()) {
    if (account.memberships.has(organization)) deliver(world, account.token, event, organization);
  }
}
