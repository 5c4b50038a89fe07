/** Starting an escalation, and answering one. */
import type { GatewayContext } from '../../context.ts';
import type { Escalation } from '../../domain/duty.ts';
import { GatewayError } from '../../errors.ts';
import {
  cancelEscalation,
  confirmEscalation,
  escalateMessage,
  skipEscalation,
} from '../../upstream/endpoints/escalation.ts';
import { isAbsence } from '../../upstream/transport/failure.ts';
import { missingFor, notFoundAt } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { tokenOf } from '../id.ts';
import { supportedFor } from '../not-supported.ts';
import { MessageRef, messageReference, valueOrError } from '../refs.ts';
import { EscalationRef } from './escalation-ref.ts';

const messageField = {
  required: true,
  description: 'The original message, not its copy: global id or token.',
} as const;

function messageInput(name: string, description: string) {
  return builder.inputType(name, { description, fields: (t) => ({ message: t.id(messageField) }) });
}

function answerInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({
      message: t.id(messageField),
      escalationId: t.string({
        description:
          '`escalationId` of the escalation. When it is left out, it is that of the message, which the caller then has to be allowed to read.',
      }),
    }),
  });
}

const EscalateMessageInput = messageInput('EscalateMessageInput', 'An unanswered message to a role.');
const CancelEscalationInput = messageInput('CancelEscalationInput', 'The message whose escalation to end.');
const ConfirmEscalationInput = answerInput('ConfirmEscalationInput', 'The escalation that the caller takes care of.');
const SkipEscalationInput = answerInput('SkipEscalationInput', 'The escalation that the caller passes on.');

interface Changed {
  readonly message: string;
  readonly escalation: Escalation | GatewayError | undefined;
}

function changedPayload(name: string, description: string) {
  return builder.objectRef<Changed>(name).implement({
    description,
    fields: (t) => ({
      escalation: t.field({
        type: EscalationRef,
        description: 'The escalation after the change. Of `cancelEscalation`, null when it can no longer be read.',
        resolve: ({ escalation }) => valueOrError(escalation),
      }),
      message: t.field({
        type: MessageRef,
        extensions: costs({ perParent: 1, isReference: true }),
        description: 'The original message; null when the caller may not see it, or it no longer exists.',
        resolve: ({ message }, _args, context, info) => messageReference(message, context, info),
      }),
    }),
  });
}

const EscalateMessagePayload = changedPayload('EscalateMessagePayload', 'The escalation that started.');
const ConfirmEscalationPayload = changedPayload('ConfirmEscalationPayload', 'The escalation that is confirmed now.');
const SkipEscalationPayload = changedPayload('SkipEscalationPayload', 'The escalation at its next step.');
const CancelEscalationPayload = changedPayload('CancelEscalationPayload', 'The escalation that the sender ended.');

const missingMessage = 'such message';

function over(): GatewayError {
  return new GatewayError('CONFLICT', {
    field: 'input.message',
    message: 'input.message: the escalation of the message is over.',
  });
}

function isOver({ status }: Escalation): boolean {
  return status !== 'IN_PROGRESS' && status !== 'OTHER';
}

/** Discards what shows an escalation: the message, its copy, the group of the back-ups, and counts of conversations. */
function clearEscalations(loaders: GatewayContext['loaders']): void {
  loaders.clearMessages();
  loaders.clearGroups();
}

/** The escalation of a message that the caller may read; an error when it breaks the contract. */
async function escalationOf(
  message: string,
  { loaders }: GatewayContext,
): Promise<Escalation | GatewayError | undefined> {
  return (await loaders.messages.load(message))?.escalation;
}

interface Acting {
  readonly tokens: readonly string[];
  /** Error of reading the escalation, or an account that may be a role of the caller. */
  readonly failure: Error | undefined;
}

/** The caller's tokens in an escalation: the roles of it that the caller is on duty for, then the caller (contract). */
async function actingAs(
  escalation: Escalation | GatewayError | undefined,
  { loaders }: GatewayContext,
): Promise<Acting> {
  const { token: me } = await loaders.me();
  if (escalation instanceof GatewayError) return { tokens: [me], failure: escalation };
  const named = [
    escalation?.target,
    ...(escalation?.steps ?? []).flatMap(({ targets }) => targets.map(({ token }) => token)),
  ];
  const tokens = [...new Set(named.filter((token) => token !== undefined && token !== me))] as string[]; // without undefined
  const accounts = await loaders.users().loadMany(tokens);
  const own = accounts.flatMap((account) => {
    if (account === undefined || account instanceof Error) return [];
    return account.role?.onDuty.some(({ token }) => token === me) === true ? [account.token] : [];
  });
  const failures = accounts.map((account) => (account instanceof Error ? account : account?.role?.error));
  return { tokens: [...own, me], failure: failures.find((failure) => failure !== undefined) };
}

