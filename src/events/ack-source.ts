import type { GatewayError } from '../errors.ts';

/**
 * Items that come in their own time for one consumer. It takes them without waiting, and says afterwards, in the same order,
 * which of them have left the process: so it may be some items ahead of its client without any of them counting as delivered.
 */
export interface Feed<Item> {
  /**
   * The next item; undefined when none waits now.
   * @throws the error that ended the feed, once, when everything before it was taken.
   */
  take(): Item | undefined;
  /** The oldest item that was taken and not handed over yet has been handed over. */
  handed(): void;
  /** The item that was taken last must not be shown any more: meanwhile its message has expired or was recalled. */
  readonly isStale: boolean;
  /** Nothing comes any more. What was taken may still be handed over. */
  readonly isOver: boolean;
  /**
   * @param callback Called when `take`, having found nothing, may find something or `isOver` may have become true. There is
   * one: a second replaces the first. It must not throw.
   */
  onReady(callback: () => void): void;
  /** Ends the feed with `error`, which `take` throws next: what waits is dropped, what was taken may still be handed over. */
  end(error: GatewayError): void;
  /** Ends the feed from this side: what waits, and what was taken and not handed over, is dropped. Idempotent. */
  leave(): void;
}

/** Tells a feed from anything else a resolver may give. */
export function isFeed(value: object): value is Feed<unknown> {
  return 'take' in value && 'handed' in value && 'onReady' in value && 'leave' in value;
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Ended by `return()`, which settles at once, also while `next()` is pending; or by the error that `next()` throws. */
export interface FeedIterator<Item> extends AsyncIterableIterator<Item, undefined, undefined> {
  next(): Promise<IteratorResult<Item, undefined>>;
  return(): Promise<IteratorResult<Item, undefined>>;
  throw(): Promise<IteratorResult<Item, undefined>>;
}

interface Pull<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

/** A feed as an iterator, one item at a time: pulling the next item is the hand-over of the one before. */
export function iterate<Item>(feed: Feed<Item>): FeedIterator<Item> {
  const pulls: Pull<Item>[] = [];
  let isGiven = false;

  function hand(): void {
    if (!isGiven) return;
    isGiven = false;
    feed.handed();
  }

  /** Answers pulls as far as there is something to answer them with. */
  function serve(): void {
    while (pulls.length > 0) {
      hand(); // somebody pulled again without waiting
      try {
        const item = feed.take();
        if (item === undefined && !feed.isOver) return;
        const pull = pulls.shift();
        if (item === undefined) pull?.resolve(over);
        else {
          isGiven = true;
          pull?.resolve({ done: false, value: item });
        }
      } catch (error) {
        pulls.shift()?.reject(error);
      }
    }
  }
  feed.onReady(serve);

  function leave(): Promise<IteratorResult<Item, undefined>> {
    isGiven = false;
    feed.leave();
    serve();
    return Promise.resolve(over);
  }

  return {
    next() {
      hand();
      return new Promise((resolve, reject) => {
        pulls.push({ resolve, reject });
        serve();
      });
    },
    return: leave,
    throw: leave,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
