import type { World } from '../state/world.ts';
import { accountToken, clinics, groupToken, hospital, listToken, research } from './keys.ts';
import { hospitalPeople } from './people.ts';

interface GroupSeed {
  readonly name: string;
  readonly organization: string;
  readonly members: readonly string[];
  readonly description?: string;
  readonly isPublic?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

const everyone = hospitalPeople.map(([firstName]) => firstName);

/** Ada is in all but the last three. The first has exactly 40 members; the second is public. */
export const groups: readonly GroupSeed[] = [
  { name: 'Mercy all staff', organization: hospital, members: everyone.slice(0, 40), metadata: { scope: 'house' } },
  {
    name: 'Hospital announcements',
    organization: hospital,
    members: everyone.slice(0, 30),
    description: 'Open to everybody at Mercy General',
    isPublic: true,
  },
  {
    name: 'Cardiology night shift',
    organization: hospital,
    members: ['Ada', 'Grace', 'Frances', 'Tim', 'Jean', 'Florence'],
    metadata: { ward: 'cardiology', shift: 'night' },
  },
  { name: 'Stroke team', organization: hospital, members: ['Alan', 'Ada', 'Claude', 'Rita', 'Katherine', 'Margaret'] },
  {
    name: 'Code blue',
    organization: hospital,
    members: ['Margaret', 'Ada', 'Dennis', 'Virginia', 'Elizabeth', 'Kathleen'],
  },
  {
    name: 'Ward 4 handover',
    organization: hospital,
    members: ['Florence', 'Ada', 'Clara', 'Mary', 'Jean', 'Tim', 'Barbara'],
  },
  { name: 'Cath lab', organization: hospital, members: ['Frances', 'Ada', 'Vivien', 'Daniel', 'Helen', 'Ivan'] },
  {
    name: 'Antibiotic stewardship',
    organization: hospital,
    members: ['Alexander', 'Ada', 'Selman', 'Gertrude', 'Tu', 'Donald'],
  },
  { name: 'Riverside liaison', organization: clinics, members: ['Karen', 'Ada', 'Adele', 'Anita', 'Grace', 'Edward'] },
  { name: 'Theatre planning', organization: hospital, members: ['Edsger', 'Joseph', 'Niklaus', 'Dennis', 'Daniel'] },
  { name: 'Riverside reception', organization: clinics, members: ['Stephanie', 'Anita', 'Sophie', 'Adele'] },
  { name: 'Hut 8', organization: research, members: ['Joan', 'Rosalind', 'Mavis', 'Tommy', 'Max', 'Bill'] },
];

const lists = [
  ['Cardiology everyone', hospital, ['Grace', 'Frances', 'Tim', 'Jean', 'Helen', 'Vivien', 'Daniel']],
  ['Nursing everyone', hospital, ['Florence', 'Clara', 'Mary', 'Tim', 'Jean', 'Kathleen']],
  ['Riverside doctors', clinics, ['Karen', 'Adele', 'Lynn', 'Ken', 'Bjarne', 'John', 'Sara']],
] as const;

const dayMs = 86_400_000;

/** Adds groups, and the lists of the hospital. */
export function seedGroups(world: World): void {
  for (const [index, group] of groups.entries()) {
    const [founder = ''] = group.members;
    world.groups.set(groupToken(group.name), {
      token: groupToken(group.name),
      name: group.name,
      description: group.description ?? '',
      avatar: `/avatars/group-${index + 1}.png`,
      isPublic: group.isPublic ?? false,
      replayHistory: index % 2 === 0,
      members: new Set(group.members.map(accountToken)),
      joinedAt: new Map(),
      organization: group.organization,
      createdBy: accountToken(founder),
      createdAt: world.clock.now() - (30 + index) * dayMs,
      metadata: group.metadata ?? {},
      deleted: false,
      messageCount: 0,
    });
  }
  for (const [displayName, organization, members] of lists) {
    const token = listToken(displayName);
    world.lists.set(token, { token, displayName, organization, members: members.map(accountToken) });
  }
}
