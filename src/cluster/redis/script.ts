/** A Lua script, sent by its hash, or in full when Redis does not have it. */
import { createHash } from 'node:crypto';
import type { RedisClient } from './redis-client.ts';

/** A reply of a script: undecoded, because content is binary. */
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
   * @param onFull Called when Redis does not have the script: it then runs after commands that were sent later.
   * @throws The error of Redis or of the connection. The caller decides whether the script may be repeated.
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

/** The items of a reply; none if it is not a list. */
export function itemsOf(reply: ScriptReply | undefined): readonly ScriptReply[] {
  return Array.isArray(reply) ? (reply as readonly ScriptReply[]) : [];
}

/** The text of an item; empty for a missing one. */
export function textOf(item: ScriptReply | undefined): string {
  return Buffer.isBuffer(item) ? item.toString() : typeof item === 'number' ? String(item) : '';
}
