/** Roles of conversations, and the two sides of a message that was written as a role. */
import type { GatewayContext } from '../../context.ts';
import type { Message } from '../../domain/domain.ts';
import type { DutyParty, RoleAuthorship } from '../../domain/duty.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import { ownerNamespace, partyIn, senderNamespace } from '../../loaders/role-data.ts';
import { builder } from '../builder.ts';
import { bulkShare, costs } from '../field-cost.ts';
import { GroupRef, MessageRef, UserRef, userReference } from '../refs.ts';
import { RoleRef, readRole, roleReference } from './role-ref.ts';

/**
 * Undefined for a message that was not written as a role. Only the sender’s account shows whether the upstream has named the person
 * behind it: a person's message can name any user.
 */
function authorshipOf(message: Message, context: GatewayContext): PromiseOrValue<RoleAuthorship | undefined> {
  const { sender, senderName } = message;
  const writer = partyIn(message, ownerNamespace);
  if (writer === undefined || sender === undefined || writer.token === sender)
    return claimedAuthorship(message, writer);
  return thenOrNow(readRole(sender, context), (role) =>
    role === undefined ? claimedAuthorship(message, undefined) : { role: { token: sender, name: senderName }, writer },
  );
}

function claimedAuthorship(message: Message, writer: DutyParty | undefined): RoleAuthorship | undefined {
  const { sender, senderName } = message;
  const role = partyIn(message, senderNamespace);
  if (role === undefined) return undefined;
  const isPerson = sender !== undefined && sender !== role.token;
  return { role, writer: isPerson ? { token: sender, name: senderName } : writer };
}

/** The account of the sender, which few messages need, and that of the role or the person, whose token the first read returns. */
const authorshipCost = costs({ perParent: 2 * bulkShare, perOperation: 1 });

builder.objectFields(MessageRef, (t) => ({
  writtenAs: t.field({
    type: RoleRef,
    extensions: authorshipCost,
    description:
      'The role as which the message was written; null when there is none, or it no longer exists. When `sender` is a person, the sender’s client states it.',
    resolve: (message, _args, context, info) =>
      thenOrNow(authorshipOf(message, context), (authorship) =>
        roleReference(authorship?.role, message.senderOrganizationKey, context, info),
      ),
  }),
  writtenBy: t.field({
    type: UserRef,
    extensions: authorshipCost,
    description:
      'The person who wrote the message: the user of a role, otherwise the sender. Null when the upstream does not name the user of a role. Whether the sender is a role depends on its metadata, see `Role`.',
    resolve: (message, _args, context, info) =>
      thenOrNow(authorshipOf(message, context), (authorship) =>
        userReference(authorship === undefined ? message.sender : authorship.writer?.token, context, info),
      ),
  }),
}));

builder.objectField(GroupRef, 'role', (t) =>
  t.field({
    type: RoleRef,
    extensions: costs({ perParent: bulkShare, isReference: true }),
    description:
      'The role of a conversation with one, and of a duty list; null for all other groups, and when the upstream sent no metadata with the group.',
    resolve: ({ metadata, organizationKey }, _args, context, info) => {
      if (metadata?.feature_service !== 'role') return null;
      const isDutyList = metadata.meta_type === 'role_assignment';
      const token = isDutyList ? metadata.id : metadata.target_id;
      const name = isDutyList ? undefined : metadata.target_display_name;
      return roleReference(token === undefined ? undefined : { token, name }, organizationKey, context, info);
    },
  }),
);
