/** When the content of an event may be shown no longer. */
import type { GatewayEvent } from '../gateway-event.ts';

/**
 * Milliseconds since the epoch; infinite when it does not expire. `expire_in`, seconds left, is the upstream's own reckoning
 * and does not suffer from clocks that differ; without it created time plus ttl counts (EVENTS §6, "Expiry").
 */
export function expiryOf(event: GatewayEvent, receivedAt: number): number {
  if (event.type !== 'MESSAGE_RECEIVED') return Number.POSITIVE_INFINITY;
  const { createdAt, ttl, expireIn } = event.message;
  if (expireIn !== undefined && expireIn > 0) return receivedAt + expireIn * 1000;
  if (createdAt === undefined || ttl === undefined || ttl <= 0) return Number.POSITIVE_INFINITY;
  return Date.parse(createdAt) + ttl * 60_000;
}
