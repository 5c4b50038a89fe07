/** Targets of messages: recipient, organizations, and the role as which it is sent. */

import { forbidden, notFound } from '../http/http-error.ts';
import { createOutsideAccount, findAccount, isContactAddress, organizationsOf, visibleAccount } from './account.ts';
import { findGroup, visibleList } from './group.ts';
import type { World } from './world.ts';
import type { Account, MessageDatum, Origin, Session, Target } from './world-types.ts';

/** A message to send or forward. Undefined fields take the organization's default. */
export interface Outgoing {
  readonly recipient: string;
  readonly body: string;
  /** Role to send as. */
  readonly sender?: string | undefined;
  readonly senderOrganization?: string | undefined;
  readonly recipientOrganization?: string | undefined;
  readonly ttl?: number | undefined;
  readonly deleteOnRead?: boolean | undefined;
  readonly priority?: number | undefined;
  readonly data?: readonly MessageDatum[] | undefined;
  readonly file?: { readonly fileName: string; readonly contentType: string; readonly bytes: Buffer } | undefined;
  readonly subType?: string | undefined;
  readonly origin?: Origin | undefined;
  readonly requestId?: string | undefined;
  /** The session that sends: its v5 streams do not receive the message (EVENTS-v5.md §3). */
  readonly cause?: Session | undefined;
  /** Milliseconds since 1970; only the seed sets it, for older messages. */
  readonly createdAt?: number | undefined;
  /** Only the seed sets it, for the same ids on every start. */
  readonly id?: string | undefined;
}

export interface Addressed {
  readonly target: Target;
  readonly senderOrganization: string;
  readonly recipientOrganization: string;
}

/** @throws HttpError 403 for a role the author does not own. */
export function speakingAs(world: World, author: Account, sender: string | undefined): string {
  if (sender === undefined || sender === author.token) return author.token;
  if (world.roles.get(author.token)?.includes(sender) !== true)
    throw forbidden('sender: expected a role of the caller');
  return sender;
}

/** Finds the recipient and the two organizations. Creates an account for an unknown e-mail address or phone number. */
export function address(world: World, author: Account, outgoing: Outgoing): Addressed {
  const { recipient, recipientOrganization } = outgoing;
  const named = outgoing.senderOrganization;
  if (named !== undefined && !author.memberships.has(named))
    throw forbidden('sender_organization: caller is no member');
  const senderOrganization = named ?? author.defaultOrganization;
  const group = world.groups.get(recipient);
  if (group !== undefined) {
    if (!findGroup(world, recipient).members.has(author.token)) throw forbidden();
    const home = group.organization;
    return {
      target: { kind: 'group', token: group.token },
      senderOrganization: named ?? home,
      recipientOrganization: home,
    };
  }
  if (world.lists.has(recipient)) {
    const { token, organization } = visibleList(world, author, recipient);
    return {
      target: { kind: 'list', token },
      senderOrganization: named ?? organization,
      recipientOrganization: organization,
    };
  }
  const account = findAccount(world, recipient);
  if (account === undefined) {
    if (!isContactAddress(recipient)) throw notFound('Recipient');
    const organization = recipientOrganization ?? senderOrganization;
    if (!author.memberships.has(organization)) throw notFound('Recipient');
    const created = createOutsideAccount(world, recipient, organization);
    return {
      target: { kind: 'account', token: created.token },
      senderOrganization,
      recipientOrganization: organization,
    };
  }
  // Clients send their own organization by default. When the recipient is not a member of it, a shared one is used.
  const wanted =
    recipientOrganization ??
    [senderOrganization, ...organizationsOf(author)].find((key) => account.memberships.has(key));
  if (wanted === undefined || visibleAccount(world, author, account, wanted) === undefined) throw notFound('Recipient');
  return {
    target: { kind: 'account', token: account.token },
    senderOrganization: named ?? wanted,
    recipientOrganization: wanted,
  };
}

/** Tokens of the accounts that receive a message to this target. */
export function recipientsOf(world: World, author: Account, target: Target): string[] {
  const tokens =
    target.kind === 'group'
      ? [...(world.groups.get(target.token)?.members ?? [])]
      : target.kind === 'list'
        ? (world.lists.get(target.token)?.members ?? [])
        : [target.token];
  // In a note to self the author is the recipient.
  return target.kind === 'account' ? [...tokens] : tokens.filter((token) => token !== author.token);
}
