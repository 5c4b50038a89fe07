/** The calls around the event stream that are not the stream. */
import type { Upstream } from '../upstream.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { requireObject } from '../wire/read.ts';

/**
 * Acknowledges events so that they are not sent again. Unknown and repeated ids are no error (contract, ackEvents).
 * @param ids At most 50 (the official clients' limit).
 */
export async function acknowledgeEvents(upstream: Upstream, ids: readonly string[]): Promise<void> {
  await upstream.call({
    operationId: 'ackEvents',
    method: 'POST',
    path: '/v2/events/ack',
    json: { events: ids },
    batchSize: ids.length,
  });
}

/** Closes the caller's event streams from the server side. @returns How many were closed. */
export async function dropEventConnections(upstream: Upstream): Promise<number> {
  return upstream.read({ operationId: 'dropConnect', method: 'DELETE', path: '/v2/events' }, ({ reply }) => {
    if (reply === undefined) return 0;
    const { count } = requireObject(reply, 'dropConnect.reply');
    if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count >= 2 ** 31)
      throw invalidReply('dropConnect.count');
    return count;
  });
}
