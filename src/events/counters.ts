/** What the relay counts, over all streams, since the gateway started. */
export interface EventCounters {
  /** Events queued for a subscriber, once per subscriber. */
  relayed: number;
  /** Events that came in, repeats apart. */
  received: number;
  /** Events that came in again. */
  duplicates: number;
  /** Ids the upstream took as acknowledged. */
  acknowledged: number;
  /** Ids whose acknowledgement was given up until they come again. */
  abandoned: number;
  /** Frames that could not be read. */
  malformed: number;
  /** Frames over the length limit, skipped to their end. */
  oversized: number;
  /** Events of a known type that break the contract and were relayed as UNKNOWN. */
  contractViolations: number;
  /** Messages that expired here before everyone had them. */
  expired: number;
  /** Subscriptions ended as SLOW_CONSUMER. */
  dropped: number;
  /** Connections lost and made again. */
  reconnects: number;
}

export function createCounters(): EventCounters {
  return {
    relayed: 0,
    received: 0,
    duplicates: 0,
    acknowledged: 0,
    abandoned: 0,
    malformed: 0,
    oversized: 0,
    contractViolations: 0,
    expired: 0,
    dropped: 0,
    reconnects: 0,
  };
}
