/** Shared parts of sending and forwarding: recipient, idempotency key, and the fields of the results. */
import { randomUUID } from 'node:crypto';
import type { GatewayContext } from '../../context.ts';
import type { Conversation } from '../../domain/conversation.ts';
import type { Message, Priority } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import { type PromiseOrValue, thenOrNow } from '../../loaders/promise-or-value.ts';
import type { SentMessage } from '../../upstream/endpoints/send-message.ts';
import { lookupUser } from '../../upstream/endpoints/user.ts';
import { costs } from '../field-cost.ts';
import { canBecomeAccount, organizationKeyIn } from '../id.ts';
import { ConversationRef, conversationReference } from '../refs.ts';
import { type DatumInput, dataOf } from './message-data.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The contract's Request-ID, a UUID. A key from the client makes its repeated requests safe, a new one makes the gateway's
 * retries safe.
 */
function requestIdOf(key: string | null | undefined, { caller }: GatewayContext): string {
  if (key == null) {
    const fresh = randomUUID();
    caller.writes?.addFreshKey(fresh);
    return fresh;
  }
  if (!uuidPattern.test(key)) throw badUserInput('input.idempotencyKey', 'a UUID');
  return key.toLowerCase();
}

export const idempotencyKeyField = {
  description:
    'A UUID chosen by the client. Requests with the same key store the message only once. When it is left out, an error with an unknown outcome has the key that was used in `extensions.idempotencyKey`.',
} as const;

export const recipientDescription =
  'A user, group or distribution list: global id, token, e-mail address, phone number or login name; or a role: the global id of a Role, whereas the id of its account as a User reaches the account itself. The upstream creates an account for an e-mail address or phone number that has none.';

export const senderOrganizationField = {
  description: 'Key of the sender’s organization; the caller’s default organization when left out.',
} as const;

export const recipientOrganizationField = {
  description: 'Key of the recipient’s organization; the same as `senderOrganization` when left out.',
} as const;

export const toUnstaffedRoleField = {
  description:
    'Whether to send to a role with no user on duty: the next user on duty reads the message. When false or left out, the error is NOBODY_ON_DUTY with the role’s own text in `extensions.notice`.',
} as const;

export const wasAlreadyStoredField = {
  nullable: false,
  description:
    'Whether an earlier request with the same `idempotencyKey` stored the message; this request then sent nothing.',
} as const;

export const recipientWasCreatedField = {
  nullable: false,
  description:
    'Whether the address had no account and the upstream created one; the message is then sent by e-mail or phone.',
} as const;

export interface Sent extends SentMessage {
  readonly recipientCreated: boolean;
  /** The conversation it was sent to; undefined when it was sent to a recipient. */
  readonly conversation?: Conversation | undefined;
}

/**
 * The conversation of a sent message: the one it was sent to, or that of the message, which is read when the reply of the upstream does
 * not contain it, as after a forward or a repeated send.
 */
export function conversationOfSent(sent: Sent, context: GatewayContext): PromiseOrValue<Conversation | null> {
  if (sent.conversation !== undefined) return sent.conversation;
  return thenOrNow(sentMessage(sent, context, true), (message) =>
    message == null
      ? null
      : thenOrNow(context.loaders.conversations.keyOfMessage(message), (key) => conversationReference(key)),
  );
}

/** The stored message if the upstream returned it; otherwise it is read when more than its id is selected. */
export function sentMessage(
  sent: SentMessage,
  context: GatewayContext,
  read: boolean,
): PromiseOrValue<Message | null | undefined> {
  if (sent.message !== undefined) return sent.message;
  if (!read) return { kind: 'MESSAGE', token: sent.token };
  return context.loaders.messages.load(sent.token);
}

export const sentConversationField = {
  type: ConversationRef,
  extensions: costs({ perOperation: 1, perParent: 1 }),
} as const;

/**
 * Calls of a send to a role: its account, its own object, the caller, the roster, the new group, the list with its conversation, the
 * message, and the message again for the caller's own stream.
 */
export const sendCalls = 8;

export const missingRecipient = 'user, group or distribution list by that address that the caller may write to';

/** Arguments common to sending and forwarding. */
export function deliveryOf(
  input: {
    readonly priority?: Priority | null | undefined;
    readonly data?: readonly DatumInput[] | null | undefined;
    readonly senderOrganization?: string | null | undefined;
    readonly recipientOrganization?: string | null | undefined;
    readonly idempotencyKey?: string | null | undefined;
  },
  context: GatewayContext,
) {
  const senderOrganization = organizationKeyIn(input.senderOrganization, 'input.senderOrganization');
  return {
    priority: input.priority ?? undefined,
    data: dataOf(input.data, 'input.data'),
    senderOrganization,
    recipientOrganization:
      organizationKeyIn(input.recipientOrganization, 'input.recipientOrganization') ?? senderOrganization,
    requestId: requestIdOf(input.idempotencyKey, context),
  };
}

/** Only an e-mail address or phone number can be new, and only a lookup before sending shows whether it is. */
export async function isNew(recipient: string, context: GatewayContext): Promise<boolean> {
  return canBecomeAccount(recipient) && (await lookupUser(context.upstream, recipient)) === undefined;
}
