import type { CancellableTask } from '../cancellation.ts';

/** Retries: budget, backoff and Retry-After. */

const firstDelayMs = 100;
/** Maximum milliseconds of backoff before a retry, without a `Retry-After`. */
const maxDelayMs = 1_000;
/** Retries earned by one call. Including the reserve, a full outage causes at most 120 requests for 100 calls. */
const earned = 0.1;
const reserve = 10;

/** Token bucket over all calls to the origin, so that retries cannot multiply the load of an upstream that is down. */
export class RetryBudget {
  #tokens = reserve;

  /** Every first attempt earns a tenth of a retry. */
  earn(): void {
    if (this.#tokens < reserve) this.#tokens = Math.min(reserve, this.#tokens + earned);
  }

  /** @returns False when the budget is used up. */
  spend(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Exponential backoff with full jitter, in milliseconds. @param attempt Number of the failed attempt, from 1. */
export function backoffMs(attempt: number): number {
  return Math.random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
}

/**
 * Milliseconds to wait according to a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3).
 * @returns Undefined when it is missing or invalid. At most one day.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), 86_400_000);
}

/** Waits `delayMs` milliseconds. @throws The reason of the cancellation when `call` is cancelled. */
export function pause(delayMs: number, call: CancellableTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      call.onCancel = undefined;
      resolve();
    }, delayMs);
    call.onCancel = (reason) => {
      call.onCancel = undefined;
      clearTimeout(timer);
      reject(reason);
    };
  });
}
