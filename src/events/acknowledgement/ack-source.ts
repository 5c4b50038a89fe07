import type { GatewayError } from '../../errors.ts';

/**
 * A source of items with delayed acknowledgement, for one consumer. `read()` never waits, and `ack()` confirms the items in the
 * order in which they were read. The consumer can therefore read ahead of its client, and an item counts as delivered only
 * after its bytes have left the process.
 */
export interface AckSource<Item> {
  /**
   * The next item; undefined when the queue is empty.
   * @throws the error that ended the source, once, after the last item before it was read.
   */
  read(): Item | undefined;
  /** Confirms delivery of the oldest item that was read and not yet confirmed. */
  ack(): void;
  /** The message of the last item read has expired or was recalled since: the item must not be sent. */
  readonly isLastExpired: boolean;
  /** The source has ended and its queue is empty. Items already read can still be confirmed. */
  readonly isDone: boolean;
  /**
   * @param callback Called when, after an empty `read`, an item may be available or `isDone` may have become true. A second
   * callback replaces the first. It must not throw.
   */
  onReadable(callback: () => void): void;
  /** Ends the source with `error`, which the next `read` throws. Queued items are dropped; items already read can be confirmed. */
  end(error: GatewayError): void;
  /** Ends the source from the consumer's side. Queued items and unconfirmed items are dropped. Idempotent. */
  cancel(): void;
}

/** Distinguishes an AckSource from any other object that a resolver returns. */
export function isAckSource(value: object): value is AckSource<unknown> {
  return 'read' in value && 'ack' in value && 'onReadable' in value && 'cancel' in value;
}

const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Ends by `return()`, which settles at once even while `next()` is pending, or by the error that `next()` throws. */
export interface AckIterator<Item> extends AsyncIterableIterator<Item, undefined, undefined> {
  next(): Promise<IteratorResult<Item, undefined>>;
  return(): Promise<IteratorResult<Item, undefined>>;
  throw(): Promise<IteratorResult<Item, undefined>>;
}

interface Pull<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

/** An AckSource as an async iterator: requesting the next item confirms the one before. */
export function iterate<Item>(source: AckSource<Item>): AckIterator<Item> {
  const pulls: Pull<Item>[] = [];
  let isUnacked = false;

  function ackCurrent(): void {
    if (!isUnacked) return;
    isUnacked = false;
    source.ack();
  }

  /** Settles pending pulls while items are available. */
  function settlePulls(): void {
    while (pulls.length > 0) {
      ackCurrent(); // `next()` was called again before the previous pull settled
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
  source.onReadable(settlePulls);

  function cancel(): Promise<IteratorResult<Item, undefined>> {
    isUnacked = false;
    source.cancel();
    settlePulls();
    return Promise.resolve(ended);
  }

  return {
    next() {
      ackCurrent();
      return new Promise((resolve, reject) => {
        pulls.push({ resolve, reject });
        settlePulls();
      });
    },
    return: cancel,
    throw: cancel,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
