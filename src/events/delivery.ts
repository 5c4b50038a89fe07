/** What a subscription yields. Plain data, shared between the subscribers that get it: nobody may change it. */
import type { ConnectionStatus, GatewayEvent } from '../gateway-event.ts';

export interface EventDelivery {
  readonly kind: 'event';
  /** The upstream's event id: what `acknowledge` and `after` take. */
  readonly id: string;
  /** When the gateway received it, ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly event: GatewayEvent;
}

/** Events may be missing between what the client has and what follows. */
export interface GapDelivery {
  readonly kind: 'gap';
  /**
   * UNKNOWN_POSITION: `after` names an event that is not, or no longer, known here. EVICTED: it is known, but events
   * after it had to make room. HOLD_EXCEEDED: more events were held for MANUAL subscribers than set, and the oldest were let
   * go unnamed.
   */
  readonly reason: 'UNKNOWN_POSITION' | 'EVICTED' | 'HOLD_EXCEEDED';
  /** The `after` that was asked for; for HOLD_EXCEEDED the latest event that was let go. */
  readonly after: string;
}

export interface StatusDelivery {
  readonly kind: 'status';
  readonly status: ConnectionStatus;
}

export type Delivery = EventDelivery | GapDelivery | StatusDelivery;

/** A status of the upstream stream, from now on. */
export function connectionStatus(state: ConnectionStatus['state']): ConnectionStatus {
  return { state, attempt: state === 'CONNECTING' ? 1 : 0, since: new Date().toISOString(), replayCount: undefined };
}
