/** The servers that the gateway is held against, by name. */
import { node24 } from '../processes.ts';
import { startHive } from './hive.ts';
import type { HttpSubject } from './http-subject.ts';
import { startNodePeer } from './node-peer.ts';
import { startTailcall } from './tailcall.ts';

type StartPeer = (upstreamUrl: string) => Promise<HttpSubject>;

const nodePeer =
  (file: string, label: string, node?: string): StartPeer =>
  (upstreamUrl) =>
    startNodePeer({ file, label, upstreamUrl, node });

export const peers: Readonly<Record<string, StartPeer>> = {
  tailcall: startTailcall,
  direct: nodePeer('direct', 'plain undici script, no GraphQL'),
  grafserv: nodePeer('grafserv', 'Grafserv (Node 24)', node24),
  mercurius: nodePeer('mercurius', 'mercurius + jit'),
  yoga: nodePeer('yoga', 'graphql-yoga'),
  apollo: nodePeer('apollo', 'Apollo Server + datasource-rest'),
  hive: startHive,
};

/** @throws Error when there is no such peer. */
export function startPeer(name: string, upstreamUrl: string): Promise<HttpSubject> {
  const start = peers[name];
  if (start === undefined) throw new Error(`${name} is no peer; those are ${Object.keys(peers).join(', ')}`);
  return start(upstreamUrl);
}
