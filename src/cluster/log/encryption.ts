/**
 * Encryption of events in Redis. The key is derived from an operator's key, the caller's own credential and the lease term: a copy
 * of Redis together with the operator's keys reveals nothing without the credential. The identity of an entry is authenticated with
 * its content, so that a moved content is rejected.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto';
import type { Credential } from '../../upstream/credential.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** First byte of an encrypted content. */
const format = 1;
/** Maximum derived keys in the cache: a log has entries of few lease terms. */
const maxDerived = 32;

/** The identity of a log entry. */
export interface EntryIdentity {
  /** Id in the log, which begins with the token of the lease term. */
  readonly logId: string;
  readonly eventId: string;
  readonly kind: string;
  readonly receivedAt: number;
}

/** Random bytes for nonces, made together: 12 bytes at a time cost 10 µs, twice as much as the encryption. */
const noncePool = Buffer.alloc(512 * nonceBytes);
let nonceAt = noncePool.length;

function nextNonce(): Buffer {
  if (nonceAt === noncePool.length) {
    randomFillSync(noncePool);
    nonceAt = 0;
  }
  nonceAt += nonceBytes;
  // A copy, because the pool is filled again.
  return Buffer.from(noncePool.subarray(nonceAt - nonceBytes, nonceAt));
}

export class Encryption {
  readonly #operatorKeys: readonly Buffer[];
  readonly #credential: Pick<Credential, 'authorization' | 'deviceId'>;
  readonly #name: string;
  readonly #derived = new Map<string, Buffer>();

  /** @param operatorKeys `REDIS_KEYS`: the first encrypts, all decrypt. @param name Keyed hash of the credential. */
  constructor(
    operatorKeys: readonly Buffer[],
    credential: Pick<Credential, 'authorization' | 'deviceId'>,
    name: string,
  ) {
    this.#operatorKeys = operatorKeys;
    this.#credential = credential;
    this.#name = name;
  }

  encrypt(identity: EntryIdentity, text: string): Buffer {
    const nonce = nextNonce();
    const cipher = createCipheriv(algorithm, this.#key(0, identity.logId), nonce);
    cipher.setAAD(this.#authenticated(identity));
    const encrypted = cipher.update(text, 'utf8');
    cipher.final();
    return Buffer.concat([Buffer.of(format), nonce, cipher.getAuthTag(), encrypted]);
  }

  /** @returns Undefined for content that no key opens, or that belongs to another entry. */
  decrypt(identity: EntryIdentity, data: Buffer): string | undefined {
    if (data[0] !== format || data.length < 1 + nonceBytes + tagBytes) return undefined;
    const nonce = data.subarray(1, 1 + nonceBytes);
    const tag = data.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes);
    for (let index = 0; index < this.#operatorKeys.length; index += 1) {
      const decipher = createDecipheriv(algorithm, this.#key(index, identity.logId), nonce);
      decipher.setAAD(this.#authenticated(identity)).setAuthTag(tag);
      const text = decipher.update(data.subarray(1 + nonceBytes + tagBytes));
      try {
        decipher.final();
        return text.toString();
      } catch {
        // Encrypted with another key, or of another entry.
      }
    }
    return undefined;
  }

  #key(index: number, logId: string): Buffer {
    const token = logId.slice(0, logId.indexOf('-'));
    const id = `${index} ${token}`;
    let key = this.#derived.get(id);
    if (key === undefined) {
      const { authorization, deviceId = '' } = this.#credential;
      const secret = Buffer.concat([
        this.#operatorKeys[index] ?? Buffer.alloc(0),
        Buffer.from(`${deviceId}\n${authorization}`),
      ]);
      key = Buffer.from(hkdfSync('sha256', secret, token, `tigerconnect-graphql content ${this.#name}`, 32));
      const [oldest] = this.#derived.keys();
      if (oldest !== undefined && this.#derived.size >= maxDerived) this.#derived.delete(oldest);
      this.#derived.set(id, key);
    }
    return key;
  }

  #authenticated({ logId, eventId, kind, receivedAt }: EntryIdentity): Buffer {
    return Buffer.from([this.#name, logId, eventId, kind, receivedAt].join('\n'));
  }
}
