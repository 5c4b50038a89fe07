import type { UserId } from 'tigerconnect-graphql-documents';

/** The signed-in person, which survives a reload and ends with the tab. Nothing of messages and conversations is stored. */
export interface Session {
  /** `Basic` with the key pair that signing in gave; empty when it is in the cookie of a session. */
  readonly authorization: string;
  /** Global id of the caller's own account. */
  readonly me: UserId;
  readonly name: string;
  /** Names of the caller's organizations, by key. */
  readonly organizations: Readonly<Record<string, string>>;
}

// Only this file writes there.
export const storedSession = (): Session | null => JSON.parse(sessionStorage.getItem('session') ?? 'null');
export const storeSession = (session: Session) => sessionStorage.setItem('session', JSON.stringify(session));

/** Forgets everything, also what the page holds in memory; at its very end, for until then events come. */
export function forget(): void {
  addEventListener('pagehide', () => sessionStorage.clear());
  history.replaceState(null, '', location.pathname);
  location.reload();
}
