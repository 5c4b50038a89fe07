/** State of the upstream event stream. */
export interface ConnectionStatus {
  /**
   * CONNECTING: before the first connection. REPLAYING: the upstream sends stored events. LIVE: it sends new events.
   * RECONNECTING: the connection was lost. CLOSED: the stream has ended for good.
   */
  readonly state: 'CONNECTING' | 'REPLAYING' | 'LIVE' | 'RECONNECTING' | 'CLOSED';
  /** Connection attempts since the stream last received a frame, including the running one; 0 while it works. */
  readonly attempt: number;
  /** Start of this state. */
  readonly since: string;
  /** Number of stored events the upstream announced; undefined outside REPLAYING, or when it announced none. */
  readonly replayCount: number | undefined;
}
