import type { GatewayError } from '../errors.ts';

/**
 * Items that come in their own time for one consumer. It takes them without waiting, and says afterwards, in the same order,
 * which of them have left the process: so it may be some items ahead of its client without any of them counting as delivered.
 */
export interface AckSource<Item> {
  /**
   * The next item; undefined when none waits now.
   * @throws the error that ended the feed, once, when everything before it was taken.
   */
  read(): Item | undefined;
  /** The oldest item that was taken and not handed over yet has been handed over. */
  ack(): void;
  /** The item that was taken last must not be shown any more: meanwhile its message has expired or was recalled. */
  readonly isLastExpired: boolean;
  /** Nothing comes any more. What was taken may still be handed over. */
  readonly isDone: boolean;
  /**
   * @param callback Called when `read`, having found nothing, may find something or `isDone` may have become true. There is
   * one: a second replaces the first. It must not throw.
   */
  onReadable(callback: () => void): void;
  /** Ends the feed with `error`, which `read` throws next: what waits is dropped, what was taken may still be handed over. */
  end(error: GatewayError): void;
  /** Ends the feed from this side: what waits, and what was taken and not handed over, is dropped. Idempotent. */
  cancel(): void;
}

/** Tells a feed from anything else a resolver may give. */
export function isAckSource(value: object): value is AckSource<unknown> {
  return 'read' in value && 'ack' in value && 'onReadable' in value && 'cancel' in value;
}

const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Ended by `return()`, which settles at once, also while `next()` is pending; or by the error that `next()` throws. */
export interface AckIterator<Item> extends AsyncIterableIterator<Item, undefined, undefined> {
  next(): Promise<IteratorResult<Item, undefined>>;
  return(): Promise<IteratorResult<Item, undefined>>;
  throw(): Promise<IteratorResult<Item, undefined>>;
}

interface Pull<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

/** A feed as an iterator, one item at a time: pulling the next item is the hand-over of the one before. */
export function iterate<Item>(source: AckSource<Item>): AckIterator<Item> {
  const pulls: Pull<Item>[] = [];
  let isUnacked = false;

  function ackCurrent(): void {
    if (!isUnacked) return;
    isUnacked = false;
    source.ack();
  }

  /** Answers pulls as far as there is something to answer them with. */
  function serve(): void {
    while (pulls.length > 0) {
      ackCurrent(); // somebody pulled again without waiting
      try {
        const item = source.read();
        if (item === undefined && !source.isDone) return;
        const pull = pulls.shift();
        if (item === undefined) pull?.resolve(ended);
        else {
          isUnacked = true;
          pull?.resolve({ done: false, value: item });
        }
      } catch (error) {
        pulls.shift()?.reject(error);
      }
    }
  }
  source.onReadable(serve);

  function cancel(): Promise<IteratorResult<Item, undefined>> {
    isUnacked = false;
    source.cancel();
    serve();
    return Promise.resolve(ended);
  }

  return {
    next() {
      ackCurrent();
      return new Promise((resolve, reject) => {
        pulls.push({ resolve, reject });
        serve();
      });
    },
    return: cancel,
    throw: cancel,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
