import type { CancellableTask } from '../cancellation.ts';

/** When and how often a call is sent again. */

const firstDelayMs = 100;
const maxDelayMs = 1_000;
/** Retries earned by one call: together with the reserve, a full outage costs at most 1.2 requests for each of 100 calls. */
const earned = 0.1;
const reserve = 10;

/** Token bucket over all calls to the origin, so that retries cannot multiply the load of an upstream that is down. */
export class RetryBudget {
  #tokens = reserve;

  /** Every first attempt earns a part of a retry. */
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

/** Full jitter: anywhere between nothing and the doubled delay. @param attempt The one that failed, from 1. */
export function backoffMs(attempt: number): number {
  return Math.random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
}

/**
 * Milliseconds to wait according to a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3).
 * @returns Undefined when there is none or it makes no sense. Never more than a day.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, waitMs), 86_400_000);
}

/** @throws The call's reason when it is cancelled meanwhile. */
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
