/** Writing to a role: into the one-to-one group of the writer and the role, which is found or created. */
import type { GatewayContext } from '../../context.ts';
import type { ConversationKey, Group } from '../../domain/domain.ts';
import type { Role } from '../../domain/duty.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { createRoleGroup } from '../../upstream/endpoints/role.ts';
import { missingFor } from '../argument-error.ts';
import { speakAsToken } from '../id.ts';
import { publishAdded } from '../publish-own.ts';
import { resolveRole } from './role-ref.ts';

/** The arguments for the target of a message. */
export interface TargetInput {
  readonly recipient?: string | null | undefined;
  readonly conversation?: string | null | undefined;
  readonly senderOrganization?: string | null | undefined;
  readonly recipientOrganization?: string | null | undefined;
  readonly speakAs?: string | null | undefined;
  readonly toUnstaffedRole?: boolean | null | undefined;
}

/** Whether `recipient` is the global id of a Role. The account of a role is a recipient like any other. */
export function isToRole<Input extends TargetInput>(input: Input): input is Input & { readonly recipient: string } {
  return input.recipient?.startsWith('Role:') === true;
}

/**
 * The conversation of the writer with the role that `recipient` names.
 * @throws GatewayError `NOBODY_ON_DUTY` unless the sender accepts that, `NOT_FOUND`, `BAD_USER_INPUT`.
 */
export async function roleConversation(
  input: TargetInput & { readonly recipient: string },
  context: GatewayContext,
): Promise<ConversationKey> {
  const { recipient } = input;
  if (input.senderOrganization != null || input.recipientOrganization != null || input.conversation != null)
    throw badUserInput('input.recipient', 'no conversation and no organization beside a role');
  const role = await resolveRole(recipient, 'input.recipient', context);
  const organization = role.organizationKey;
  if (organization === undefined) throw badUserInput('input.recipient', 'a role of an organization');
  if (input.toUnstaffedRole !== true) await requireStaffed(role, context);
  const me = await context.loaders.me();
  const writer = speakAsToken(input.speakAs) ?? me.token;
  const known = await findRoleGroup(role, writer, context);
  if (known !== undefined) return { organization, counterpart: known.token, kind: 'GROUP' };
  const name = `${me.displayName ?? me.token}, ${role.name ?? role.token}`;
  const making = createRoleGroup(context.upstream, { role: role.token, writer, name }, { organization });
  const { token } = await missingFor('input.recipient', 'such role', making);
  context.loaders.clearRoster();
  publishAdded({ kind: 'GROUP', token, name, organizationKey: organization }, organization, context);
  return { organization, counterpart: token, kind: 'GROUP' };
}

/** The role's own object decides, and has the text for the sender. */
async function requireStaffed(role: Role, { loaders }: GatewayContext): Promise<void> {
  if (role.profile.onDuty.length > 0) return;
  const whole = await loaders.roles.whole(role.organizationKey).load(role.token);
  if (whole !== undefined && whole.profile.onDuty.length > 0) return;
  throw new GatewayError('NOBODY_ON_DUTY', {
    field: 'input.recipient',
    message: 'input.recipient: no user is on duty for the role; `toUnstaffedRole` sends nevertheless.',
    notice: whole?.rules?.noOwnersMessage,
  });
}

/** The group of the writer and the role on the caller's roster, searched as the official client does. */
async function findRoleGroup({ token }: Role, writer: string, { loaders }: GatewayContext): Promise<Group | undefined> {
  for (const entry of await loaders.roster()) {
    if (entry instanceof Error || entry.counterpart.kind !== 'GROUP') continue;
    const { metadata } = entry.counterpart;
    const isOfRole = metadata?.feature_service === 'role' && metadata.meta_type === undefined;
    if (isOfRole && metadata.target_id === token && metadata.created_by === writer) return entry.counterpart;
  }
  return undefined;
}
