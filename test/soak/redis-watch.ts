/**
 * When a Redis that fails over took writes, and when it lost what it had: as a client sees it that asks, over and over, for the
 * master of the moment. The faults alone do not say it: a master that sleeps for longer than its Sentinel waits is replaced after
 * its sleep or before, and what its replica had not copied is lost.
 */
import type { RedisServer } from '../support/redis.ts';

/** A part of the data that has one master at a time. */
export interface WatchedPart {
  /** A key of this part. */
  readonly key: string;
  /** The servers that may be its master now; those that are not reject writes. */
  masters(): Promise<readonly Pick<RedisServer, 'command'>[]>;
}

/** In milliseconds since the epoch. */
export interface RedisWatch {
  /** Times at which some part took no writes; the last one may be infinite. */
  readonly away: readonly { readonly from: number; readonly to: number }[];
  /** When a write was seen to be gone. */
  readonly lostData: readonly number[];
}

const everyMs = 100;
/** Time for an answer. */
const answerMs = 250;
/** Time without a write after which a part was away. */
const awayMs = 600;

class PartWatch {
  readonly #part: WatchedPart;
  #writes = 0;
  /** When the last write was sent that was taken. */
  #takenAt = Date.now();
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
    if (sentAt - this.#takenAt >= awayMs) this.away.push({ from: this.#takenAt, to: sentAt });
    this.#takenAt = sentAt;
  }

  /** The time without a write that is not over. */
  get openAway() {
    const isAway = Date.now() - this.#takenAt >= awayMs;
    return isAway ? [{ from: this.#takenAt, to: Number.POSITIVE_INFINITY }] : [];
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

/** -1 for a reply that is no number. */
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
