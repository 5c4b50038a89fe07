/** The rota of Mercy General: roles, the person on duty for each, and their back-ups. */
import { addAccount, createMembership } from '../state/account.ts';
import { renderMetadata } from '../state/role.ts';
import type { EscalationPolicy, Role } from '../state/role-types.ts';
import type { World } from '../state/world.ts';
import type { Account } from '../state/world-types.ts';
import { seededToken } from '../token.ts';
import { accountToken, hospital } from './keys.ts';

interface RoleSeed {
  readonly name: string;
  readonly displayName: string;
  readonly department: string;
  readonly color: string;
  readonly description: string;
  /** First name of the person on duty. */
  readonly onDuty?: string;
  readonly isOpen: boolean;
  readonly needsOwner?: boolean;
  readonly noOwnersMessage: string;
  /** First names of the back-ups, one step each, five minutes a step. */
  readonly backups?: readonly (readonly string[])[];
}

const roles: readonly RoleSeed[] = [
  {
    name: 'cardiologist-on-call',
    displayName: 'Cardiologist on call',
    department: 'Cardiology',
    color: '0xB3261E',
    description: 'Heart questions of all wards',
    onDuty: 'Grace',
    isOpen: true,
    noOwnersMessage: 'No cardiologist is on duty. Call the ward on 4100.',
    backups: [['Frances'], ['Helen', 'Daniel']],
  },
  {
    name: 'charge-nurse',
    displayName: 'Charge nurse',
    department: 'Nursing',
    color: '0x2E7D32',
    description: 'Beds and staff of ward 4',
    onDuty: 'Florence',
    isOpen: true,
    needsOwner: true,
    noOwnersMessage: 'No charge nurse is on duty.',
    backups: [['Clara']],
  },
  {
    name: 'rapid-response',
    displayName: 'Rapid response',
    department: 'Emergency',
    color: '0xE65100',
    description: 'Patients who get worse fast',
    onDuty: 'Ada',
    isOpen: false,
    noOwnersMessage: 'The team is off. Dial 2222.',
    backups: [['Margaret']],
  },
  {
    name: 'stroke-consultant',
    displayName: 'Stroke consultant',
    department: 'Stroke unit',
    color: '0x4527A0',
    description: 'Lysis and thrombectomy',
    isOpen: true,
    noOwnersMessage: 'Nobody is on duty for stroke. Call the switchboard.',
  },
];

/** Adds roles with the people on duty, and one to Ada's saved roles. */
export function seedRoles(world: World): void {
  for (const seed of roles) addRole(world, seed);
  world.savedRoles.set(accountToken('Ada'), new Set([seededToken('role', 'cardiologist-on-call')]));
}

/** A role is an account with `feature_service: role` in its metadata (NOTES.md, "Addresses and ids"). */
function addRole(world: World, seed: RoleSeed): void {
  const { name, displayName, department } = seed;
  const token = seededToken('role', name);
  const metadata = { feature_service: 'role', department: department.toLowerCase() };
  const membership = createMembership(hospital, { title: 'Role', department, metadata });
  const account: Account = {
    token,
    displayName,
    firstName: '',
    lastName: '',
    username: name,
    emails: [],
    phones: [],
    avatar: null,
    status: '',
    defaultOrganization: hospital,
    memberships: new Map([[hospital, membership]]),
    kind: 'role',
    owners: seed.onDuty === undefined ? [] : [accountToken(seed.onDuty)],
    failedLogins: 0,
  };
  const role: Role = {
    token,
    organization: hospital,
    description: seed.description,
    tag: { id: seededToken('tag', department), name: department, color: seed.color },
    isOpen: seed.isOpen,
    needsOwner: seed.needsOwner ?? false,
    noOwnersMessage: seed.noOwnersMessage,
    away: undefined,
    policy: policyOf(seed),
    dutyGroup: seededToken('duty', name),
  };
  addAccount(world, account);
  world.rota.set(token, role);
  renderMetadata({ role, account });
}

function policyOf({ backups }: RoleSeed): EscalationPolicy | undefined {
  if (backups === undefined) return undefined;
  return {
    alwaysEscalate: false,
    targetDuration: 5,
    path: backups.map((names) => ({ duration: 5, targets: names.map(accountToken) })),
    destructionDuration: 60,
  };
}
