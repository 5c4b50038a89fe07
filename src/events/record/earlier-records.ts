/** Records of events that become known after later events: their positions lie between those of the records around them. */
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import type { EarlierEvent } from '../source/source.ts';
import { EventRecord } from './record.ts';

/** Two bytes per character of the frame approximate the memory of the decoded event. */
export const bytesPerCharacter = 2;

interface Earlier {
  readonly record: EventRecord;
  /** Undefined without content, and for an event older than all in the buffer. */
  readonly event: GatewayEvent | undefined;
}

/** A placeholder for an event whose content this process does not have. */
export function withoutContent(id: string): ReceivedEvent {
  return { id, isStored: true, event: { type: 'SUBSCRIPTION_GAP', reason: 'TOO_LARGE' }, violatesContract: false };
}

/**
 * @param next The known event before which they lie.
 * @param remembered All remembered events.
 * @param evictedUpTo Position of the last event that left the buffer.
 */
export function createEarlier(
  events: readonly EarlierEvent[],
  next: EventRecord,
  remembered: Iterable<EventRecord>,
  evictedUpTo: number,
): Earlier[] {
  let below = evictedUpTo;
  for (const { position } of remembered) if (position < next.position && position > below) below = position;
  const isEvicted = next.position <= below;
  const step = (next.position - below) / (events.length + 1);
  return events.map(({ id, received, length, receivedAt }, index) => {
    const position = isEvicted ? next.position : below + step * (index + 1);
    const record = new EventRecord(received ?? withoutContent(id), position, length * bytesPerCharacter, receivedAt);
    return { record, event: isEvicted ? undefined : received?.event };
  });
}
