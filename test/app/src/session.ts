/** What outlives a reload, and not the tab: who is signed in, and the ids of the messages in view. Never their texts. */
export interface Session {
  /** `Basic` with the key pair that signing in gave. */
  readonly authorization: string;
  /** Global id of the caller's own account. */
  readonly me: string;
  readonly name: string;
}

/** Messages read again after a reload, in one operation; about as many as its cost allows. */
const mostIds = 200;

function stored<Value>(key: string): Value | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Value); // only this file writes there
}

export const storedSession = () => stored<Session>('session');
/** Undefined forgets everything. */
export const storeSession = (session: Session | undefined) =>
  session === undefined ? sessionStorage.clear() : sessionStorage.setItem('session', JSON.stringify(session));

export const storedMessageIds = () => stored<readonly string[]>('messages') ?? [];
export function rememberMessage(id: string): void {
  const others = storedMessageIds().filter((known) => known !== id);
  sessionStorage.setItem('messages', JSON.stringify([...others, id].slice(-mostIds)));
}
