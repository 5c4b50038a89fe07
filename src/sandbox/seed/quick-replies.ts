import type { World } from '../state/world.ts';
import { accountToken, hospital } from './keys.ts';

/** Adds quick replies of two people and of the hospital. */
export function seedQuickReplies(world: World): void {
  world.quickReplies.set(accountToken('Ada'), ['On my way', 'Call me please', 'Give me ten minutes']);
  world.quickReplies.set(accountToken('Grace'), ['On my way']);
  world.quickReplies.set(hospital, ['Please call the ward', 'Thank you, noted']);
}
