import { keepCall } from '../state/call.ts';
import type { Call } from '../state/call-types.ts';
import type { World } from '../state/world.ts';
import { seededToken } from '../token.ts';
import { accountToken, groupToken, hospital } from './keys.ts';

type Outcome = Call['outcome'];

/** Caller, called person or group, minutes before the start, outcome, seconds, video. */
const calls: readonly (readonly [string, string, number, Outcome, number, boolean])[] = [
  ['Ada', 'Grace', 4_320, 'answered', 312, true],
  ['Florence', 'Ada', 2_900, 'unanswered', 0, false],
  ['Ada', 'Alan', 2_880, 'declined', 0, false],
  ['Alan', 'Ada', 2_870, 'answered', 95, false],
  ['Grace', 'Cardiology night shift', 1_450, 'answered', 640, true],
  ['Margaret', 'Code blue', 600, 'answered', 48, false],
  ['Grace', 'Florence', 300, 'answered', 130, false],
  ['Grace', 'Ada', 75, 'unanswered', 0, true],
];

/** Adds calls that are over. */
export function seedCalls(world: World): void {
  for (const [index, [caller, called, minutesAgo, outcome, seconds, isVideo]] of calls.entries()) {
    const group = world.groups.get(groupToken(called));
    const token = accountToken(caller);
    keepCall(world, {
      id: seededToken('call', String(index)),
      organization: hospital,
      network: 'provider',
      caller: token,
      target:
        group === undefined ? { kind: 'account', token: accountToken(called) } : { kind: 'group', token: group.token },
      called: group === undefined ? [accountToken(called)] : [...group.members].filter((member) => member !== token),
      isVideo,
      startedAt: world.clock.now() - minutesAgo * 60_000,
      outcome,
      seconds,
    });
  }
}
