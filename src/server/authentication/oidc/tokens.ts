/** Bearer tokens of an identity provider (OpenID Connect), in place of the upstream's own credentials. */
import { errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { KeyPair } from '../../../domain/key-pair.ts';
import type { BrowserSession } from '../../../domain/session.ts';
import { GatewayError } from '../../../errors.ts';
import type { TokenClaims } from '../../../hooks.ts';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import { createCredential } from '../../../upstream/credential.ts';
import { keyedHash } from '../../../util/hash.ts';
import { anonymous, type Identity } from '../identity.ts';
import { type ProviderKeys, ProviderUnavailable, UnusableKey } from './provider-keys.ts';

export interface TokensOptions {
  readonly keys: Pick<ProviderKeys, 'keyFor' | 'isReachable'>;
  readonly issuer: string;
  readonly audience: string;
  /** The key pair for the account of a token; undefined when it has none. A rejection is an outage. */
  readonly credentialFor: (claims: TokenClaims) => Promise<KeyPair | undefined>;
  /** Maximum time for which the credential of a token is cached. */
  readonly cacheMs: number;
  readonly log: Log;
}

/** Signatures with published keys. Neither `none` nor a shared secret is among them. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Tolerance for issue times in the future, because clocks differ. The expiry is exact. */
const clockToleranceSeconds = 30;
/** Maximum characters of a token. */
const maxTokenLength = 16_384;
/** Maximum verified tokens in the cache; tokens that clients invent are not in it. */
const maxRemembered = 10_000;
/** Maximum tokens whose verification is shared by all requests that arrive with them before it ends. */
const maxShared = 1_000;

export class Tokens {
  readonly #options: TokensOptions;
  /** By keyed hash of the token. */
  readonly #known: LRUCache<string, Identity>;
  /** Verifications that have not ended, by the same key. */
  readonly #running = new Map<string, Promise<Identity>>();

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#known = new LRUCache({
      maxSize: maxRemembered,
      sizeCalculation: () => 1,
      ttl: Math.max(1, options.cacheMs),
    });
  }

  /** Whether the keys of the provider could be read at the last attempt. */
  get isProviderUp(): boolean {
    return this.#options.keys.isReachable;
  }

  /** The identity of a token. Never rejects: a failure is its `credentialError`. */
  async identityOf(token: string, session: BrowserSession | undefined): Promise<Identity> {
    const key = keyedHash(token);
    const identity = this.#known.get(key) ?? (await (this.#running.get(key) ?? this.#verify(token, key)));
    const { expiresAt = Number.POSITIVE_INFINITY } = identity;
    if (expiresAt <= Date.now()) return { ...rejected('UNAUTHENTICATED', expired), session };
    return { ...identity, session };
  }

  /** Failures are not cached: the provider or the vault may have changed. */
  async #verify(token: string, key: string): Promise<Identity> {
    if (this.#options.cacheMs === 0) return this.#find(token);
    const start = performance.now();
    const finding = this.#find(token);
    const isShared = this.#running.size < maxShared;
    if (isShared) this.#running.set(key, finding);
    try {
      const identity = await finding;
      if (identity.credential !== undefined) this.#known.set(key, identity, { start });
      return identity;
    } finally {
      if (isShared) this.#running.delete(key);
    }
  }

  async #find(token: string): Promise<Identity> {
    const { keys, issuer, audience, log } = this.#options;
    let claims: JWTPayload;
    try {
      if (token.length > maxTokenLength) return rejected('UNAUTHENTICATED', 'The token is too long.');
      const { keyFor } = keys;
      const requiredClaims = ['exp'];
      const options = { issuer, audience, algorithms, requiredClaims, clockTolerance: clockToleranceSeconds };
      ({ payload: claims } = await jwtVerify(token, keyFor, options));
    } catch (error) {
      if (error instanceof UnusableKey) return rejected('UPSTREAM_UNAVAILABLE', unusable);
      if (error instanceof ProviderUnavailable) return rejected('UPSTREAM_UNAVAILABLE', unavailable);
      if (!(error instanceof errors.JOSEError)) log.error('unexpected error', describeUnexpected(error));
      else log.debug('token rejected', { errorCode: error.code });
      return rejected('UNAUTHENTICATED', reasonOf(error));
    }
    return this.#map(claims);
  }

  async #map(claims: JWTPayload): Promise<Identity> {
    const { exp = 0 } = claims;
    let pair: KeyPair | undefined;
    try {
      pair = await this.#options.credentialFor(claims);
    } catch {
      return rejected('UPSTREAM_UNAVAILABLE', 'The credential of this account cannot be found at the moment.');
    }
    if (pair === undefined) return rejected('FORBIDDEN', 'This account has no credential at the gateway.');
    const encoded = Buffer.from(`${pair.key}:${pair.secret}`).toString('base64');
    return { ...anonymous, credential: createCredential(`Basic ${encoded}`), expiresAt: exp * 1_000 };
  }
}

const expired = 'The token has expired.';
const unusable = 'The token cannot be verified, because the identity provider publishes its key in a wrong form.';
const unavailable = 'The token cannot be verified, because the identity provider cannot be reached.';

function rejected(code: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'UPSTREAM_UNAVAILABLE', message: string): Identity {
  return { ...anonymous, credentialError: new GatewayError(code, { message }) };
}

/** The reason for the client; it quotes nothing of the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return expired;
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'The token is for another audience.';
    if (error.claim === 'iss') return 'The token is of another issuer.';
  }
  return 'The token was rejected.';
}
