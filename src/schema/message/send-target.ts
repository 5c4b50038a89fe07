/** The target of a message: a recipient, or a conversation. */
import type { GatewayContext } from '../../context.ts';
import type { Conversation, ConversationState } from '../../domain/conversation.ts';
import type { ConversationKey } from '../../domain/domain.ts';
import { badUserInput } from '../../errors.ts';
import {
  forwardMessage,
  forwardToConversation,
  type SentMessage,
  sendMessage,
  sendToConversation,
} from '../../upstream/endpoints/send-message.ts';
import type { MessageForward, NewMessage } from '../../upstream/wire/new-message.ts';
import { isToRole, roleConversation, type TargetInput } from '../duty/role-conversation.ts';
import { conversationKeyOf, recipientAddress } from '../id.ts';

type Target = { readonly recipient: string } | ConversationKey;

/**
 * Rejects an input without a target. A role's conversation is not searched yet.
 * @throws GatewayError `BAD_USER_INPUT` unless it names a recipient or a conversation, and only one of them.
 */
export function checkTarget(input: TargetInput): void {
  if (!isToRole(input)) targetOf(input);
}

/**
 * The target of an input. For a role it is the writer's conversation with it, which is created when there is none: therefore called
 * after all other checks.
 */
export async function findTarget(input: TargetInput, context: GatewayContext): Promise<Target> {
  return isToRole(input) ? roleConversation(input, context) : targetOf(input);
}

function targetOf(input: TargetInput): Target {
  const { recipient, conversation, senderOrganization, recipientOrganization } = input;
  if (conversation == null) {
    if (recipient == null) throw badUserInput('input.recipient', 'a recipient or a conversation');
    return { recipient: recipientAddress(recipient, 'input.recipient') };
  }
  if (recipient != null || senderOrganization != null || recipientOrganization != null)
    throw badUserInput('input.conversation', 'no recipient and no organization beside it');
  return conversationKeyOf(conversation, 'input.conversation');
}

/**
 * Sends into a conversation: by its own id on an upstream with history, otherwise to its counterpart in its organization, with the
 * same Request-ID. A message with a file, or one written as a role, always goes to the counterpart: both reach the same
 * conversation, and a file can be read only once.
 */
export async function sendInto(
  key: ConversationKey,
  message: Omit<NewMessage, 'recipient'>,
  { upstream, loaders }: GatewayContext,
): Promise<SentMessage & { readonly conversation: Conversation; readonly state?: ConversationState | undefined }> {
  const isPlain = message.attachment === undefined && message.role === undefined;
  const sent = isPlain
    ? await loaders.conversations.withId(key, (id) => sendToConversation(upstream, id, message))
    : undefined;
  if (sent !== undefined) {
    loaders.clearRoster();
    const conversation: Conversation = { kind: 'CONVERSATION', key: sent.state?.key ?? key, state: sent.state };
    return { ...sent, conversation };
  }
  const stored = await sendMessage(upstream, { ...message, ...addressOf(key) });
  loaders.clearRoster();
  return { ...stored, conversation: { kind: 'CONVERSATION', key } };
}

/** Forwards a message into a conversation, as `sendInto` sends one. */
export async function forwardInto(
  key: ConversationKey,
  token: string,
  forward: Omit<MessageForward, 'recipient'>,
  { upstream, loaders }: GatewayContext,
): Promise<SentMessage & { readonly conversation: Conversation }> {
  const sent =
    (await loaders.conversations.withId(key, (id) => forwardToConversation(upstream, token, id, forward))) ??
    (await forwardMessage(upstream, token, { ...forward, ...addressOf(key) }));
  return { ...sent, conversation: { kind: 'CONVERSATION', key } };
}

function addressOf({ organization, counterpart }: ConversationKey) {
  return { recipient: counterpart, senderOrganization: organization, recipientOrganization: organization };
}
