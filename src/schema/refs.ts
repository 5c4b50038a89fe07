/** The types other types point at, declared before any of them is filled in, and how a bare token becomes one of them. */

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { DeliveryStatus, DistributionList, Group, Membership, Message, User } from '../domain.ts';
import { type PromiseOrValue, thenOrNow } from '../loaders/deferred.ts';
import type { KeyedLoader } from '../loaders/keyed-loader.ts';
import { builder } from './builder.ts';
import { needsRead } from './selection.ts';

export const UserRef = builder.objectRef<User>('User');
export const MembershipRef = builder.objectRef<Membership>('Membership');
export const GroupRef = builder.objectRef<Group>('Group');
export const MessageRef = builder.objectRef<Message>('Message');
export const DistributionListRef = builder.objectRef<DistributionList>('DistributionList');

const typeOfKind = { USER: 'User', GROUP: 'Group', LIST: 'DistributionList', MESSAGE: 'Message' } as const;

export const CounterpartRef = builder.unionType('Counterpart', {
  description: 'What can stand at the other end of a conversation.',
  types: [UserRef, GroupRef, DistributionListRef],
  resolveType: (value) => typeOfKind[value.kind],
});

export const DeliveryStatusRef = builder.enumType('DeliveryStatus', {
  description: 'How far a message got with one recipient. It never moves backwards.',
  values: {
    NEW: { description: 'Sent; the recipient’s device has not fetched it yet.' },
    DELIVERED: { description: 'On the recipient’s device.' },
    READ: { description: 'Opened by the recipient.' },
    CONFIRMED: { description: 'Acknowledged by the recipient’s own act.' },
  } satisfies Record<DeliveryStatus, object>,
});

/** A user by token: the bare reference when nothing more is selected, else the user read (null when there is none). */
export function userReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<User | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'USER', token };
  return context.loaders.users().load(token);
}

/** Null for a user that was not found there, or where the organization is not known. */
export function membershipOf(user: User | undefined, organization: string | undefined): Membership | null {
  return user === undefined || organization === undefined
    ? null
    : { kind: 'MEMBERSHIP', organizationKey: organization, user };
}

/**
 * What a user is in an organization: the bare reference when nothing but its id is selected, else read (null when the user
 * is not in it).
 * @param organization Its key; the caller's default one when left out, which the read then names.
 */
export function membershipReference(
  token: string,
  organization: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Membership | null> {
  if (organization !== undefined && !needsRead(info)) return membershipOf({ kind: 'USER', token }, organization);
  return thenOrNow(context.loaders.member(token, organization), (user) =>
    membershipOf(user, organization ?? user?.organizationKey),
  );
}

export function groupReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Group | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'GROUP', token };
  return context.loaders.groups.load(token);
}

export function messageReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Message | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'MESSAGE', token };
  return context.loaders.messages.load(token);
}

export function orNull<Value>(value: Value | undefined): Value | null {
  return value ?? null;
}

/**
 * A list whose items fail alone: GraphQL execution makes an Error in a list that item's own error.
 * The cast is what says so, because Pothos' types leave Errors in lists out.
 */
export function allowItemErrors<Item>(items: readonly (Item | Error)[]): Exclude<Item, Error>[] {
  return items as Exclude<Item, Error>[];
}

/** Each of them read; an item that fails alone for what cannot be. */
export function loadManyOrErrors<Value>(loader: KeyedLoader<Value>, keys: readonly string[]): PromiseOrValue<Value[]> {
  return thenOrNow(loader.loadMany(keys), allowItemErrors<Value>);
}
