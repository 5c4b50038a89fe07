import { startTyping, stopTyping } from '../../upstream/endpoints/typing.ts';
import { missingFor } from '../argument-error.ts';
import { builder } from '../builder.ts';
import { costs } from '../field-cost.ts';
import { organizationKeyIn, recipientAddress, speakAsField, speakAsToken } from '../id.ts';

/** Arguments common to both mutations. */
function typingOf(input: {
  readonly recipient: string;
  readonly organization?: string | null | undefined;
  readonly speakAs?: string | null | undefined;
}) {
  return {
    address: recipientAddress(input.recipient, 'input.recipient'),
    organization: organizationKeyIn(input.organization, 'input.organization'),
    role: speakAsToken(input.speakAs),
  };
}

const TypingInput = builder.inputType('TypingInput', {
  description: 'The conversation the caller is typing in.',
  fields: (t) => ({
    recipient: t.id({
      required: true,
      description:
        'The user, group or distribution list: global id, token, e-mail address, phone number or login name.',
    }),
    organization: t.string({
      description:
        'Key of the organization the conversation belongs to; the caller’s default organization when left out.',
    }),
    speakAs: t.id(speakAsField),
  }),
});

function typingPayload(name: string, description: string) {
  return builder.objectRef<{ isTyping: boolean }>(name).implement({
    description,
    fields: (t) => ({
      isTyping: t.exposeBoolean('isTyping', { nullable: false, description: 'Typing state that the others see.' }),
    }),
  });
}

const StartTypingPayload = typingPayload('StartTypingPayload', 'The others see that the caller is typing.');
const StopTypingPayload = typingPayload('StopTypingPayload', 'The others see that the caller stopped typing.');

const missingRecipient = 'user, group or distribution list by that address that the caller may write to';

builder.mutationFields((t) => ({
  startTyping: t.field({
    type: StartTypingPayload,
    extensions: costs({ perParent: 1 }),
    description:
      'Shows the others in a conversation that the caller is typing. Repeat it every few seconds while the caller types; nothing is stored.',
    args: { input: t.arg({ type: TypingInput, required: true, description: 'The conversation, by its recipient.' }) },
    resolve: async (_root, { input }, context) => {
      const { address, ...typing } = typingOf(input);
      await missingFor('input.recipient', missingRecipient, startTyping(context.upstream, address, typing));
      return { isTyping: true };
    },
  }),
  stopTyping: t.field({
    type: StopTypingPayload,
    extensions: costs({ perParent: 1 }),
    description: 'Shows the others in a conversation that the caller stopped typing.',
    args: { input: t.arg({ type: TypingInput, required: true, description: 'The conversation, by its recipient.' }) },
    resolve: async (_root, { input }, context) => {
      const { address, ...typing } = typingOf(input);
      await missingFor('input.recipient', missingRecipient, stopTyping(context.upstream, address, typing));
      return { isTyping: false };
    },
  }),
}));
