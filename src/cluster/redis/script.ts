/** A Lua script, sent by its hash, and in full where Redis does not have it. */
import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.ts';

/** A reply of a script: nothing in it is decoded, because content is binary. */
export type ScriptReply = Buffer | number | null | readonly ScriptReply[];

/** A script that is sent once and then run by its hash. */
export class Script {
  readonly #text: string;
  readonly #hash: string;

  constructor(text: string) {
    this.#text = text;
    this.#hash = createHash('sha1').update(text).digest('hex');
  }

  /**
   * @param onFull Redis does not have the script: it runs later than what was sent after this call.
   * @throws The error of Redis, or of the connection. The caller decides whether it may be repeated.
   */
  async run(
    client: RedisClient,
    keys: readonly string[],
    words: readonly (string | number | Buffer)[],
    onFull?: () => void,
  ): Promise<ScriptReply> {
    try {
      return (await client.callBuffer('evalsha', this.#hash, keys.length, ...keys, ...words)) as ScriptReply; // what a script can return
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      onFull?.();
      return (await client.callBuffer('eval', this.#text, keys.length, ...keys, ...words)) as ScriptReply; // as above
    }
  }
}

/** The items of a reply; none for a reply that is no list. */
export function itemsOf(reply: ScriptReply | undefined): readonly ScriptReply[] {
  return Array.isArray(reply) ? (reply as readonly ScriptReply[]) : [];
}

/** The text of an item; empty for a missing one. */
export function textOf(item: ScriptReply | undefined): string {
  return Buffer.isBuffer(item) ? item.toString() : typeof item === 'number' ? String(item) : '';
}