interface AnswerInput {
  readonly message: string;
  readonly escalationId?: string | null | undefined;
}

function isKnownOver(escalation: Escalation | GatewayError | undefined, id: string): boolean {
  if (escalation === undefined || escalation instanceof GatewayError) return false;
  return escalation.escalationId === id && isOver(escalation);
}

/**
 * Answers an escalation. The upstream gives the same error for an ended escalation as for one of others (contract), so the message
 * is read to distinguish them.
 */
async function answer(
  input: AnswerInput,
  context: GatewayContext,
  send: typeof confirmEscalation,
): Promise<Changed & { readonly escalation: Escalation }> {
  const { loaders, upstream } = context;
  const message = tokenOf('Message', input.message, 'input.message');
  const known = await escalationOf(message, context);
  if (known instanceof GatewayError && input.escalationId == null) throw known;
  const escalation = input.escalationId ?? (known instanceof GatewayError ? undefined : known?.escalationId);
  if (escalation === undefined) throw notFoundAt('input.message', 'escalation of such a message');
  if (isKnownOver(known, escalation)) throw over();
  const { tokens: as, failure } = await actingAs(known, context);
  try {
    const changed = await supportedFor('escalations', send(upstream, { message, escalation, as }));
    return { message, escalation: changed };
  } catch (error) {
    if (!isAbsence(error)) throw error;
    clearEscalations(loaders);
    if (isKnownOver(await escalationOf(message, context), escalation)) throw over();
    // Without the caller's role the upstream rejects everything: the failed read of the role is the cause.
    if (failure !== undefined && error instanceof GatewayError && error.code === 'FORBIDDEN') throw failure;
    throw error instanceof GatewayError && error.code === 'NOT_FOUND'
      ? notFoundAt(
          known === undefined || input.escalationId == null ? 'input.message' : 'input.escalationId',
          'such escalation',
        )
      : error;
  } finally {
    clearEscalations(loaders);
  }
}

builder.mutationFields((t) => ({
  escalateMessage: t.field({
    type: EscalateMessagePayload,
    extensions: costs({ perParent: 1 }),
    description:
      'Starts the escalation of a message to a role, by the policy of the role; `escalate` of `sendMessage` starts one at once. FORBIDDEN where the upstream allows none.',
    args: { input: t.arg({ type: EscalateMessageInput, required: true, description: 'The message, by its id.' }) },
    resolve: async (_root, { input }, { upstream, loaders }) => {
      const message = tokenOf('Message', input.message, 'input.message');
      const starting = supportedFor('escalations', escalateMessage(upstream, message));
      const escalation = await missingFor('input.message', missingMessage, starting);
      clearEscalations(loaders);
      return { message, escalation };
    },
  }),
  confirmEscalation: t.field({
    type: ConfirmEscalationPayload,
    extensions: costs({ perParent: 5 }),
    description:
      'Confirms an escalation: the caller handles the message, and no one else is asked. CONFLICT when it has ended, FORBIDDEN for users who were not asked.',
    args: {
      input: t.arg({ type: ConfirmEscalationInput, required: true, description: 'The escalation, by its message.' }),
    },
    resolve: async (_root, { input }, context) => {
      const confirmed = await answer(input, context, confirmEscalation);
      const { status } = confirmed.escalation;
      if (status === 'CANCELLED' || status === 'UNANSWERED') throw over();
      return confirmed;
    },
  }),
  skipEscalation: t.field({
    type: SkipEscalationPayload,
    extensions: costs({ perParent: 5 }),
    description:
      'Passes an escalation on to its next step without waiting. CONFLICT when it has ended, FORBIDDEN for users who were not asked. A skip of the last step ends it with UNANSWERED (assumed).',
    args: {
      input: t.arg({ type: SkipEscalationInput, required: true, description: 'The escalation, by its message.' }),
    },
    resolve: (_root, { input }, context) => answer(input, context, skipEscalation),
  }),
  cancelEscalation: t.field({
    type: CancelEscalationPayload,
    extensions: costs({ perParent: 2 }),
    description:
      'Ends the escalation of a message without an answer; an ended one causes no error. FORBIDDEN for all but its sender (assumed).',
    args: { input: t.arg({ type: CancelEscalationInput, required: true, description: 'The message, by its id.' }) },
    resolve: async (_root, { input }, context) => {
      const { upstream, loaders } = context;
      const message = tokenOf('Message', input.message, 'input.message');
      const ending = supportedFor('escalations', cancelEscalation(upstream, message));
      await missingFor('input.message', missingMessage, ending);
      clearEscalations(loaders);
      return { message, escalation: await escalationOf(message, context) };
    },
  }),
}));
