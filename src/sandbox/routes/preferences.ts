import { limits } from '../bounds.ts';
import { forbidden } from '../http/http-error.ts';
import { bodyOf, pathValue, type Reply, type RequestContext, type Routes, success } from '../http/request-context.ts';
import { quickRepliesOf, setOrganizationQuickReplies, setOwnQuickReplies } from '../state/preferences.ts';
import { actingOrganization, requireAtMost } from './acting.ts';
import { requireSelf } from './user.ts';

export const preferencesRoutes: Routes = {
  getUserPreferences: (context) => {
    requireSelf(context);
    return replyFor(context, context.caller.token);
  },

  updateUserPreferences: (context) => {
    requireSelf(context);
    actingOrganization(context);
    const { quick_replies: replies } = bodyOf(context, 'updateUserPreferences');
    requireAtMost('quick_replies', replies ?? [], limits.quickReplies);
    if (replies !== undefined) setOwnQuickReplies(context.world, context.caller, replies);
    return replyFor(context, context.caller.token);
  },

  getOrganizationPreferences: (context) => replyFor(context, memberOrganization(context)),

  /** "Not an administrator (assumed)": 403. */
  updateOrganizationPreferences: (context) => {
    const organization = memberOrganization(context);
    const isAdministrator = context.caller.memberships.get(organization)?.rights.includes('admin') === true;
    if (!isAdministrator) throw forbidden();
    const replies = bodyOf(context, 'updateOrganizationPreferences').network?.patient?.quick_replies;
    requireAtMost('quick_replies', replies ?? [], limits.quickReplies);
    if (replies !== undefined) setOrganizationQuickReplies(context.world, organization, replies);
    return replyFor(context, organization);
  },
};

function replyFor({ world }: RequestContext, owner: string): Reply {
  return success({ quick_replies: quickRepliesOf(world, owner) });
}

/** @throws HttpError 403 when the caller is not a member. */
function memberOrganization(context: RequestContext): string {
  const organization = pathValue(context, 'organization_token');
  if (!context.caller.memberships.has(organization)) throw forbidden();
  return organization;
}
