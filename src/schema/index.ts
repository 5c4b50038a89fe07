import type { GatewayContext } from '../context.ts';
import { audited } from './audit.ts';
import { builder } from './builder.ts';
import { describePageArguments } from './page-arguments.ts';
import './user/account.ts';
import './duty/call-log.ts';
import './conversation/conversation.ts';
import './subscription/conversation-subscription.ts';
import './conversation/conversation-mutations.ts';
import './conversation/conversations.ts';
import './group/distribution-list.ts';
import './duty/escalation.ts';
import './duty/escalation-mutations.ts';
import './event/event.ts';
import './event/account.ts';
import './event/acknowledgement.ts';
import './event/call.ts';
import './event/conversation.ts';
import './event/message.ts';
import './event/notice.ts';
import './group/forum-mutations.ts';
import './message/forward-message.ts';
import './group/group.ts';
import './group/group-member-mutations.ts';
import './group/group-mutations.ts';
import './kinds.ts';
import './user/membership.ts';
import './message/message.ts';
import './message/message-status.ts';
import './metadata.ts';
import './conversation/mute.ts';
import './organization/organization.ts';
import './organization/organization-settings.ts';
import './user/profile.ts';
import './duty/quick-reply.ts';
import './duty/role.ts';
import './duty/role-authorship.ts';
import './duty/role-mutations.ts';
import './duty/roles.ts';
import './conversation/roster.ts';
import './conversation/roster-mutations.ts';
import './search.ts';
import './message/send-message.ts';
import './user/session.ts';
import './subscription/subscription.ts';
import './subscription/subscription-by-type.ts';
import './subscription/subscription-to-changes.ts';
import './group/team.ts';
import './group/team-mutations.ts';
import './conversation/timeline.ts';
import './conversation/typing.ts';
import './user/user.ts';

export const schema = builder.toSchema();
describePageArguments(schema);

// Introduction of the documentation.
schema.description =
  'Secure messaging between the people of a hospital. Begin with `me` and `conversations`; a `Conversation` has its `timeline`, `sendMessage` writes into it, and the subscription `events` reports changes live.';

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
