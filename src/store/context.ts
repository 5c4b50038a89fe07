/** Shared by all parts of the store: bounds, caller, clock, and calls. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { DeliveryStatus } from '../documents.ts';
import type { StoreRequest } from './client.ts';
import type { Timers } from './clock.ts';
import type { StoreMessage } from './types.ts';

/** Bounds of the memory of the store; each has a default. */
export interface StoreBounds {
  /** Maximum conversations of the list: those with the latest traffic. */
  readonly maxConversations: number;
  /**
   * Maximum items of an open conversation; beyond it, those farthest from the reader's position are dropped, and read again on
   * demand.
   */
  readonly maxItems: number;
  /** Items per read; with many unread ones, four times as many. At most 50. */
  readonly pageSize: number;
  /** Maximum unsent messages. */
  readonly maxOutgoing: number;
}

export const defaultBounds: StoreBounds = {
  maxConversations: 1_000,
  maxItems: 1_000,
  pageSize: 50,
  maxOutgoing: 100,
};

/** Number of remembered ids of events and of recalled messages, by which repeats are detected. */
export const rememberedIds = 2_000;
/** Events in quick succession cost one read; while they continue, the interval grows up to the second figure. */
export const readAgainMs = { first: 200, most: 5_000 } as const;

export interface Context {
  /** Global id of the caller. */
  readonly me: string;
  readonly bounds: StoreBounds;
  readonly timers: Timers;
  now(): number;
  request<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): StoreRequest;
  /** Runs a query or a mutation, after a new sign-in when the credential is rejected. @throws StoreError */
  run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Whether the counterpart is one person; true while that is unknown. */
  isDirect(conversation: string): boolean;
  /** The snapshot has changed. */
  changed(): void;
}

const ranks: readonly DeliveryStatus[] = ['NEW', 'DELIVERED', 'READ', 'CONFIRMED'];

export const rankOf = (status: DeliveryStatus | null | undefined) => ranks.indexOf(status ?? 'NEW');

/** The status of this rank. */
export const statusOf = (rank: number): DeliveryStatus => ranks[rank] ?? 'NEW';

/** Position of an item: the service's sort number, or its time without one. */
export const orderOf = ({ sortNumber, createdAt }: Partial<Pick<StoreMessage, 'sortNumber' | 'createdAt'>>) =>
  sortNumber ?? timeOf(createdAt, 0);

/** Later than every time, and after every position. */
export const forever = Number.POSITIVE_INFINITY;

/** Milliseconds since 1970. */
export const timeOf = (moment: string | null | undefined, otherwise = forever) =>
  moment == null ? otherwise : Date.parse(moment);
