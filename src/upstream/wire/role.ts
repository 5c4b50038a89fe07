/** Decodes roles: from the metadata of their accounts, and from their own objects. */
import type { DutyParty, EscalationPolicy, EscalationStep, Role, RoleProfile, RoleTag } from '../../domain/duty.ts';
import { GatewayError } from '../../errors.ts';
import type { components } from '../../generated/contract-v5.ts';
import { isRecord } from '../../util/is-record.ts';
import { assertSchema } from './contract-check.ts';
import { decodeOrError, nonEmpty } from './read.ts';

type Document = Readonly<Record<string, unknown>>;
type Schemas = components['schemas'];

/** The metadata of a role's account; undefined for any other object. */
export function roleMetadataOf(entity: unknown): Document | undefined {
  const metadata = isRecord(entity) ? entity.metadata : undefined;
  return isRecord(metadata) && metadata.feature_service === 'role' ? metadata : undefined;
}

/** Metadata of a role may hold lists and objects (contract, RoleMetadata), which a map of texts does not show. */
export function textsOf(metadata: Document): Readonly<Record<string, string>> {
  const texts = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts);
}

/** Metadata that break the contract say nothing of the role, not even that it has no one on duty; its account stays readable. */
export function decodeRoleProfile(metadata: Document): RoleProfile {
  const profile = decodeOrError(metadata, (value) => profileOf(assertSchema('RoleMetadata', value)));
  return profile instanceof GatewayError ? { ...profileOf({}), error: profile } : profile;
}

/**
 * A role's own object: names and metadata side by side.
 * @param organization Key of the organization it was read in; the object names none.
 * @throws GatewayError `UPSTREAM_INVALID` naming the field.
 */
export function decodeRole(value: unknown, organization: string | undefined): Role {
  const wire = assertSchema('Role', value);
  return {
    kind: 'ROLE',
    token: wire.token,
    name: nonEmpty(wire.display_name),
    organizationKey: organization,
    profile: profileOf(wire),
    rules: {
      isOpen: flagOf(wire.open_assignment),
      isOwnerRequired: flagOf(wire.owner_required),
      noOwnersMessage: nonEmpty(wire.no_owners_message),
    },
  };
}

/** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
export function decodeTag(value: unknown): RoleTag {
  const wire = assertSchema('RoleTag', value);
  return { tagId: wire.tag_id, name: nonEmpty(wire.tag_name), color: colorOf(wire.tag_color) };
}

/** Targets are tokens, or objects with a name. */
export function decodeSteps(path: readonly Schemas['EscalationStep'][]): EscalationStep[] {
  return path.map(({ duration, targets }) => ({ durationMinutes: duration, targets: targets.map(partyOf) }));
}

type Described = Pick<
  Schemas['Role'],
  'owners' | 'description' | 'tag_id' | 'tag_name' | 'tag_color' | 'escalation_policy'
>;

function profileOf(wire: Described): RoleProfile {
  const tagId = nonEmpty(wire.tag_id);
  return {
    onDuty: wire.owners === undefined ? [] : ownersOf(wire.owners),
    description: nonEmpty(wire.description),
    tag: tagId === undefined ? undefined : { tagId, name: nonEmpty(wire.tag_name), color: colorOf(wire.tag_color) },
    escalationPolicy: wire.escalation_policy === undefined ? undefined : policyOf(wire.escalation_policy),
  };
}

/** A list of objects, or tokens joined by commas. */
function ownersOf(owners: NonNullable<Described['owners']>): DutyParty[] {
  if (typeof owners !== 'string') return owners.map(partyOf);
  return owners.split(',').flatMap((token) => (token.trim() === '' ? [] : [partyOf(token.trim())]));
}

function partyOf(party: string | { readonly token: string; readonly display_name?: string }): DutyParty {
  if (typeof party === 'string') return { token: party, name: undefined };
  return { token: party.token, name: nonEmpty(party.display_name) };
}

function policyOf(wire: Schemas['EscalationPolicy']): EscalationPolicy {
  return {
    isAutomatic: wire.always_escalate,
    targetMinutes: wire.target_duration,
    steps: decodeSteps(wire.escalation_path ?? []),
    keptMinutes: wire.destruction_duration,
  };
}

function flagOf(digit: '1' | '0' | undefined): boolean | undefined {
  return digit === undefined ? undefined : digit === '1';
}

/** The upstream writes `0xRRGGBB`, style sheets `#RRGGBB`. */
function colorOf(color: string | undefined): string | undefined {
  return nonEmpty(color)?.replace(/^0x/i, '#');
}
