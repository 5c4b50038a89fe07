/** What the parts of the store share. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DeliveryStatus } from '../documents.ts';
import type { StoreRequest } from './client.ts';
import type { Timers } from './clock.ts';
import type { StoreMessage } from './types.ts';

/** Bounds of what is kept; each has a default. */
export interface StoreBounds {
  /** Conversations of the list; those with the latest traffic. */
  readonly maxConversations: number;
  /** Items of an open conversation; beyond them, those farthest from where it is read are dropped, and read again on demand. */
  readonly maxItems: number;
  /** Items that are read at a time; with many unread ones, four times as many. At most 50. */
  readonly pageSize: number;
  /** Messages that are not sent yet. */
  readonly maxOutgoing: number;
}

export const defaultBounds: StoreBounds = {
  maxConversations: 1_000,
  maxItems: 1_000,
  pageSize: 50,
  maxOutgoing: 100,
};

/** Ids of events and of recalled messages that are recognized when they come again. */
export const rememberedIds = 2_000;
/** Many events soon after each other cost one read; when they go on, the next one is later, up to the second figure. */
export const readAgainMs = { first: 200, most: 5_000 } as const;

export interface Context {
  /** Global id of the caller. */
  readonly me: string;
  readonly bounds: StoreBounds;
  readonly timers: Timers;
  now(): number;
  request<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): StoreRequest;
  /** Runs a query or a mutation, after a new sign-in when the credential is refused. @throws StoreError */
  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Whether the counterpart is one person; also when that is not known yet. */
  isDirect(conversation: string): boolean;
  /** What is shown has changed. */
  changed(): void;
}

const ranks: readonly DeliveryStatus[] = ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'];

export const rankOf = (status: DeliveryStatus | null | undefined) => ranks.indexOf(status ?? 'NEW');

/** The status of this rank. */
export const statusOf = (rank: number): DeliveryStatus => ranks[rank] ?? 'NEW';

/** Place of an item: sort numbers are those of the service, which are times where it has none. */
export const orderOf = ({ sortNumber, createdAt }: Partial<Pick<StoreMessage, 'sortNumber' | 'createdAt'>>) =>
  sortNumber ?? timeOf(createdAt, 0);

/** A time that does not come, and a place behind all others. */
export const forever = Number.POSITIVE_INFINITY;

/** Milliseconds since 1970. */
export const timeOf = (moment: string | null | undefined, otherwise = forever) =>
  moment == null ? otherwise : Date.parse(moment);
