/**
 * Times at which a Redis with failover accepted no writes, and at which it lost data, as seen by a client that looks up the current
 * master before each write. They do not follow from the injected faults alone: a master that sleeps for longer than its Sentinel
 * waits is replaced during its sleep or after it, and writes that its replica had not copied are lost.
 */
import type { RedisServer } from '../support/redis.ts';

/** A part of the data that has one master at a time. */
export interface WatchedPart {
  /** A key of this part. */
  readonly key: string;
  /** The servers that may be its master now; the others reject writes. */
  masters(): Promise<readonly Pick<RedisServer, 'command'>[]>;
}

/** In milliseconds since the epoch. */
export interface RedisWatch {
  /** Periods in which some part accepted no writes; the end of the last one may be infinite. */
  readonly away: readonly { readonly from: number; readonly to: number }[];
  /** Times at which an earlier write was found missing. */
  readonly lostData: readonly number[];
}

const everyMs = 100;
/** Maximum milliseconds for a reply. */
const answerMs = 250;
/** Milliseconds without an accepted write after which a part counts as away. */
const awayMs = 600;

class PartWatch {
  readonly #part: WatchedPart;
  #writes = 0;
  /** Time at which the last accepted write was sent. */
  #acceptedAt = Date.now();
  readonly away: { readonly from: number; readonly to: number }[] = [];
  readonly lostData: number[] = [];

  constructor(part: WatchedPart) {
    this.#part = part;
  }

  async write(): Promise<void> {
    const sentAt = Date.now();
    const masters = await inTime(this.#part.masters(), []);
    const replies = masters.map((master) => inTime(master.command('INCR', this.#part.key), ''));
    const count = Math.max(...(await Promise.all(replies)).map(countOf));
    if (count < 0) return;
    if (count <= this.#writes) this.lostData.push(sentAt);
    this.#writes = count;
    if (sentAt - this.#acceptedAt >= awayMs) this.away.push({ from: this.#acceptedAt, to: sentAt });
    this.#acceptedAt = sentAt;
  }

  /** The period without accepted writes that has not ended. */
  get openAway() {
    const isAway = Date.now() - this.#acceptedAt >= awayMs;
    return isAway ? [{ from: this.#acceptedAt, to: Number.POSITIVE_INFINITY }] : [];
  }
}

/** @returns `otherwise` when it fails or takes too long. */
function inTime<Reply>(answer: Promise<Reply>, otherwise: Reply): Promise<Reply> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), answerMs);
    answer
      .catch(() => otherwise)
      .then((reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
  });
}

/** -1 for a reply that is not a number. */
function countOf(reply: string): number {
  return Number(/^:(\d+)/.exec(reply)?.[1] ?? -1);
}

export function watchRedis(parts: readonly WatchedPart[]): RedisWatch & Disposable {
  const watches = parts.map((part) => new PartWatch(part));
  let isOver = false;
  const watch = async (part: PartWatch) => {
    while (!isOver) {
      await part.write();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  for (const part of watches) void watch(part);
  return {
    get away() {
      return watches.flatMap((part) => [...part.away, ...part.openAway]);
    },
    get lostData() {
      return watches.flatMap(({ lostData }) => lostData);
    },
    [Symbol.dispose]() {
      isOver = true;
    },
  };
}
