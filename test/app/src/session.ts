/** What outlives a reload, and not the tab: who is signed in, and the ids of the messages in view. Never their texts. */
export interface Session {
  /** `Basic` with the key pair that signing in gave. */
  readonly authorization: string;
  /** Global id of the caller's own account. */
  readonly me: string;
  readonly name: string;
}

// Only this file writes there.
export const storedSession = (): Session | null => JSON.parse(sessionStorage.getItem('session') ?? 'null');
export const storeSession = (session: Session) => sessionStorage.setItem('session', JSON.stringify(session));

export const storedMessageIds = (): readonly string[] => JSON.parse(sessionStorage.getItem('messages') ?? '[]');
/** So that it is read again after a reload, when it is one of the latest. */
export function rememberMessage(id: string): void {
  const others = storedMessageIds().filter((known) => known !== id);
  sessionStorage.setItem('messages', JSON.stringify([...others, id].slice(-200)));
}

/** Forgets everything, also what the page holds in memory; at its very end, for until then events come. */
export function forget(): void {
  addEventListener('pagehide', () => sessionStorage.clear());
  history.replaceState(null, '', location.pathname);
  location.reload();
}
