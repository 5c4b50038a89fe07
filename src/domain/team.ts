/** Types of teams. The rules of `domain.ts` hold here too. */
import type { DutyParty } from './duty.ts';

/** A team of an organization; from a list, possibly without its members. */
export interface Team {
  /** The upstream's id. */
  readonly teamId: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly avatarUrl: string | undefined;
  readonly memberCount: number | undefined;
  readonly members: readonly DutyParty[] | undefined;
  /** Token of the group of the team. */
  readonly group: string | undefined;
  readonly canMembersLeave: boolean | undefined;
  readonly canRequestToJoin: boolean | undefined;
  /** Organization in which it was read. */
  readonly organizationKey: string | undefined;
}
