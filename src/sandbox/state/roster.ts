import type { World } from './world.ts';
import type { RosterLine } from './world-types.ts';

function keyOf(kind: RosterLine['kind'], token: string, organization: string): string {
  return `${kind} ${token} ${organization}`;
}

/** Adds the conversation to the account's roster, or moves it to the front. @returns Whether it is new. */
export function touchRoster(
  world: World,
  account: string,
  line: Omit<RosterLine, 'lastTrafficAt'>,
  at = world.clock.now(),
): boolean {
  const roster = world.rosters.get(account) ?? new Map<string, RosterLine>();
  world.rosters.set(account, roster);
  const key = keyOf(line.kind, line.token, line.organization);
  const known = roster.get(key);
  // Deleted first, so that the map keeps the order of traffic even within one millisecond.
  roster.delete(key);
  roster.set(key, { ...line, lastTrafficAt: Math.max(at, known?.lastTrafficAt ?? 0) });
  return known === undefined;
}

/** Most recent traffic first. */
export function rosterOf(world: World, account: string): RosterLine[] {
  return [...(world.rosters.get(account)?.values() ?? [])]
    .reverse()
    .sort((one, other) => other.lastTrafficAt - one.lastTrafficAt);
}

/** @param organization Undefined removes the conversation in every organization. @returns The removed lines. */
export function dropFromRoster(world: World, account: string, token: string, organization?: string): RosterLine[] {
  const roster = world.rosters.get(account);
  const dropped = [...(roster ?? [])].filter(
    ([, line]) => line.token === token && (organization === undefined || line.organization === organization),
  );
  for (const [key] of dropped) roster?.delete(key);
  return dropped.map(([, line]) => line);
}
