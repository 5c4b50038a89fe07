/** Roles: accounts that represent the person on duty, at most one at a time (EVENTS-v5.md §10.9). */

import { forbidden, notFound } from '../http/http-error.ts';
import { accountImage, updateEvent } from '../wire/entity-event.ts';
import { dutyEvent, roleMetadata } from '../wire/role.ts';
import { visibleAccount } from './account.ts';
import { addMembers, removeMembers } from './group-change.ts';
import { deliver } from './outbox.ts';
import type { RoleAccount, RoleTag } from './role-types.ts';
import type { World } from './world.ts';
import type { Account, Group } from './world-types.ts';

/** Undefined for accounts that are no role. */
export function roleOf(world: World, token: string): RoleAccount | undefined {
  const [role, account] = [world.rota.get(token), world.accounts.get(token)];
  return role === undefined || account === undefined ? undefined : { role, account };
}

/** @throws HttpError 404 when there is no such role in an organization of the caller. */
export function visibleRole(world: World, caller: Account, token: string, organization?: string): RoleAccount {
  const found = roleOf(world, token);
  if (found === undefined || visibleAccount(world, caller, found.account, organization) === undefined)
    throw notFound('Role');
  return found;
}

/** The tags of an organization's roles. */
export function tagsOf(world: World, organization: string): RoleTag[] {
  const tags = new Map<string, RoleTag>();
  for (const { tag, organization: own } of world.rota.values())
    if (tag !== undefined && own === organization) tags.set(tag.id, tag);
  return [...tags.values()];
}

function isAdministrator(account: Account, organization: string): boolean {
  return account.memberships.get(organization)?.rights.includes('admin') === true;
}

/**
 * Puts a person on duty; the one before goes off.
 * @throws HttpError 403 unless the role is open and the caller means itself, or the caller is an administrator; 404 when the
 *   person is not in the organization.
 */
export function optIn(
  world: World,
  caller: Account,
  { role, account }: RoleAccount,
  person: Account | undefined,
): void {
  if (person?.kind !== 'person' || !person.memberships.has(role.organization)) throw notFound('User');
  const mayJoin = role.isOpen && person === caller;
  if (!mayJoin && !isAdministrator(caller, role.organization)) throw forbidden();
  if (!account.owners.includes(person.token)) changeDuty(world, { role, account }, [person.token]);
}

/** Takes a person off duty; one who is not on duty stays so. @throws HttpError 403 for others, and for the last one needed. */
export function optOut(
  world: World,
  caller: Account,
  { role, account }: RoleAccount,
  person: Account | undefined,
): void {
  if (person === undefined) throw notFound('User');
  if (person !== caller && !isAdministrator(caller, role.organization)) throw forbidden();
  if (!account.owners.includes(person.token)) return;
  const left = account.owners.filter((token) => token !== person.token);
  if (role.needsOwner && left.length === 0) throw forbidden('expected another person on duty');
  changeDuty(world, { role, account }, left);
}

/** Takes a person off all duties in an organization that it leaves, also off those that need a person on duty. */
export function leaveDuties(world: World, { token }: Account, organization: string): void {
  for (const name of world.roles.get(token) ?? []) {
    const found = roleOf(world, name);
    if (found === undefined || found.role.organization !== organization) continue;
    const left = found.account.owners.filter((owner) => owner !== token);
    changeDuty(world, found, left);
  }
}

/** @param text Undefined switches it off. @throws HttpError 403 unless the caller is on duty or an administrator. */
export function setAway(caller: Account, { role, account }: RoleAccount, text: string | undefined): void {
  if (!account.owners.includes(caller.token) && !isAdministrator(caller, role.organization)) throw forbidden();
  role.away = text;
}

function changeDuty(world: World, roleAccount: RoleAccount, owners: readonly string[]): void {
  const { role, account } = roleAccount;
  const leaving = account.owners.filter((token) => !owners.includes(token));
  const coming = owners.filter((token) => !account.owners.includes(token));
  account.owners = owners;
  for (const token of leaving) {
    world.roles.set(
      token,
      (world.roles.get(token) ?? []).filter((own) => own !== role.token),
    );
  }
  for (const token of coming) world.roles.set(token, [...(world.roles.get(token) ?? []), role.token]);
  renderMetadata(roleAccount);
  for (const token of leaving) deliver(world, token, dutyEvent(roleAccount, 'del', token), role.organization);
  for (const token of coming) deliver(world, token, dutyEvent(roleAccount, 'add', token), role.organization);
  announceRole(world, roleAccount);
  for (const group of roleGroups(world, role.token)) followDuty(world, roleAccount, group, coming, leaving);
}

/** Writes the role's values that clients read into the metadata of its account. */
export function renderMetadata(roleAccount: RoleAccount): void {
  const membership = roleAccount.account.memberships.get(roleAccount.role.organization);
  if (membership !== undefined) membership.metadata = { ...membership.metadata, ...roleMetadata(roleAccount) };
}

/** "To the organization as `update` of the role's account." */
function announceRole(world: World, { role, account }: RoleAccount): void {
  const membership = account.memberships.get(role.organization);
  if (membership === undefined) return;
  const event = updateEvent(accountImage(world, { account, membership }));
  for (const reader of world.accounts.values()) {
    if (reader.kind !== 'role' && reader.memberships.has(role.organization))
      deliver(world, reader.token, event, role.organization);
  }
}

/** The one-to-one groups with a role. */
function roleGroups(world: World, role: string): Group[] {
  return [...world.groups.values()].filter((group) => !group.deleted && group.roleMembers?.includes(role) === true);
}

/** A person who goes on duty joins the conversations with the role, and one who goes off leaves them, except those of one's own. */
function followDuty(
  world: World,
  { account }: RoleAccount,
  group: Group,
  coming: readonly string[],
  leaving: readonly string[],
): void {
  const persons = (tokens: readonly string[]) => tokens.flatMap((token) => world.accounts.get(token) ?? []);
  addMembers(world, account, group, persons(coming));
  const others = leaving.filter((token) => token !== group.metadata.created_by);
  removeMembers(world, account, group, persons(others), { isNoticed: true });
}

export interface AutomaticReply {
  readonly role: Account;
  readonly body: string;
  readonly subType: 'empty_role_notification' | 'role_away_notification';
}

/** The automatic reply of a role: with no one on duty, or with its away reply on. Undefined otherwise, and for its own messages. */
export function automaticReply(
  world: World,
  message: { readonly sender: string; readonly author: string; readonly target: { kind: string; token: string } },
): AutomaticReply | undefined {
  const { target, sender, author } = message;
  const token = target.kind === 'group' ? world.groups.get(target.token)?.roleMembers?.[0] : target.token;
  const found = token === undefined || target.kind === 'list' ? undefined : roleOf(world, token);
  if (found === undefined || sender === token || found.account.owners.includes(author)) return undefined;
  const { role, account } = found;
  if (account.owners.length === 0)
    return { role: account, body: role.noOwnersMessage, subType: 'empty_role_notification' };
  return role.away === undefined ? undefined : { role: account, body: role.away, subType: 'role_away_notification' };
}
