import type { GatewayContext } from '../../context.ts';
import type { Counterpart } from '../../domain/domain.ts';
import { badUserInput, GatewayError } from '../../errors.ts';
import { addRosterEntry, removeRosterEntry } from '../../upstream/endpoints/roster.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { conversationId, conversationKeyOf, organizationKeyOf, recipientAddress } from '../id.ts';
import { publishAdded } from '../publish-own.ts';
import { CounterpartRef } from '../refs.ts';
import { ConversationTargetInput, replacedByTarget, targetOf } from '../target.ts';

const organizationField = {
  description: 'Key of the organization the conversation belongs to; the caller’s default organization when left out.',
} as const;

/** The `conversation` argument, equal in all inputs that accept a conversation in place of its counterpart. */
export const conversationField = {
  description: 'Global id of the conversation, in place of its counterpart and organization.',
} as const;

const AddRosterEntryInput = builder.inputType('AddRosterEntryInput', {
  description: 'A conversation to start without a message.',
  fields: (t) => ({
    counterpart: t.id({
      required: true,
      description: 'A user or distribution list: global id, token, e-mail address, phone number or login name.',
    }),
    organization: t.string(organizationField),
  }),
});

const RemoveRosterEntryInput = builder.inputType('RemoveRosterEntryInput', {
  description: 'A conversation to remove from the roster.',
  fields: (t) => ({
    target: t.field({ type: ConversationTargetInput, description: 'The conversation to remove.' }),
    conversation: t.id({ ...conversationField, deprecationReason: replacedByTarget }),
    counterpart: t.id({
      description:
        'The user, group or distribution list: global id, token, e-mail address, phone number or login name. Required without `conversation`.',
      deprecationReason: replacedByTarget,
    }),
    organization: t.string({ ...organizationField, deprecationReason: replacedByTarget }),
  }),
});

function counterpartPayload(name: string, description: string, fieldDescription: string) {
  return builder.objectRef<{ counterpart: Counterpart }>(name).implement({
    description,
    fields: (t) => ({
      counterpart: t.field({
        type: CounterpartRef,
        nullable: false,
        description: fieldDescription,
        resolve: ({ counterpart }) => counterpart,
      }),
    }),
  });
}

const AddRosterEntryPayload = counterpartPayload(
  'AddRosterEntryPayload',
  'The conversation that was added.',
  'The other side of the conversation.',
);
const RemoveRosterEntryPayload = builder
  .objectRef<{ counterpart: Counterpart; organization: string | undefined }>('RemoveRosterEntryPayload')
  .implement({
    description: 'The conversation that was removed.',
    fields: (t) => ({
      counterpart: t.field({
        type: CounterpartRef,
        nullable: false,
        description: 'The other side of the conversation, as it was before the removal.',
        resolve: ({ counterpart }) => counterpart,
      }),
      removedConversationId: t.id({
        description: 'Global id of the conversation; null when its organization is not known.',
        resolve: ({ counterpart: { token }, organization }) =>
          organization === undefined ? null : conversationId({ counterpart: token, organization }),
      }),
    }),
  });

/**
 * The object at an address. Only reads show its kind: user, then group, then list (NOTES, "What an unknown token is, the
 * SDK finds out by asking"). A global id needs one read.
 */
export async function counterpartOf(id: string, field: string, context: GatewayContext): Promise<Counterpart> {
  const address = recipientAddress(id, field);
  const { loaders } = context;
  const found = id.startsWith('Group:')
    ? await loaders.groups.load(address)
    : id.startsWith('DistributionList:')
      ? await loaders.lists.load(address)
      : id.startsWith('User:')
        ? await loaders.users().load(address)
        : ((await loaders.users().load(address)) ??
          (await loaders.groups.load(address)) ??
          (await loaders.lists.load(address)));
  if (found === undefined)
    throw new GatewayError('NOT_FOUND', {
      field,
      message: `${field}: there is no user, group or distribution list by that address.`,
    });
  return found;
}

/** The conversation to remove, by its id or by its counterpart. */
function removedOf(input: {
  readonly target?: Parameters<typeof targetOf>[0];
  readonly conversation?: string | null | undefined;
  readonly counterpart?: string | null | undefined;
  readonly organization?: string | null | undefined;
}) {
  const { conversation, counterpart, organization, paths } = targetOf(input.target, input);
  if (conversation !== undefined) {
    const key = conversationKeyOf(conversation, paths.conversation);
    return { address: key.counterpart, field: paths.conversation, organization: key.organization };
  }
  if (counterpart === undefined) throw badUserInput('input', 'a target');
  return { address: counterpart, field: paths.counterpart, organization };
}

builder.mutationFields((t) => ({
  addRosterEntry: t.field({
    type: AddRosterEntryPayload,
    extensions: costs({ perParent: 4 }),
    description:
      'Adds a conversation with a user or distribution list to the caller’s roster without sending a message.',
    args: {
      input: t.arg({
        type: AddRosterEntryInput,
        required: true,
        description: 'The conversation to add, by counterpart.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const organization =
        input.organization == null ? undefined : organizationKeyOf(input.organization, 'input.organization');
      const counterpart = await counterpartOf(input.counterpart, 'input.counterpart', context);
      if (counterpart.kind === 'GROUP') {
        throw new GatewayError('BAD_USER_INPUT', {
          field: 'input.counterpart',
          message: 'input.counterpart: expected a user or distribution list; groups are joined with addGroupMembers.',
        });
      }
      const { kind, token } = counterpart;
      await addRosterEntry(context.upstream, { kind, token }, { organization });
      context.loaders.clearRoster();
      publishAdded(counterpart, organization ?? counterpart.organizationKey, context);
      return { counterpart };
    },
  }),
  removeRosterEntry: t.field({
    type: RemoveRosterEntryPayload,
    extensions: costs({ perParent: 4 }),
    description:
      'Removes a conversation from the caller’s roster. A conversation with a user is erased for the caller; a group is left, and the caller receives no further messages from it.',
    args: {
      input: t.arg({
        type: RemoveRosterEntryInput,
        required: true,
        description: 'The conversation to remove, by its id or by its counterpart.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const { address, field, organization } = removedOf(input);
      const counterpart = await counterpartOf(address, field, context);
      const { kind, token } = counterpart;
      await removeRosterEntry(context.upstream, { kind, address: token }, { organization });
      // A group is left, a conversation with a user is erased with its messages.
      context.loaders.clearGroup(token);
      context.loaders.clearMessages();
      return { counterpart, organization: organization ?? counterpart.organizationKey };
    },
  }),
}));
