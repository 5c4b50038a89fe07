/** The types other types point at, declared before any of them is filled in, and how a bare token becomes one of them. */
import type { GraphQLResolveInfo } from 'graphql';
import type { DeliveryStatus, DistributionList, Group, Message, User } from '../domain.ts';
import { type Known, whenKnown } from '../loaders/known.ts';
import type { Reads } from '../loaders/reads.ts';
import type { GatewayContext } from '../server/context.ts';
import { builder } from './builder.ts';
import { needsRead } from './selection.ts';

export const UserRef = builder.objectRef<User>('User');
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
): Known<User | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'USER', token };
  return context.loaders.users().load(token);
}

export function groupReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Known<Group | null | undefined> {
  if (token === undefined) return null;
  if (!needsRead(info)) return { kind: 'GROUP', token };
  return context.loaders.groups.load(token);
}

export function messageReference(
  token: string | undefined,
  context: GatewayContext,
  info: GraphQLResolveInfo,
): Known<Message | null | undefined> {
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
export function failingAlone<Item>(items: readonly (Item | Error)[]): Exclude<Item, Error>[] {
  return items as Exclude<Item, Error>[];
}

/** Each of them read; an item that fails alone for what cannot be. */
export function eachAlone<Value>(reads: Reads<Value>, keys: readonly string[]): Known<Value[]> {
  return whenKnown(reads.loadMany(keys), failingAlone<Value>);
}
