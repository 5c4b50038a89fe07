/**
 * Seals a key pair into the text of a cookie and opens it again: an encrypted JWT (RFC 7516 and 7519, `dir` with A256GCM) made by
 * jose. The gateway keeps no list of sessions, so any replica with the same keys opens it.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { ApiKey } from '../../domain/domain.ts';

export interface SessionSealOptions {
  /** 32 bytes each, in base64. The last one seals, all open. */
  readonly keys: readonly string[];
  /** Upstream of the pairs: cookies for another one are not opened. */
  readonly upstreamUrl: string;
  /** Maximum milliseconds from sealing to the end of the session. */
  readonly ttlMs: number;
}

export interface OpenedSession {
  /** `Basic` with the key pair. */
  readonly authorization: string;
  /** Of the page that started the session. */
  readonly origin: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const header = { alg: 'dir', enc: 'A256GCM', typ: 'tigerconnect-session+jwt' } as const;
/** Browsers drop a cookie above 4,096 bytes, name included. */
const maxLength = 3_900;
/** Difference of the clocks of replicas that is tolerated. */
const clockToleranceSeconds = 60;

interface SealKey {
  /** Hash of the key, in the header of sealed texts. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

export class SessionSeal {
  readonly #keys: ReadonlyMap<string, SealKey>;
  readonly #sealing: SealKey;
  readonly #issuer: string;
  readonly #ttlMs: number;

  constructor({ keys, upstreamUrl, ttlMs }: SessionSealOptions) {
    const derived = keys.map(sealKeyOf);
    const last = derived.at(-1);
    if (last === undefined) throw new TypeError('There is no key.');
    this.#keys = new Map(derived.map((key) => [key.id, key]));
    this.#sealing = last;
    this.#issuer = upstreamUrl;
    this.#ttlMs = ttlMs;
  }

  /** @returns The text of the cookie, or undefined when the pair is too long for one. */
  async seal(
    { key, secret }: Pick<ApiKey, 'key' | 'secret'>,
    origin: string,
  ): Promise<{ readonly text: string; readonly expiresAt: number } | undefined> {
    const now = Date.now();
    const expiresAt = now + this.#ttlMs;
    const text = await new EncryptJWT({ pair: `${key}:${secret}` })
      .setProtectedHeader({ ...header, kid: this.#sealing.id })
      .setIssuer(this.#issuer)
      .setAudience(origin)
      .setIssuedAt(now / 1_000)
      .setExpirationTime(expiresAt / 1_000)
      .encrypt(this.#sealing.bytes);
    return text.length > maxLength ? undefined : { text, expiresAt };
  }

  /** @returns Undefined for a text that none of the keys has sealed, or one that has expired. */
  async open(text: string): Promise<OpenedSession | undefined> {
    if (text.length > maxLength) return undefined;
    try {
      const { payload } = await jwtDecrypt(text, ({ kid }) => this.#keyOf(kid), {
        keyManagementAlgorithms: [header.alg],
        contentEncryptionAlgorithms: [header.enc],
        typ: header.typ,
        issuer: this.#issuer,
        // A shorter lifetime in the settings also applies to existing sessions.
        maxTokenAge: this.#ttlMs / 1_000,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['aud', 'exp', 'iat', 'pair'],
      });
      const { aud: origin, exp = 0, iat = 0, pair } = payload;
      const expiresAt = Math.min(exp * 1_000, iat * 1_000 + this.#ttlMs);
      if (typeof origin !== 'string' || typeof pair !== 'string' || expiresAt <= Date.now()) return undefined;
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}`, origin, expiresAt };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  #keyOf(id: string | undefined): Uint8Array {
    const key = this.#keys.get(id ?? '');
    if (key === undefined) throw new errors.JWEDecryptionFailed();
    return key.bytes;
  }
}

/** The sealing key is derived, so that it reveals nothing about a secret that also serves other purposes. */
function sealKeyOf(secret: string): SealKey {
  const bytes = new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'tigerconnect session', 32));
  return { id: createHash('sha256').update(bytes).digest('base64url').slice(0, 16), bytes };
}
