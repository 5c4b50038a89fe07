/**
 * The published keys of an identity provider. jose's remote key set is not used: it drops its keys when they are due and cannot be
 * read again, so an outage of the provider would end valid sessions.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import { isRecord } from '../../../util/is-record.ts';
import { type DocumentBounds, readDocument } from './provider-document.ts';

export interface ProviderKeysOptions {
  /** Exactly as the provider writes it in its tokens. */
  readonly issuer: string;
  readonly bounds: DocumentBounds;
  /** Age at which keys are read again, while the old ones are in use. */
  readonly maxAgeMs: number;
  /** Age until which keys are used when they cannot be read again. */
  readonly outageMs: number;
  /** Minimum time between two readings. */
  readonly retryMs: number;
  readonly log: Log;
}

/** The keys cannot be read, and none that may be used are known. */
export class ProviderUnavailable extends Error {
  override readonly name: string = 'ProviderUnavailable';
}

/** The provider publishes the key of a token in an invalid form. */
export class UnusableKey extends ProviderUnavailable {
  override readonly name = 'UnusableKey';
}

/** The document of the provider names another issuer than OIDC_ISSUER, such as one with a slash at the end. */
class OtherIssuer extends Error {
  override readonly name = 'OtherIssuer';
}

/** The signing keys of one provider, read again when a token names an unknown one. */
export class ProviderKeys {
  readonly #options: ProviderKeysOptions;
  #find: ReturnType<typeof createLocalJWKSet> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #isReachable = true;

  constructor(options: ProviderKeysOptions) {
    this.#options = options;
  }

  /** Reads the keys, so that the first token does not wait for them. Failures are logged, and tried again with the next token. */
  async warmUp(): Promise<void> {
    await this.#read().catch(() => undefined);
  }

  /**
   * The key that verifies a token.
   * @throws ProviderUnavailable, or an error of jose when the provider publishes no such key.
   */
  readonly keyFor: JWTVerifyGetKey = async (header, token) => {
    const { maxAgeMs, outageMs } = this.#options;
    if (this.#ageMs >= outageMs) await this.#read();
    else if (this.#ageMs >= maxAgeMs) this.#read().catch(() => undefined);
    try {
      return await this.#known(header, token);
    } catch (error) {
      // A new or corrected key of the provider looks the same. Reading is pointless if the last one succeeded a moment ago.
      if (!(error instanceof errors.JWKSNoMatchingKey || error instanceof UnusableKey)) throw error;
      if (!this.#mayRead) throw this.#isReachable ? error : new ProviderUnavailable();
      await this.#read();
      return this.#known(header, token);
    }
  };

  /** Whether the last reading succeeded; true before the first one. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  get #ageMs(): number {
    return performance.now() - this.#readAt;
  }

  get #mayRead(): boolean {
    return this.#reading !== undefined || performance.now() - this.#triedAt >= this.#options.retryMs;
  }

  async #known(...parameters: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (this.#find === undefined || this.#ageMs >= this.#options.outageMs) throw new ProviderUnavailable();
    try {
      return await this.#find(...parameters);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw error;
      // jose imports a key on first use; an error of the engine about its form is not an error of jose.
      const unusable = new UnusableKey('The key cannot be imported.', { cause: error });
      this.#options.log.warn('identity provider key unusable', { errorName: unusable.name });
      throw unusable;
    }
  }

  /** @throws ProviderUnavailable */
  #read(): Promise<void> {
    if (!this.#mayRead) return Promise.reject(new ProviderUnavailable());
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<void> {
    const { issuer, bounds, log } = this.#options;
    this.#triedAt = performance.now();
    try {
      const about = await readDocument(
        new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
        bounds,
      );
      const keys = await readDocument(keysUrlIn(about, issuer), bounds);
      this.#find = createLocalJWKSet(keys as JSONWebKeySet); // it checks the form itself
      this.#readAt = performance.now();
      if (!this.#isReachable) log.info('identity provider reachable');
      this.#isReachable = true;
    } catch (error) {
      const setting = error instanceof OtherIssuer ? { setting: 'OIDC_ISSUER' } : {};
      if (this.#isReachable) log.warn('identity provider unreachable', { ...describeUnexpected(error), ...setting });
      this.#isReachable = false;
      throw new ProviderUnavailable('The keys cannot be read.', { cause: error });
    }
  }
}

/** OpenID Connect Discovery 1.0 §4.3: the document must name the same issuer. */
function keysUrlIn(about: unknown, issuer: string): URL {
  if (!isRecord(about) || typeof about.jwks_uri !== 'string')
    throw new Error('The document of the identity provider has no address of its keys.');
  if (about.issuer !== issuer) throw new OtherIssuer('The document of the identity provider names another issuer.');
  const url = new URL(about.jwks_uri);
  // The address must be as secure as the issuer's, which the settings check.
  if (url.protocol !== 'https:' && url.protocol !== new URL(issuer).protocol)
    throw new Error('The keys of the identity provider are not served over https.');
  return url;
}
