import { limits } from '../bounds.ts';
import { HttpError, notFound } from '../http/http-error.ts';
import { freshToken } from '../token.ts';
import { consumerOrganization } from './organization.ts';
import type { World } from './world.ts';
import type { Account, Membership } from './world-types.ts';

/** A membership without rights and metadata, except for the given details. */
export function createMembership(organization: string, details: Partial<Membership> = {}): Membership {
  return {
    organization,
    title: '',
    department: '',
    dnd: false,
    dndText: '',
    autoForwardTo: null,
    metadata: {},
    rights: [],
    ...details,
  };
}

/** @throws HttpError 429 when the sandbox holds `limits.accounts` accounts. */
export function addAccount(world: World, account: Account): Account {
  if (world.accounts.size >= limits.accounts) throw new HttpError(429, 'Too many accounts in this sandbox');
  world.accounts.set(account.token, account);
  for (const address of [...account.emails, ...account.phones, account.username]) {
    world.addresses.set(address.toLowerCase(), account.token);
  }
  for (const owner of account.owners) world.roles.set(owner, [...(world.roles.get(owner) ?? []), account.token]);
  return account;
}

/** Finds an account by token, e-mail, phone or login name, ignoring case. */
export function findAccount(world: World, address: string): Account | undefined {
  const key = address.trim().toLowerCase();
  return world.accounts.get(key) ?? world.accounts.get(world.addresses.get(key) ?? '');
}

const emailShape = /^[^@\s,]+@[^@\s,]+\.[^@\s,]+$/;
const phoneShape = /^\+\d{7,15}$/;

/** Whether an account can be made for the address: an e-mail, or a phone in international form. */
export function isContactAddress(address: string): boolean {
  return emailShape.test(address) || phoneShape.test(address);
}

/**
 * Creates the account of an unknown address (NOTES.md: "Recipient unknown: account is created"). It is a member of the
 * consumer organization and of the sender's organization, so that the conversation can continue there.
 */
export function createOutsideAccount(
  world: World,
  address: string,
  organization: string,
  displayName = address,
): Account {
  const isEmail = emailShape.test(address);
  const organizations = new Set([consumerOrganization, organization]);
  return addAccount(world, {
    token: freshToken(),
    displayName,
    firstName: '',
    lastName: '',
    username: address.toLowerCase(),
    emails: isEmail ? [address.toLowerCase()] : [],
    phones: isEmail ? [] : [address],
    avatar: null,
    status: '',
    defaultOrganization: consumerOrganization,
    memberships: new Map([...organizations].map((key) => [key, createMembership(key)])),
    kind: 'outside',
    owners: [],
    failedLogins: 0,
  });
}

/** An account with its membership in one organization, as another account sees it. */
export interface VisibleAccount {
  readonly account: Account;
  readonly membership: Membership;
}

/**
 * The account as the caller sees it. With `organization`, both must be members of it. Without, the caller's default
 * organization is tried first, then all others they share, so that the sender of every message can be read.
 * @returns Undefined when the caller cannot see the account.
 */
export function visibleAccount(
  world: World,
  caller: Account,
  account: Account,
  organization: string | undefined,
): VisibleAccount | undefined {
  const candidates = organization === undefined ? organizationsOf(caller) : [organization];
  for (const key of candidates) {
    const membership = account.memberships.get(key);
    if (membership !== undefined && caller.memberships.has(key) && world.organizations.has(key)) {
      return { account, membership };
    }
  }
  return undefined;
}

/** Default organization first, the consumer organization last. */
export function organizationsOf(account: Account): string[] {
  const others = [...account.memberships.keys()].filter(
    (key) => key !== account.defaultOrganization && key !== consumerOrganization,
  );
  const all = [account.defaultOrganization, ...others, consumerOrganization].filter((key) =>
    account.memberships.has(key),
  );
  return [...new Set(all)];
}

/** @throws HttpError 404 when there is no such account or the caller cannot see it. */
export function requireVisibleAccount(
  world: World,
  caller: Account,
  address: string,
  organization?: string,
): VisibleAccount {
  const account = findAccount(world, address);
  const visible = account === undefined ? undefined : visibleAccount(world, caller, account, organization);
  if (visible === undefined) throw notFound('User');
  return visible;
}

/** Tokens of the caller and of the roles the caller owns. */
export function identitiesOf(world: World, caller: Account): ReadonlySet<string> {
  return new Set([caller.token, ...(world.roles.get(caller.token) ?? [])]);
}
