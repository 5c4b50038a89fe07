/** Calls that accompany the event stream: acknowledgement and disconnection. */
import type { ApiVersion } from '../api-version.ts';
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { requireObject } from '../wire/read.ts';

/**
 * Acknowledges events, so that the upstream does not replay them. Unknown and repeated ids are accepted (contract, ackEvents).
 * @param ids At most 50 (the official clients' limit).
 * @param version Of the stream that the events came on.
 */
export async function acknowledgeEvents(
  upstream: Upstream,
  ids: readonly string[],
  version: ApiVersion = 'v2',
): Promise<void> {
  await upstream.call({
    operationId: version === 'v5' ? 'ackEventsV5' : 'ackEvents',
    method: 'POST',
    path: `/${version}/events/ack`,
    json: { events: ids },
    batchSize: ids.length,
  });
}

/** Makes the upstream close the caller's event streams. @returns Number of closed streams. */
export async function dropEventConnections(upstream: Upstream, version: ApiVersion = 'v2'): Promise<number> {
  const operationId = version === 'v5' ? 'dropConnectV5' : 'dropConnect';
  return upstream.read({ operationId, method: 'DELETE', path: `/${version}/events` }, ({ reply }) => {
    if (reply === undefined) return 0;
    const { count } = requireObject(reply, 'dropConnect.reply');
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count >= 2 ** 31)
      throw invalidReply('dropConnect.count');
    return count;
  });
}
