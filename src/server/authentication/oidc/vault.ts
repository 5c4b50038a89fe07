/** The vault file: upstream key pairs by account of the identity provider. The file is read again when it has changed. */
import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '../../../config/config.ts';
import { isKeyPair, type KeyPair } from '../../../domain/key-pair.ts';
import { describeUnexpected, type Log } from '../../../observability/log.ts';
import { isSystemError, unreadableFile } from '../../../util/file-problem.ts';
import { isRecord } from '../../../util/is-record.ts';

/** Minimum time between two checks of whether the file has changed. */
const checkMs = 1_000;
/** Enough for some hundred thousand accounts; the file is read in one piece. */
const maxBytes = 16_777_216;

export class Vault {
  readonly #path: string;
  readonly #log: Log;
  #pairs: ReadonlyMap<string, KeyPair>;
  #version: string;
  #checkedAt = performance.now();

  /** @throws ConfigError when the file cannot be read or has another form. */
  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    try {
      this.#version = versionOf(path);
      this.#pairs = read(path);
    } catch (error) {
      const form = 'OIDC_VAULT_FILE: expected the path of a JSON file {"account": {"key": "…", "secret": "…"}}.';
      throw new ConfigError([isSystemError(error) ? unreadableFile('OIDC_VAULT_FILE', error) : form]);
    }
  }

  find(account: string): KeyPair | undefined {
    if (performance.now() - this.#checkedAt >= checkMs) this.#readIfChanged();
    return this.#pairs.get(account);
  }

  /** An unreadable file, such as one that is being written, leaves the pairs unchanged. */
  #readIfChanged(): void {
    this.#checkedAt = performance.now();
    try {
      const version = versionOf(this.#path);
      if (version === this.#version) return;
      // Set for an unreadable file too, so that the reason is logged once.
      this.#version = version;
      this.#pairs = read(this.#path);
      this.#log.info('vault file read again', { count: this.#pairs.size });
    } catch (error) {
      this.#log.error('vault file cannot be read', describeUnexpected(error));
    }
  }
}

function versionOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  if (size > maxBytes) throw new RangeError('The file is too large.');
  return `${mtimeMs} ${size} ${ino}`;
}

/** @throws Error whose message may quote the file: only its class is logged. */
function read(path: string): ReadonlyMap<string, KeyPair> {
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(content)) throw new TypeError('The file is not an object of accounts.');
  return new Map(
    Object.entries(content).map(([account, pair]) => {
      if (!isKeyPair(pair) || Object.keys(pair).length > 2) throw new TypeError('An account has no key pair.');
      return [account, pair];
    }),
  );
}
