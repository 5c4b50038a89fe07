/** The options of the store. */
import type { StoreClient } from './client.ts';
import type { StoreClock } from './clock.ts';
import type { StoreBounds } from './context.ts';
import type { StoreEvent } from './feed.ts';
import type { OutboxStorage } from './outbox.ts';

export interface StoreOptions {
  readonly client: StoreClient;
  /** Global id of the caller: `me.id`, or `signIn.user.id`. */
  readonly me: string;
  /**
   * Called when the credential is rejected: gives the client a new one, with which calls and subscriptions continue. When it
   * rejects or is absent, the store discards everything and is `SIGNED_OUT`.
   */
  readonly signIn?: () => Promise<void>;
  /** Storage in which the keys of unsent messages outlive the page, such as `sessionStorage`. Without it they do not. */
  readonly storage?: OutboxStorage;
  /** Whether the texts of unsent messages are stored there too, so that they are sent after a reload. Off by default. */
  readonly storesText?: boolean;
  /** Sends ids of registered operations in place of texts, for a gateway with `PERSISTED_OPERATIONS`. */
  readonly registered?: boolean;
  readonly bounds?: Partial<StoreBounds>;
  /** Called with each event once it is applied: for notifications, or to read again what only the page displays. */
  readonly onEvent?: (event: StoreEvent) => void;
  /** For tests. */
  readonly clock?: StoreClock;
}
