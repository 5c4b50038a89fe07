import type { World } from '../state/world.ts';
import { seededToken } from '../token.ts';
import { accountToken, hospital } from './keys.ts';

interface TeamSeed {
  readonly name: string;
  readonly description: string;
  /** First names. */
  readonly members: readonly string[];
  readonly canMembersLeave: boolean;
  readonly canRequestToJoin: boolean;
}

const teams: readonly TeamSeed[] = [
  {
    name: 'Sepsis team',
    description: 'The first hour',
    members: ['Elizabeth', 'Kathleen', 'Alexander'],
    canMembersLeave: true,
    canRequestToJoin: true,
  },
  {
    name: 'Transplant team',
    description: 'Hearts and lungs',
    members: ['Ada', 'Vivien', 'Daniel'],
    canMembersLeave: true,
    canRequestToJoin: true,
  },
  {
    name: 'Trauma team',
    description: 'By appointment of the head of the department',
    members: ['Margaret', 'Ada'],
    canMembersLeave: false,
    canRequestToJoin: false,
  },
];

/** Adds teams of the hospital. */
export function seedTeams(world: World): void {
  for (const { members, ...team } of teams) {
    const id = seededToken('team', team.name);
    const tokens = new Set(members.map(accountToken));
    world.teams.set(id, { ...team, id, organization: hospital, members: tokens, requests: new Map() });
  }
}
