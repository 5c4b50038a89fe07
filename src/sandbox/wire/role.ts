/** Roles as JSON of the contract, as metadata of their accounts, and in duty events. */
import type { components } from '../../generated/contract-v5.ts';
import type { EscalationPolicy, RoleAccount, RoleTag } from '../state/role-types.ts';
import type { World } from '../state/world.ts';
import type { EventDraft } from '../state/world-types.ts';

type Schemas = components['schemas'];

/** "One flat object, names and metadata side by side." */
export function roleWire(world: World, { role, account }: RoleAccount): Schemas['Role'] {
  return {
    token: role.token,
    display_name: account.displayName,
    description: role.description,
    feature_service: 'role',
    owners: account.owners.map((token) => ({ token, display_name: world.accounts.get(token)?.displayName ?? '' })),
    open_assignment: role.isOpen ? '1' : '0',
    owner_required: role.needsOwner ? '1' : '0',
    no_owners_message: role.noOwnersMessage,
    replay_history: true,
    ...(role.tag === undefined ? {} : tagWire(role.tag)),
    room_assignment_id: role.dutyGroup,
    ...(role.policy === undefined ? {} : { escalation_policy: policyWire(role.token, role.policy) }),
  };
}

/** A tag in the form of replies. */
export function tagWire({ id, name, color }: RoleTag): Required<Schemas['RoleTag']> {
  return { tag_id: id, tag_name: name, tag_color: color };
}

function policyWire(target: string, policy: EscalationPolicy): Schemas['EscalationPolicy'] {
  return {
    always_escalate: policy.alwaysEscalate,
    target,
    target_duration: policy.targetDuration,
    escalation_path: policy.path.map(({ duration, targets }) => ({ duration, targets: [...targets] })),
    destruction_duration: policy.destructionDuration,
  };
}

/** Strings only, as in v2's metadata. */
export function roleMetadata({ role, account }: RoleAccount): Readonly<Record<string, string>> {
  return {
    feature_service: 'role',
    owners: account.owners.join(','),
    description: role.description,
    room_assignment_id: role.dutyGroup,
    ...(role.tag === undefined ? {} : tagWire(role.tag)),
  };
}

/**
 * A person went on or off duty, for the devices of that person. It has no conversation, and `event_status` says that the duty
 * itself ended (EVENTS-v5.md §4).
 */
export function dutyEvent({ role, account }: RoleAccount, action: 'add' | 'del', person: string): EventDraft {
  const type = 'tigertext:iq:friends';
  const { dutyGroup: token, organization } = role;
  const entity = {
    type: 'group',
    id: token,
    token,
    name: account.displayName,
    ...(action === 'del' ? { event_status: 'end' } : {}),
    metadata: {
      feature_service: 'role',
      meta_type: 'role_assignment',
      id: role.token,
      triggered_id: person,
      ...(action === 'add' ? { owner_id: person } : {}),
      ...(role.tag === undefined ? {} : tagWire(role.tag)),
    },
  };
  const { type: _short, ...fields } = entity;
  const friend = { action, xmlns: 'tigertext:entity:group', organization_id: organization, ...fields };
  return {
    type,
    stored: true,
    payload: () => ({ xmlns: type, friend }),
    v5: { payload: () => ({ xmlns: type, action, organization_id: organization, entity }) },
  };
}
