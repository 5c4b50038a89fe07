/** What relays events: the gateway, and the bare bridge it is held against. */
import { Child, cores, script, subjectNode } from '../processes.ts';
import { startGateway } from './gateway.ts';

export interface Relay {
  readonly name: string;
  readonly url: string;
  /** What a subscriber sends; undefined for the bridge. */
  readonly query: string | undefined;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Nothing in it has to be read: what is timed is the relay. */
export const relayQuery =
  'subscription { messageReceived { id message { token body createdAt sender { token } group { token } } } }';

export async function startGatewayRelay(upstreamUrl: string): Promise<Relay> {
  const { subject, child, origin } = await startGateway({ upstreamUrl });
  return { name: 'gateway', url: `${origin}/graphql`, query: relayQuery, pid: child.pid, stop: () => subject.stop() };
}

export async function startBridge(upstreamUrl: string): Promise<Relay> {
  const child = new Child({
    core: cores.subject,
    ...script('./peers/bridge.ts', subjectNode()),
    env: { UPSTREAM_URL: upstreamUrl },
    channel: true,
  });
  const url = String(await child.ready());
  return { name: 'bridge', url, query: undefined, pid: child.pid, stop: () => child.stop() };
}
