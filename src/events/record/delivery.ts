/** The items of a subscription. Plain immutable data, because all subscribers of a channel share one object. */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';

export interface EventDelivery {
  readonly kind: 'event';
  /** The upstream's event id, as `acknowledge` and `after` accept it. */
  readonly id: string;
  /** When the gateway received it, ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly event: GatewayEvent;
}

/** Events may be missing between the previous delivery and the next one. */
export interface GapDelivery {
  readonly kind: 'gap';
  /**
   * UNKNOWN_POSITION: `after` names an event whose id is not remembered here, or that a replay had after newer ones. EVICTED: the id is remembered, but later events
   * were evicted from the resume buffer. HOLD_EXCEEDED: the limit of events held for MANUAL subscribers was exceeded, and the
   * oldest were released unacknowledged by the client.
   */
  readonly reason: 'UNKNOWN_POSITION' | 'EVICTED' | 'HOLD_EXCEEDED';
  /** The last event before it, or the requested `after`; without either `transientEventId`. For HOLD_EXCEEDED the id of the latest released event. */
  readonly after: string;
}

export interface StatusDelivery {
  readonly kind: 'status';
  readonly status: ConnectionStatus;
}

export type Delivery = EventDelivery | GapDelivery | StatusDelivery;

/** Builds a status of the upstream stream that begins now. */
export function connectionStatus(state: ConnectionStatus['state']): ConnectionStatus {
  return { state, attempt: state === 'CONNECTING' ? 1 : 0, since: new Date().toISOString(), replayCount: undefined };
}
