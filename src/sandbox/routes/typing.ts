import { badRequest, HttpError, notFound } from '../http/http-error.ts';
import {
  bodyOf,
  empty,
  pathValue,
  type RequestContext,
  type Routes,
  requestedOrganization,
} from '../http/request-context.ts';
import { requireVisibleAccount } from '../state/account.ts';
import { deliver } from '../state/outbox.ts';
import { typingEvent } from '../wire/event.ts';

export const typingRoutes: Routes = {
  typingMessage: (context) => {
    announce(context, context.query.get('recipient') ?? '', true);
    return empty();
  },

  typingMessagePost: (context) => {
    const { recipient, proxy_token } = bodyOf(context, 'typingMessagePost');
    announce(context, recipient, true, proxy_token);
    return empty();
  },

  deleteMessageTyping: (context) => {
    announce(context, pathValue(context, 'recipient_address'), false);
    return empty();
  },

  /** Always 204, because the official client does not handle an error of this call (contract, deleteMessageTypingAs). */
  deleteMessageTypingAs: (context) => {
    try {
      announce(context, pathValue(context, 'recipient_address'), false, pathValue(context, 'proxy_token'));
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
    }
    return empty();
  },
};

/** @throws HttpError 404 for a recipient the caller cannot write to. */
function announce(context: RequestContext, recipient: string, isTyping: boolean, proxy?: string): void {
  const { world, caller } = context;
  if (recipient === '') throw badRequest('recipient is required');
  const role = proxy !== undefined && world.roles.get(caller.token)?.includes(proxy) === true ? proxy : undefined;
  const sender = caller.token;
  const group = world.groups.get(recipient);
  if (group !== undefined) {
    if (group.deleted || !group.members.has(caller.token)) throw notFound('Recipient');
    const { organization, token } = group;
    const event = typingEvent({
      sender,
      isTyping,
      organization,
      group: token,
      ...(role === undefined ? {} : { role }),
    });
    for (const member of group.members) if (member !== sender) deliver(world, member, event, organization);
    return;
  }
  const list = world.lists.get(recipient);
  if (list !== undefined) {
    if (!caller.memberships.has(list.organization)) throw notFound('Recipient');
    const { organization } = list;
    const event = typingEvent({ sender, isTyping, organization, ...(role === undefined ? {} : { role }) });
    for (const member of list.members) if (member !== sender) deliver(world, member, event, organization);
    return;
  }
  const { account, membership } = requireVisibleAccount(world, caller, recipient, requestedOrganization(context));
  const { organization } = membership;
  const event = typingEvent({ sender, isTyping, organization, ...(role === undefined ? {} : { role }) });
  deliver(world, account.token, event, organization);
}
