/** Passes a message that the caller sent through one replica to the replica that has the stream. */
import { randomUUID } from 'node:crypto';
import type { OwnChange } from '../../domain/gateway-event.ts';
import type { EventLog } from '../log/event-log.ts';

/**
 * Stores a message for the owner.
 * @returns The id and time that the owner needs to read it.
 */
export async function putSent(log: EventLog, event: OwnChange): Promise<{ readonly c: string; readonly at: number }> {
  const sent = { c: `0-s${randomUUID()}`, at: Date.now() };
  await log.putContent({ ...sentEntry(sent.c, sent.at), expiresAt: Number.POSITIVE_INFINITY }, JSON.stringify(event));
  return sent;
}

/** Reads such a message and removes it. Undefined when it has expired, or Redis is away. */
export async function takeSent(log: EventLog, contentId: string, at: number): Promise<OwnChange | undefined> {
  try {
    const text = await log.getContent(sentEntry(contentId, at));
    await log.removeContent([contentId]);
    return text === undefined ? undefined : (JSON.parse(text) as OwnChange); // as a replica with the same keys wrote it
  } catch {
    return undefined;
  }
}

function sentEntry(contentId: string, at: number) {
  return { logId: contentId, eventId: 'sent', kind: 'e', receivedAt: at } as const;
}
