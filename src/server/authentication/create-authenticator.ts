/** Creates the authenticator from the settings. Modules for sessions and the identity provider are loaded only when enabled. */
import { type Config, ConfigError } from '../../config/config.ts';
import type { HookCaller, TokenClaims } from '../../hooks.ts';
import type { Log } from '../../observability/log.ts';
import { readProviderCa } from '../../upstream/transport/http/tls.ts';
import { Authenticator } from './authenticator.ts';
import type { Tokens } from './oidc/tokens.ts';
import type { SessionCookies } from './session-cookies.ts';

type CredentialFor = HookCaller['credentialFor'];

/** @throws ConfigError for a file that cannot be used, and for an identity provider without a vault or a hook. */
export async function createAuthenticator(
  config: Config & { readonly upstreamUrl: string },
  credentialFor: CredentialFor,
  log: Log,
): Promise<Authenticator> {
  return new Authenticator(await createSessions(config), await createTokens(config, credentialFor, log));
}

async function createSessions({
  sessionKeys: keys,
  sessionTtlMs: ttlMs,
  upstreamUrl,
}: Config & { readonly upstreamUrl: string }): Promise<SessionCookies | undefined> {
  if (keys === undefined) return undefined;
  const { SessionCookies: Cookies } = await import('./session-cookies.ts');
  return new Cookies({ keys, upstreamUrl, ttlMs });
}

async function createTokens(config: Config, hook: CredentialFor, log: Log): Promise<Tokens | undefined> {
  const { oidcIssuer: issuer, oidcAudience: audience } = config;
  if (issuer === undefined || audience === undefined) return undefined;
  const [{ ProviderKeys }, { Tokens: TokenVerifier }] = await Promise.all([
    import('./oidc/provider-keys.ts'),
    import('./oidc/tokens.ts'),
  ]);
  const credentialFor = hook ?? (await openVault(config, log));
  const keys = new ProviderKeys({
    issuer,
    bounds: { timeoutMs: config.oidcTimeoutMs, maxBytes: config.oidcMaxBytes, ca: readProviderCa(config) },
    maxAgeMs: config.oidcKeysMaxAgeMs,
    outageMs: config.oidcKeysOutageMs,
    retryMs: config.oidcRetryMs,
    log,
  });
  // Not awaited: an outage of the provider must not prevent the start.
  void keys.warmUp();
  return new TokenVerifier({ keys, issuer, audience, credentialFor, cacheMs: config.oidcCredentialCacheMs, log });
}

async function openVault({ oidcVaultFile: path, oidcClaim: claim }: Config, log: Log) {
  if (path === undefined) {
    throw new ConfigError([
      'OIDC_VAULT_FILE: expected with OIDC_ISSUER, unless the program gives the hook credentialFor.',
    ]);
  }
  const { Vault } = await import('./oidc/vault.ts');
  const vault = new Vault(path, log);
  return async (claims: TokenClaims) => {
    const account = claims[claim];
    return typeof account === 'string' ? vault.find(account) : undefined;
  };
}
