/**
 * The input `target`, of which exactly one field is given, in place of fields that exclude each other. Both forms are converted to
 * one here; the older fields stay until their removal.
 */
import { badUserInput } from '../errors.ts';
import { builder } from './builder.ts';
import { organizationKeyIn } from './id.ts';

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

/** The target, and the paths of the fields that name it, for errors. A conversation excludes the other two. */
export interface Target {
  readonly conversation: string | undefined;
  readonly counterpart: string | undefined;
  /** A valid key. */
  readonly organization: string | undefined;
  readonly paths: { readonly conversation: string; readonly counterpart: string };
}

/**
 * @param older The fields that `target` replaces.
 * @throws GatewayError `BAD_USER_INPUT` when `target` and older fields are both given, a conversation beside its parts, or an
 *   invalid organization key.
 */
export function targetOf(
  target: TargetFields | null | undefined,
  older: { readonly [Name in 'conversation' | 'counterpart' | 'organization']?: string | null | undefined },
): Target {
  const conversation = older.conversation ?? undefined;
  const counterpart = older.counterpart ?? undefined;
  const organization = organizationKeyIn(older.organization, 'input.organization');
  if (target == null) {
    const paths = { conversation: 'input.conversation', counterpart: 'input.counterpart' };
    if (conversation !== undefined && (counterpart !== undefined || organization !== undefined))
      throw badUserInput(paths.conversation, 'no counterpart and organization beside it');
    return { conversation, counterpart, organization, paths };
  }
  if (conversation !== undefined || counterpart !== undefined || organization !== undefined)
    throw badUserInput('input.target', 'none of the fields that it replaces beside it');
  return {
    conversation: target.conversation ?? undefined,
    counterpart: target.counterpart?.id,
    organization:
      organizationKeyIn(target.counterpart?.organization, 'input.target.counterpart.organization') ??
      organizationKeyIn(target.organization, 'input.target.organization'),
    paths: { conversation: 'input.target.conversation', counterpart: 'input.target.counterpart.id' },
  };
}
