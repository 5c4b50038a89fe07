import type { GatewayEvent } from '../gateway-event.ts';

/**
 * Expiry of an event in milliseconds since the epoch; infinite when it does not expire. `expire_in` (seconds left, computed by
 * the upstream) takes precedence because it does not depend on synchronized clocks. Without it, the expiry is the creation
 * time plus `ttl` (EVENTS §6, "Expiry").
 */
export function expiryOf(event: GatewayEvent, receivedAt: number): number {
  if (event.type !== 'MESSAGE_RECEIVED') return Number.POSITIVE_INFINITY;
  const { createdAt, ttl, expireIn } = event.message;
  if (expireIn !== undefined && expireIn > 0) return receivedAt + expireIn * 1000;
  if (createdAt === undefined || ttl === undefined || ttl <= 0) return Number.POSITIVE_INFINITY;
  return Date.parse(createdAt) + ttl * 60_000;
}
