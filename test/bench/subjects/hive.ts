/** Hive Gateway answers in the upstream's names and envelope: the request renames them, as a client of it would. */
import { node24 } from '../processes.ts';
import { type Operation, oneUser } from '../queries.ts';
import type { HttpSubject } from './http-subject.ts';
import { startNodePeer } from './node-peer.ts';

const query = `query User($id: String!) {
  user: getUser(token: $id) {
    reply {
      token displayName: display_name firstName: first_name lastName: last_name username title department
      isDoNotDisturb: dnd organizationKey: organization_key
      emails { address isVerified: verified }
    }
  }
}`;

function bodyOf(operation: Operation): string {
  if (operation !== oneUser) throw new Error('hive answers the query for one user alone');
  return JSON.stringify({ query, variables: operation.variables });
}

const normalise = (data: unknown) => ({ user: (data as { user: { reply: unknown } }).user.reply });

export function startHive(upstreamUrl: string): Promise<HttpSubject> {
  return startNodePeer({ file: 'hive', label: 'Hive Gateway (Node 24)', upstreamUrl, node: node24, bodyOf, normalise });
}
