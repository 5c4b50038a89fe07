import { badRequest, forbidden } from '../http/http-error.ts';
import { empty, pathValue, type Routes, success } from '../http/request-context.ts';
import { requireVisibleAccount } from '../state/account.ts';
import { announcePresence, isPresent } from '../state/audience.ts';
import { deliver } from '../state/outbox.ts';
import { endSession } from '../state/sessions.ts';
import { wipeEvent } from '../wire/entity-event.ts';

export const accountRoutes: Routes = {
  /** Demo key pairs represent keys of the developer portal: logout closes their streams but keeps them valid. */
  logout: ({ world, session }) => {
    endSession(world, session);
    return success({});
  },

  /**
   * Allowed for the user and for an administrator of a shared organization. A session ends when it acknowledges
   * `remote_wipe`, because clients acknowledge the event before they act on it.
   */
  wipeUser: ({ world, caller, query }) => {
    const { account } = requireVisibleAccount(world, caller, query.get('token') ?? '');
    const isAdministrator = [...caller.memberships.values()].some(
      ({ organization, rights }) => rights.includes('admin') && account.memberships.has(organization),
    );
    if (account !== caller && !isAdministrator) throw forbidden();
    deliver(world, account.token, wipeEvent());
    return empty();
  },

  getServerStatus: () => success({}),

  /** Contacts receive it only while the caller has a visible stream open. */
  updatePresence: (context) => {
    const { world, caller, session } = context;
    const status = pathValue(context, 'status');
    if (status !== 'online' && status !== 'away') throw badRequest('status: expected one of online, away');
    session.presence = status === 'away' ? 'away' : 'available';
    if (isPresent(world, caller)) announcePresence(world, caller, session.presence);
    return empty();
  },
};
