/** The demo data: three organizations and the consumer organization, with the same tokens on every start. */

import { addAccount, createMembership } from '../state/account.ts';
import { consumerOrganization } from '../state/organization.ts';
import { createPortalSession } from '../state/sessions.ts';
import type { World } from '../state/world.ts';
import type { Account, Membership, Message } from '../state/world-types.ts';
import { seedCalls } from './calls.ts';
import { seedConversations } from './conversations.ts';
import { seedGroups } from './groups.ts';
import { accountToken, clinics, hospital, research } from './keys.ts';
import { clinicPeople, hospitalPeople, type Person, researchPeople } from './people.ts';
import { seedQuickReplies } from './quick-replies.ts';
import { seedRoles } from './roles.ts';
import { seedTeams } from './teams.ts';

/** First names of hospital people who also work at the clinics. */
const alsoAtClinics = new Set(['Ada', 'Grace', 'Florence', 'Margaret', 'Virginia', 'William', 'Edward', 'Mary']);
const administrators = new Set(['Ada', 'Stephanie', 'Max']);

/** Adds organizations and people, and all that belongs to them. */
export function seedHospital(world: World): void {
  const organizations = [
    [hospital, 'Mercy General Hospital', 43_200],
    [clinics, 'Riverside Clinic Group', 10_080],
    [research, 'Bletchley Research Institute', 1_440],
    [consumerOrganization, 'Contacts', 43_200],
  ] as const;
  for (const [key, name, ttl] of organizations) {
    world.organizations.set(key, { key, name, ttl, deleteOnRead: false, allowForward: key !== research });
  }
  for (const [index, person] of hospitalPeople.entries()) {
    addPerson(world, person, index, alsoAtClinics.has(person[0]) ? [hospital, clinics] : [hospital]);
  }
  for (const [index, person] of clinicPeople.entries()) addPerson(world, person, 100 + index, [clinics]);
  for (const [index, person] of researchPeople.entries()) addPerson(world, person, 200 + index, [research]);
  seedRoles(world);
  seedTeams(world);
  seedGroups(world);
  seedConversations(world);
  seedQuickReplies(world);
  seedCalls(world);
  // Last, so that a session's queue holds only the seeded messages that are still New.
  const isUnreceived = ({ recipients }: Message) => [...recipients.values()].some(({ status }) => status === 'New');
  const unreceived = [...world.messages.values()].filter(isUnreceived);
  for (const account of world.accounts.values()) {
    if (account.kind === 'person') createPortalSession(world, account, unreceived);
  }
}

function addPerson(world: World, person: Person, index: number, houses: readonly string[]): void {
  const [firstName, lastName, title, department] = person;
  const username = firstName.toLowerCase();
  const rights = administrators.has(firstName) ? ['admin'] : [];
  const memberships = houses.map((organization) =>
    createMembership(organization, {
      title,
      department,
      rights,
      metadata: { department: department.toLowerCase(), pager: String(4000 + index) },
      ...awayDetails(firstName),
    }),
  );
  const isContact = houses[0] !== research;
  addAccount(world, {
    token: accountToken(firstName),
    displayName: `${firstName} ${lastName}`,
    firstName,
    lastName,
    username,
    emails: [`${username}@example.org`],
    phones: [`+1310555${String(1000 + index)}`],
    avatar: `/avatars/${username}.png`,
    status: index % 5 === 0 ? 'On call' : '',
    defaultOrganization: houses[0] ?? consumerOrganization,
    memberships: membershipMap([...memberships, ...(isContact ? [createMembership(consumerOrganization)] : [])]),
    kind: 'person',
    owners: [],
    failedLogins: 0,
  });
}

/** Joseph has do-not-disturb on, with a deputy. */
function awayDetails(firstName: string): Partial<Membership> {
  if (firstName !== 'Joseph') return {};
  return { dnd: true, dndText: 'In theatre', autoForwardTo: accountToken('Edsger') };
}

function membershipMap(memberships: readonly Membership[]): Account['memberships'] {
  return new Map(memberships.map((membership) => [membership.organization, membership]));
}
