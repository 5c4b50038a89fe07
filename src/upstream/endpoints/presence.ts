/** Presence of the caller, announced while a stream is open. */
import type { Upstream } from '../client.ts';
import { path } from './path.ts';

export async function updatePresence(upstream: Upstream, status: 'online' | 'away'): Promise<void> {
  await upstream.call({ operationId: 'updatePresence', method: 'PUT', path: path`/v2/presence/${status}` });
}
