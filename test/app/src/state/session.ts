/** What outlives a reload, and not the tab: the signed-in person. Nothing of messages and conversations is stored. */

import { createHttpClient, execute, StoreError } from 'tigerconnect-graphql/store';
import { MeDocument, SignInDocument, type SignInInput, StartSessionDocument } from 'tigerconnect-graphql-documents';

export interface Session {
  /** `Basic` with the key pair that signing in gave; empty when it is in the cookie of a session. */
  readonly authorization: string;
  /** Global id of the caller's own account. */
  readonly me: string;
  readonly name: string;
  /** Names of the caller's organizations, by key. */
  readonly organizations: Readonly<Record<string, string>>;
}

// Only this file writes there.
export const storedSession = (): Session | null => JSON.parse(sessionStorage.getItem('session') ?? 'null');
export const storeSession = (session: Session) => sessionStorage.setItem('session', JSON.stringify(session));

/** @throws StoreError */
export async function signIn(input: SignInInput): Promise<Session> {
  let authorization = '';
  const client = createHttpClient({ url: '/graphql', headers: () => ({ authorization }) });
  // A session keeps the key pair out of the page, where the service offers one.
  const answer = await execute(client, StartSessionDocument, { input: { ...input, session: true } }).catch((error) => {
    if (!(error instanceof StoreError) || error.field !== 'input.session') throw error;
    return execute(client, SignInDocument, { input });
  });
  const { signIn: signedIn } = answer;
  if (signedIn === null) throw new StoreError('INTERNAL');
  if ('key' in signedIn) authorization = `Basic ${btoa(`${signedIn.key}:${signedIn.secret}`)}`;
  const { me } = await execute(client, MeDocument, {});
  const organizations = me?.organizations?.flatMap((one) => (one === null ? [] : [[one.key, one.name ?? one.key]]));
  const name = signedIn.user.displayName ?? input.userId;
  return { authorization, me: signedIn.user.id, name, organizations: Object.fromEntries(organizations ?? []) };
}

/** Forgets everything, also what the page holds in memory; at its very end, for until then events come. */
export function forget(): void {
  addEventListener('pagehide', () => sessionStorage.clear());
  history.replaceState(null, '', location.pathname);
  location.reload();
}
