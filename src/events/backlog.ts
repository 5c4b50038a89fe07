/** What a new subscriber gets of the events before it: from the resume buffer, or from a replay of the upstream. */
import type { GapDelivery } from './delivery.ts';
import type { EventRecord } from './record.ts';
import type { ResumeBuffer } from './resume-buffer.ts';
import type { SubscribeOptions } from './subscription.ts';

export interface Backlog {
  /** Reported before the records; undefined when no event is missing. */
  readonly gap: GapDelivery | undefined;
  /** Undefined when the buffer lacks events that this subscriber needs: it waits for a replay, which contains them. */
  readonly records: readonly EventRecord[] | undefined;
}

/** @param wants Whether the subscriber wants an event that has content. */
export function backlogFor(
  { after, acknowledge }: SubscribeOptions,
  buffer: ResumeBuffer,
  wants: (record: EventRecord) => boolean,
): Backlog {
  const isManual = acknowledge === 'MANUAL';
  const needsReplay = buffer.isIncomplete(acknowledge);
  if (after === undefined) return { gap: undefined, records: needsReplay ? undefined : openEvents(buffer, isManual) };
  const position = buffer.locate(after);
  if (position.kind !== 'known') {
    const reason = position.kind === 'unknown' ? 'UNKNOWN_POSITION' : 'EVICTED';
    return { gap: { kind: 'gap', reason, after }, records: needsReplay ? undefined : openEvents(buffer, isManual) };
  }
  if (!isManual) return { gap: undefined, records: buffer.after(position.position) };
  // A MANUAL subscriber also receives events before `after` that no client has acknowledged.
  const records = buffer.unnamed(position.position);
  if (!needsReplay) return { gap: undefined, records };
  // Events that are already acknowledged upstream are not replayed.
  const isMissing = records.some((record) => record.ackRequested && record.delivery !== undefined && wants(record));
  return { gap: isMissing ? { kind: 'gap', reason: 'EVICTED', after } : undefined, records: undefined };
}

function openEvents(buffer: ResumeBuffer, isManual: boolean): EventRecord[] {
  return isManual ? buffer.unnamed() : buffer.unsettled();
}
