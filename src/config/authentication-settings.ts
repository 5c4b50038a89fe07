/** Settings of authentication methods in addition to the upstream's own credentials: browser sessions and an identity provider. */
import * as z from 'zod';
import { integer, secretKeys } from './parsers.ts';
import { optional, type Setting, setting } from './setting.ts';

export const authenticationSettings = {
  sessionKeys: optional(
    secretKeys,
    'keys of 32 bytes as base64, separated by commas, such as `openssl rand -base64 32` prints',
    'Secret keys of the session cookies that `signIn` sets with `session: true`; the same on all replicas. The last one seals, all open: to rotate, add a new key in front, then move it to the end, then drop the old one after SESSION_TTL_MS. Unset: no sessions.',
  ),
  sessionTtlMs: setting(
    integer(1_000, 604_800_000),
    '28800000',
    'milliseconds, 1000 to 604800000',
    'Maximum time from signing in to the end of a session; its subscriptions end with it.',
  ),
  oidcIssuer: optional(
    () => z.url({ protocol: /^https?$/ }).regex(/^[^?#@]+$/),
    'an address such as https://login.example.org/realms/hospital, as the provider writes it in its tokens',
    'Identity provider (OpenID Connect) whose bearer tokens are accepted; other bearer tokens are then rejected. Needs OIDC_AUDIENCE, and OIDC_VAULT_FILE or the hook `credentialFor`. Unset: bearer tokens are the upstream’s own.',
  ),
  oidcAudience: optional(
    () => z.string().min(1),
    'the audience that tokens for the gateway have',
    'Audience (`aud`) that a token must contain: the name of the gateway at the provider.',
  ),
  oidcVaultFile: optional(
    () => z.string().min(1),
    'the path of a JSON file {"account": {"key": "…", "secret": "…"}}',
    'Key pairs of the upstream by account of the provider, at most 16 MiB; read again when it changes.',
  ),
  oidcClaim: setting(
    () => z.string().min(1),
    'sub',
    'the name of a claim',
    'Claim of the token that is looked up in OIDC_VAULT_FILE.',
  ),
  oidcCredentialCacheMs: setting(
    integer(0, 600_000),
    '60000',
    'milliseconds, 0 to 600000',
    'Time for which the key pair of a verified token is cached, for at most 10,000 tokens and never beyond their expiry; a revocation at the provider or in the vault applies after it. 0: not cached.',
  ),
  oidcKeysMaxAgeMs: setting(
    integer(1, 86_400_000),
    '600000',
    'milliseconds, 1 to 86400000',
    'Age at which the published keys of the provider are read again, with the next token; the old ones are used until then.',
  ),
  oidcKeysOutageMs: setting(
    integer(1, 604_800_000),
    '86400000',
    'milliseconds, 1 to 604800000',
    'Maximum age of the published keys while the provider cannot be reached; then tokens fail with UPSTREAM_UNAVAILABLE.',
  ),
  oidcRetryMs: setting(
    integer(1, 600_000),
    '5000',
    'milliseconds, 1 to 600000',
    'Minimum time between two attempts to read the keys of the provider, after a failure and for tokens with an unknown key.',
  ),
  oidcTimeoutMs: setting(
    integer(1, 60_000),
    '5000',
    'milliseconds, 1 to 60000',
    'Maximum time to read a document of the provider.',
  ),
  oidcMaxBytes: setting(
    integer(1_024, 16_777_216),
    '262144',
    'bytes, 1024 to 16777216',
    'Maximum size of a document of the provider.',
  ),
  oidcCaFile: optional(
    () => z.string(),
    'the path of a PEM file',
    'Certificate authorities trusted for the provider instead of the public ones.',
  ),
} as const satisfies Record<string, Setting<unknown>>;
