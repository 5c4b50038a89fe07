/** What the bench may tell the stand-in, over the channel between parent and child. */
import type { Emission } from './streams.ts';

export type Order =
  | { readonly kind: 'counts' }
  | { readonly kind: 'bulk'; readonly isOffered: boolean }
  | { readonly kind: 'roster'; readonly entries: number }
  | { readonly kind: 'history'; readonly items: number }
  | { readonly kind: 'emit'; readonly emission: Emission }
  | { readonly kind: 'streams' };

export interface OrderMessage {
  readonly number: number;
  readonly order: Order;
}

export interface OrderReply {
  readonly number: number;
  readonly value: unknown;
}
