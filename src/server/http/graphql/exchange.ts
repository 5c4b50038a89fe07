/** A request in progress: its disconnection source, and the address and identity of its client. */
import type { CancellationSource } from '../../../upstream/cancellation.ts';
import type { Identity } from '../../authentication/identity.ts';

export interface Exchange {
  readonly requestId: string;
  /** Cancelled when the client disconnects before its response is complete. */
  readonly cancellation: CancellationSource;
  /** Group in which limits count the client's address. */
  readonly address: string;
}

/** With the identity of its client. */
export interface IdentifiedExchange extends Exchange {
  readonly identity: Identity;
}
