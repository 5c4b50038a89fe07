import { limits } from '../bounds.ts';

/** One handled request, without body and path. */
interface LoggedRequest {
  readonly operationId: string;
  /** User name of the account whose key was sent, such as `ada`, even with a wrong secret; null for an unknown key. */
  readonly caller: string | null;
  /** 0 when a fault suppressed the response. */
  readonly status: number;
}

/** Counts requests by operation and caller, each once its response is decided; tests use it to prove batching. */
export interface RequestLog {
  readonly list: readonly LoggedRequest[];
  /** Requests whose response is not decided yet. */
  readonly underWay: number;
  /** Absent arguments match all. */
  count(operationId?: string, caller?: string): number;
  /** Requests per operationId. */
  counts(caller?: string): Readonly<Record<string, number>>;
  /** Removes all requests; those in progress are not counted when they end. */
  reset(): void;
}

export interface RequestRecorder extends RequestLog {
  /** Called when a request arrives. @returns To be called once, when its response is decided. */
  begin(): (request: LoggedRequest) => void;
}

/** A record of the requests since its start, or since it was reset. */
export function createRequestLog(): RequestRecorder {
  let list: LoggedRequest[] = [];
  let underWay = 0;
  let resets = 0;
  const matching = (operationId?: string, caller?: string) =>
    list.filter(
      (request) =>
        (operationId === undefined || request.operationId === operationId) &&
        (caller === undefined || request.caller === caller),
    );
  return {
    get list() {
      return list;
    },
    get underWay() {
      return underWay;
    },
    count: (operationId, caller) => matching(operationId, caller).length,
    counts: (caller) => {
      const counts: Record<string, number> = {};
      for (const { operationId } of matching(undefined, caller)) counts[operationId] = (counts[operationId] ?? 0) + 1;
      return counts;
    },
    reset: () => {
      resets += 1;
      list = [];
    },
    begin: () => {
      underWay += 1;
      const begunAt = resets;
      return (request) => {
        underWay -= 1;
        if (begunAt !== resets) return;
        list.push(request);
        if (list.length > limits.loggedRequests) list = list.slice(limits.loggedRequests / 2);
      };
    },
  };
}
