/** Reads one Redis Stream as it grows, on a separate connection. */
import { blockMs, type RedisConnection } from './connection.ts';
import type { RedisClient } from './redis-client.ts';

/** Maximum entries in one reply. */
const maxEntries = 1_000;
/** Time after a failed read before the next attempt, when the connection is still there. */
const retryMs = 250;

export interface StreamEntry {
  /** `milliseconds-number`. */
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface StreamReaderOptions {
  readonly connection: RedisConnection;
  readonly key: string;
  /**
   * Called before the first read of a connection, and again after each lost one.
   * @param client Only for commands that do not block.
   * @returns The id after which reading continues.
   */
  begin(client: RedisClient): Promise<string>;
  /** @param isFull Whether there may be more entries than one reply holds. */
  onEntries(entries: readonly StreamEntry[], isFull: boolean): void;
  /** Maximum time that a read waits for entries, in milliseconds. Default: a second. */
  readonly blockMs?: number;
}

/**
 * A read ends after a second, and counts as dead without a reply for three: then the client reconnects, and nothing is sent twice.
 * A read that lacks an entry written through another connection is on a former master: it reconnects as well.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #client: RedisClient;
  #position = '0-0';
  /** The newest entry known to exist. */
  #expected = '0-0';
  #isClosed = false;
  #provenAt = Number.NEGATIVE_INFINITY;
  /** Ends a pause. */
  #wake: (() => void) | undefined;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.#client = options.connection.createReader();
    // The delay of the next attempt could be up to a second longer.
    options.connection.onUp(() => {
      if (this.#client.status === 'reconnecting' && !this.#isClosed) this.#client.connect().catch(() => undefined); // it tries again
    });
  }

  /** All entries that Redis had at this time have been read, on the clock of `performance`. */
  get provenAt(): number {
    return this.#provenAt;
  }

  /** Reads until `close`. */
  start(): void {
    this.#client.connect().catch(() => undefined); // the client tries again
    void this.#run();
  }

  /** Reports an entry that was just written. @param id Its id. */
  expect(id: string): void {
    if (isLater(id, this.#expected)) this.#expected = id;
  }

  close(): void {
    this.#isClosed = true;
    this.#client.disconnect();
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#ready();
        this.#position = await this.#options.begin(this.#client);
        // Without blocking, so that it is known early that nothing was missed.
        await this.#read(0);
        while (!this.#isClosed) await this.#read(this.#options.blockMs ?? blockMs);
      } catch {
        if (this.#isClosed) return;
        // The connection counts the error. A command that timed out may still be answered on it, so the client reconnects.
        if (this.#client.status === 'ready') this.#client.disconnect(true);
        await this.#pause();
      }
    }
  }

  /** @param waitMs Maximum time to wait for entries; 0: none. */
  async #read(waitMs: number): Promise<void> {
    const expected = this.#expected;
    const { key } = this.#options;
    const sentAt = performance.now();
    const reply =
      waitMs === 0
        ? await this.#client.xread('COUNT', maxEntries, 'STREAMS', key, this.#position)
        : await this.#client.xread('COUNT', maxEntries, 'BLOCK', waitMs, 'STREAMS', key, this.#position);
    const entries = (reply?.[0]?.[1] ?? []).map(toEntry);
    const last = entries.at(-1);
    if (last !== undefined) {
      this.#position = last.id;
      this.#options.onEntries(entries, entries.length === maxEntries);
    } else if (isLater(expected, this.#position)) {
      throw new Error('The read lacks an entry that was written before it.');
    }
    if (entries.length < maxEntries) this.#provenAt = sentAt;
  }

  /** Waits for the connection. */
  async #ready(): Promise<void> {
    while (this.#client.status !== 'ready' && !this.#isClosed) await this.#pause('ready');
  }

  /** @param event Event of the client that ends the pause early. */
  async #pause(event?: 'ready'): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, retryMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (event !== undefined) this.#client.once(event, this.#wake);
    });
    if (this.#wake !== undefined) this.#client.off('ready', this.#wake);
    this.#wake = undefined;
  }
}

function toEntry([id, words]: readonly [string, readonly string[]]): StreamEntry {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < words.length; index += 2) fields[words[index] ?? ''] = words[index + 1] ?? '';
  return { id, fields };
}

/** Compares ids of entries. */
function isLater(id: string, other: string): boolean {
  const [time = 0, number = 0] = id.split('-').map(Number);
  const [otherTime = 0, otherNumber = 0] = other.split('-').map(Number);
  return time === otherTime ? number > otherNumber : time > otherTime;
}
