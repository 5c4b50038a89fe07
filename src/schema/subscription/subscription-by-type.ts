/** Subscriptions to one type of event. */
import { builder } from '../builder.ts';
import { PresenceChangedRef, RosterChangedRef } from '../event/conversation.ts';
import { MessageRecalledRef, MessageReceivedRef, MessageStatusChangedRef, TypingChangedRef } from '../event/message.ts';
import { present, subscribeTo } from '../event/typed-source.ts';
import { tokenOf } from '../id.ts';
import { resolveToken } from '../token-argument.ts';

builder.subscriptionFields((t) => ({
  messageReceived: t.field({
    type: MessageReceivedRef,
    nullable: false,
    description: 'Messages in order of arrival: first stored messages, then live ones.',
    args: {
      from: t.arg.id({
        description:
          'Only messages from this user or in this group: global id, token, e-mail address, phone number or login name.',
      }),
    },
    subscribe: async (_root, { from }, context) => {
      const token = await resolveToken(['User', 'Group'], from, 'from', context);
      return subscribeTo(
        context,
        'MESSAGE_RECEIVED',
        ({ message }) => token === undefined || message.sender === token || message.group === token,
      );
    },
    resolve: present,
  }),
  messageStatusChanged: t.field({
    type: MessageStatusChangedRef,
    nullable: false,
    description: 'Changes of the delivery status of messages.',
    args: {
      message: t.arg.id({
        description: 'Only changes of this message: global id or token; all messages when left out.',
      }),
    },
    subscribe: (_root, { message }, context) => {
      const token = message == null ? undefined : tokenOf('Message', message, 'message');
      return subscribeTo(context, 'MESSAGE_STATUS_CHANGED', (event) => token === undefined || event.message === token);
    },
    resolve: present,
  }),
  messageRecalled: t.field({
    type: MessageRecalledRef,
    nullable: false,
    description: 'Messages that are recalled and must no longer be shown.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'MESSAGE_RECALLED'),
    resolve: present,
  }),
  typing: t.field({
    type: TypingChangedRef,
    nullable: false,
    description: 'Users who start or stop typing.',
    args: {
      in: t.arg.id({
        description:
          'Only in the conversation with this user or group: global id, token, e-mail address, phone number or login name.',
      }),
    },
    subscribe: async (_root, args, context) => {
      const token = await resolveToken(['User', 'Group'], args.in, 'in', context);
      return subscribeTo(
        context,
        'TYPING_CHANGED',
        ({ user, group }) => token === undefined || (group ?? user) === token,
      );
    },
    resolve: present,
  }),
  rosterChanged: t.field({
    type: RosterChangedRef,
    nullable: false,
    description: 'Conversations added to or removed from the caller’s roster.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'ROSTER_CHANGED'),
    resolve: present,
  }),
  presenceChanged: t.field({
    type: PresenceChangedRef,
    nullable: false,
    description: 'Changes of the presence of users.',
    subscribe: (_root, _args, context) => subscribeTo(context, 'PRESENCE_CHANGED'),
    resolve: present,
  }),
}));
