import type { GatewayContext } from '../context.ts';
import { audited } from './audit.ts';
import { builder } from './builder.ts';
import { describePageArguments } from './page-arguments.ts';
import './account.ts';
import './call-log.ts';
import './conversation.ts';
import './conversation-subscription.ts';
import './conversation-mutations.ts';
import './conversations.ts';
import './distribution-list.ts';
import './escalation.ts';
import './escalation-mutations.ts';
import './event/event.ts';
import './event/account.ts';
import './event/acknowledgement.ts';
import './event/call.ts';
import './event/conversation.ts';
import './event/message.ts';
import './event/notice.ts';
import './forum-mutations.ts';
import './forward-message.ts';
import './group.ts';
import './group-member-mutations.ts';
import './group-mutations.ts';
import './kinds.ts';
import './membership.ts';
import './message.ts';
import './message-status.ts';
import './metadata.ts';
import './mute.ts';
import './organization.ts';
import './organization-settings.ts';
import './profile.ts';
import './quick-reply.ts';
import './role.ts';
import './role-authorship.ts';
import './role-mutations.ts';
import './roles.ts';
import './roster.ts';
import './roster-mutations.ts';
import './search.ts';
import './send-message.ts';
import './session.ts';
import './subscription.ts';
import './subscription-by-type.ts';
import './subscription-to-changes.ts';
import './team.ts';
import './team-mutations.ts';
import './timeline.ts';
import './typing.ts';
import './user.ts';

export const schema = builder.toSchema();
describePageArguments(schema);

// What greets the reader of the documentation.
schema.description =
  'Secure messaging between the people of a hospital. Begin with `me` and `conversations`; a `Conversation` has its `timeline`, `sendMessage` writes into it, and the subscription `events` says what changes, as it happens.';

// When a mutation field fails, the error of that field reports what it may have changed; so does the audit trail.
for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
  const { resolve } = field;
  if (resolve === undefined) continue;
  const reported = audited(resolve);
  field.resolve = (root, args, context: GatewayContext, info) => {
    context.caller.writes?.enter(String(info.path.key));
    return reported(root, args, context, info);
  };
}
