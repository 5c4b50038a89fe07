import { badRequest, forbidden } from '../http-error.ts';
import { empty, pathValue, type Routes, success } from '../request-context.ts';
import { requireSighting } from '../state/account.ts';
import { announcePresence, isPresent } from '../state/audience.ts';
import { deliver } from '../state/outbox.ts';
import { endSession } from '../state/sessions.ts';
import { wipeEvent } from '../wire/entity-event.ts';

export const accountRoutes: Routes = {
  /** The demo pairs stand for keys of the developer portal: logging out closes their streams and no more. */
  logout: ({ world, session }) => {
    endSession(world, session);
    return success({});
  },

  /**
   * By the user, or by an administrator of an organization the two share. The user's sessions end as each acknowledges
   * its `remote_wipe`, as clients acknowledge it before they act on it.
   */
  wipeUser: ({ world, caller, query }) => {
    const { account } = requireSighting(world, caller, query.get('token') ?? '');
    const isAdministrator = [...caller.memberships.values()].some(
      ({ organization, rights }) => rights.includes('admin') && account.memberships.has(organization),
    );
    if (account !== caller && !isAdministrator) throw forbidden();
    deliver(world, account.token, wipeEvent());
    return empty();
  },

  getServerStatus: () => success({}),

  /** Told to contacts while a stream is open that does not hide. */
  updatePresence: (context) => {
    const { world, caller, session } = context;
    const status = pathValue(context, 'status');
    if (status !== 'online' && status !== 'away') throw badRequest('status: expected one of online, away');
    session.presence = status === 'away' ? 'away' : 'available';
    if (isPresent(world, caller)) announcePresence(world, caller, session.presence);
    return empty();
  },
};
