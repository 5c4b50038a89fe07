import type { World } from './world.ts';
import type { Mute } from './world-types.ts';

/** The account's mutes that have not expired. */
export function currentMutes(world: World, account: string): Mute[] {
  const nowSeconds = world.clock.now() / 1000;
  return [...(world.mutes.get(account)?.values() ?? [])].filter(
    ({ start, minutes }) => start + minutes * 60 > nowSeconds,
  );
}
