/** Counters of the event relay over all streams, since the gateway started. */
export interface EventCounters {
  /** Events queued for a subscriber, once per subscriber. */
  relayed: number;
  /** Events received for the first time. */
  received: number;
  /** Events received again under a known id. */
  duplicates: number;
  /** Ids whose acknowledgement the upstream confirmed. */
  acknowledged: number;
  /** Ids whose acknowledgement was given up until the upstream replays them. */
  abandoned: number;
  /** Frames that could not be parsed. */
  malformed: number;
  /** Frames over the length limit, skipped to their end. */
  oversized: number;
  /** Events of a known type that break the contract and were relayed as UNKNOWN. */
  contractViolations: number;
  /** Messages whose content was removed at expiry, in the resume buffer or in a queue. */
  expired: number;
  /** Subscriptions ended with SLOW_CONSUMER. */
  dropped: number;
  /** Stream connections that were lost and reopened. */
  reconnects: number;
}

/** All at 0. */
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

/** Figures for the metrics endpoint, over all channels. */
export interface EventHubStats extends Readonly<EventCounters> {
  readonly subscriptions: number;
  readonly streams: number;
  /** Events in subscriber queues, and their bytes, counted once per subscriber. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Longest time for which a subscriber with waiting events has read nothing. */
  readonly queuedAgeMs: number;
  /** Events and bytes in the resume buffers. */
  readonly buffered: number;
  readonly bufferedBytes: number;
  /** Ids waiting to be acknowledged upstream. */
  readonly unacknowledged: number;
}
