/** Declarations of types that other types reference, and functions from a token to such an object. */

import type { GraphQLResolveInfo } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Conversation } from '../domain/conversation.ts';
import type {
  ConversationKey,
  DeliveryStatus,
  DistributionList,
  Group,
  Membership,
  Message,
  User,
} from '../domain/domain.ts';
import { GatewayError } from '../errors.ts';
import type { KeyedLoader } from '../loaders/keyed-loader.ts';
import { type PromiseOrValue, thenOrNow } from '../loaders/promise-or-value.ts';
import { builder } from './builder.ts';
import { needsRead } from './selection.ts';

export const UserRef = builder.objectRef<User>('User');
export const MembershipRef = builder.objectRef<Membership>('Membership');
export const GroupRef = builder.objectRef<Group>('Group');
export const MessageRef = builder.objectRef<Message>('Message');
export const DistributionListRef = builder.objectRef<DistributionList>('DistributionList');
export const ConversationRef = builder.objectRef<Conversation>('Conversation');

const typeOfKind = { USER: 'User', GROUP: 'Group', LIST: 'DistributionList', MESSAGE: 'Message' } as const;

export const CounterpartRef = builder.unionType('Counterpart', {
  description: 'The other side of a conversation.',
  types: [UserRef, GroupRef, DistributionListRef],
  resolveType: (value) => typeOfKind[value.kind],
});

export const DeliveryStatusRef = builder.enumType('DeliveryStatus', {
  description: 'Delivery status of a message for one recipient. It never moves backwards.',
  values: {
    NEW: { description: 'The message is sent; the recipient’s device has not fetched it.' },
    DELIVERED: { description: 'The message is on the recipient’s device.' },
    READ: { description: 'The recipient has opened the message.' },
    CONFIRMED: { description: 'The recipient has acknowledged the message explicitly.' },
  } satisfies Record<DeliveryStatus, object>,
});

/**
 * A user by token: only a reference when no more than its id is selected, otherwise read. A user that does not exist for the caller
 * stays a reference. Null without a token.
 */
export function userReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<User | null> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'USER', token };
  return context.loaders.userOrReference(token);
}

/** The same for several users, whose names may have come with their tokens; a failed read is the error of its item. */
export function userReferences(
  parties: readonly { readonly token: string; readonly name?: string | undefined }[],
  isRead: boolean,
  { loaders }: GatewayContext,
): PromiseOrValue<User[]> {
  if (!isRead) return parties.map(({ token, name }) => ({ kind: 'USER', token, displayName: name }));
  const reading = loaders.users().loadMany(parties.map(({ token }) => token));
  return thenOrNow(reading, (users) =>
    allowItemErrors(
      parties.map(({ token, name }, index) => users[index] ?? { kind: 'USER', token, displayName: name }),
    ),
  );
}

/** Null when the user was not found in the organization, or the organization is unknown. */
export function membershipOf(user: User | undefined, organization: string | undefined): Membership | null {
  return user === undefined || organization === undefined
    ? null
    : { kind: 'MEMBERSHIP', organizationKey: organization, user };
}

/**
 * A user's membership in an organization: only a reference when no more than its id is selected, otherwise read (null when
 * the user is not in it).
 * @param organization Its key. When left out: the caller's default organization, whose key comes from the read.
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

/** A conversation by its key; its state is read when it is selected. Null when the key is unknown. */
export function conversationReference(
  key: ConversationKey | undefined,
  known?: Pick<Conversation, 'counterpart' | 'state' | 'isOnRoster' | 'reported'>,
): Conversation | null {
  return key === undefined ? null : { kind: 'CONVERSATION', key, ...known };
}

/** A group by its token: read when the operation selects more than its id. Null without a token. */
export function groupReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Group | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'GROUP', token };
  return context.loaders.groups.load(token);
}

/** A referenced group; one that does not exist for the caller stays a reference. */
export function groupOrReference(
  token: string,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Group> {
  return thenOrNow(groupReference(token, context, info), (group) => group ?? { kind: 'GROUP', token });
}

/** A message by its token, as `groupReference` reads a group. */
export function messageReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): PromiseOrValue<Message | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'MESSAGE', token };
  return context.loaders.messages.load(token);
}

/** GraphQL's null for undefined. */
export function orNull<Value>(value: Value | undefined): Value | null {
  return value ?? null;
}

/** @throws GatewayError in place of a value that breaks the upstream's contract. */
export function valueOrError<Value>(value: Value | GatewayError): Value {
  if (value instanceof GatewayError) throw value;
  return value;
}

/**
 * A list whose items fail individually: GraphQL execution reports an Error in a list as the error of that item.
 * The cast is needed because Pothos' types do not allow Errors in lists.
 */
export function allowItemErrors<Item>(items: readonly (Item | Error)[]): Exclude<Item, Error>[] {
  return items as Exclude<Item, Error>[];
}

/** Reads each key; a key that cannot be read becomes the error of its item. */
export function loadManyOrErrors<Value>(loader: KeyedLoader<Value>, keys: readonly string[]): PromiseOrValue<Value[]> {
  return thenOrNow(loader.loadMany(keys), allowItemErrors<Value>);
}
