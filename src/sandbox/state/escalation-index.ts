import type { Escalation } from './escalation-types.ts';
import type { World } from './world.ts';

/** The escalation of a message, or of the message it is the copy of. */
export function escalationOf(world: World, message: string): Escalation | undefined {
  return world.escalations.get(world.escalationCopies.get(message) ?? message);
}
