/** The session of a browser as the schema sees it: signing in may start one, signing out ends it. `server/authentication/` has the rest. */
import type { ApiKey } from './domain.ts';

export interface BrowserSession {
  /**
   * Checks that the request can start a session, before anything is changed.
   * @throws GatewayError `BAD_USER_INPUT` when it did not come from a page over HTTP.
   */
  assertStartable(): void;
  /**
   * Seals the key pair into a cookie of the response, in place of the session that the browser had.
   * @returns End of the session, in milliseconds since the epoch.
   */
  start(pair: Pick<ApiKey, 'key' | 'secret'>): Promise<number>;
  /** Removes the cookie from the browser. No effect over a WebSocket. */
  end(): void;
}
