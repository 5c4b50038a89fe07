/** Makes the authenticator from the settings. What only sessions need is loaded with them. */
import type { Config } from '../../config/config.ts';
import { Authenticator } from './authenticator.ts';
import type { SessionCookies } from './session-cookies.ts';

type AuthenticatorConfig = Config & { readonly upstreamUrl: string };

export async function createAuthenticator(config: AuthenticatorConfig): Promise<Authenticator> {
  return new Authenticator(await createSessions(config));
}

async function createSessions({
  sessionKeys: keys,
  sessionTtlMs: ttlMs,
  upstreamUrl,
}: AuthenticatorConfig): Promise<SessionCookies | undefined> {
  if (keys === undefined) return undefined;
  const { SessionCookies: Cookies } = await import('./session-cookies.ts');
  return new Cookies({ keys, upstreamUrl, ttlMs });
}
