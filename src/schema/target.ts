/**
 * The input `target`, of which exactly one field is given, in place of fields that exclude each other. The older fields stay until
 * their removal; both forms become one here.
 */
import { badUserInput } from '../errors.ts';
import { builder } from './builder.ts';

/** Reason and date for the fields that `target` replaces. */
export const replacedByTarget = 'Excludes other fields of the input: use `target`. Removal on 2027-12-01.';

const CounterpartInput = builder.inputType('CounterpartInput', {
  description: 'The other side of a conversation, in one organization.',
  fields: (t) => ({
    id: t.id({
      required: true,
      description: 'A user, group or distribution list: global id, token, e-mail address, phone number or login name.',
    }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; the caller’s default organization when left out.',
    }),
  }),
});

export const ConversationTargetInput = builder.inputType('ConversationTargetInput', {
  description: 'A conversation, by its id or by its counterpart: exactly one of the two.',
  isOneOf: true,
  fields: (t) => ({
    conversation: t.id({ description: 'Global id of the conversation.' }),
    counterpart: t.field({ type: CounterpartInput, description: 'The other side of the conversation.' }),
  }),
});

export const MuteTargetInput = builder.inputType('MuteTargetInput', {
  description: 'A conversation, by its id or by its counterpart, or a whole organization: exactly one of the three.',
  isOneOf: true,
  fields: (t) => ({
    conversation: t.id({ description: 'Global id of the conversation.' }),
    counterpart: t.field({ type: CounterpartInput, description: 'The user or group on the other side.' }),
    organization: t.string({ description: 'Key of the organization.' }),
  }),
});

interface TargetFields {
  readonly conversation?: string | null | undefined;
  readonly counterpart?: { readonly id: string; readonly organization?: string | null | undefined } | null | undefined;
  readonly organization?: string | null | undefined;
}

/** What is meant, and the paths of the fields that say so, for errors. */
export interface Target {
  readonly conversation: string | undefined;
  readonly counterpart: string | undefined;
  readonly organization: string | undefined;
  readonly paths: { readonly conversation: string; readonly counterpart: string };
}

/**
 * @param older The fields that `target` replaces.
 * @throws GatewayError `BAD_USER_INPUT` when `target` and older fields are both given.
 */
export function targetOf(
  target: TargetFields | null | undefined,
  older: { readonly [Name in 'conversation' | 'counterpart' | 'organization']?: string | null | undefined },
): Target {
  const { conversation: olderConversation, counterpart: olderCounterpart, organization: olderOrganization } = older;
  if (target == null) {
    return {
      conversation: olderConversation ?? undefined,
      counterpart: olderCounterpart ?? undefined,
      organization: olderOrganization ?? undefined,
      paths: { conversation: 'input.conversation', counterpart: 'input.counterpart' },
    };
  }
  if (olderConversation != null || olderCounterpart != null || olderOrganization != null)
    throw badUserInput('input.target', 'none of the fields that it replaces beside it');
  const { conversation, counterpart, organization } = target;
  return {
    conversation: conversation ?? undefined,
    counterpart: counterpart?.id,
    organization: counterpart?.organization ?? organization ?? undefined,
    paths: { conversation: 'input.target.conversation', counterpart: 'input.target.counterpart.id' },
  };
}
