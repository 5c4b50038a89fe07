import { limits } from './bounds.ts';

/** One handled request. Holds neither bodies nor paths. */
interface LoggedRequest {
  readonly operationId: string;
  /** User name of the account whose key was shown, such as `ada`, right secret or not; null when the key is unknown. */
  readonly caller: string | null;
  /** 0 when a fault left it without an answer. */
  readonly status: number;
}

/** Which requests of an operation and a caller came; what tests count to prove batching. */
export interface RequestLog {
  readonly list: readonly LoggedRequest[];
  /** Left out arguments match everything. */
  count(operationId?: string, caller?: string): number;
  /** Requests per operationId. */
  counts(caller?: string): Readonly<Record<string, number>>;
  reset(): void;
}

export interface RequestRecorder extends RequestLog {
  record(request: LoggedRequest): void;
}

export function createRequestLog(): RequestRecorder {
  let list: LoggedRequest[] = [];
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
    count: (operationId, caller) => matching(operationId, caller).length,
    counts: (caller) => {
      const counts: Record<string, number> = {};
      for (const { operationId } of matching(undefined, caller)) counts[operationId] = (counts[operationId] ?? 0) + 1;
      return counts;
    },
    reset: () => {
      list = [];
    },
    record: (request) => {
      list.push(request);
      if (list.length > limits.loggedRequests) list = list.slice(limits.loggedRequests / 2);
    },
  };
}
