/** The backlog of a new subscriber: earlier events, from the resume buffer or from a replay of the upstream. */
import type { GapDelivery } from '../record/delivery.ts';
import type { EventRecord } from '../record/record.ts';
import type { ResumeBuffer } from '../record/resume-buffer.ts';
import type { SubscribeOptions } from './subscription.ts';

export interface Backlog {
  /** Reported before the records; undefined when no event is missing. */
  readonly gap: GapDelivery | undefined;
  /** Undefined when the buffer lacks events that this subscriber needs: it waits for a replay, which contains them. */
  readonly records: readonly EventRecord[] | undefined;
}

/**
 * @param wants Whether the subscriber wants an event that has content.
 * @param isShared Other processes have subscribers of the stream: one that resumes after a gap may lack events that were delivered
 *   to others and wait for their acknowledgement.
 */
export function backlogFor(
  { after, acknowledge }: SubscribeOptions,
  buffer: ResumeBuffer,
  wants: (record: EventRecord) => boolean,
  isShared = false,
): Backlog {
  const isManual = acknowledge === 'MANUAL';
  const needsReplay = buffer.isIncomplete(acknowledge);
  if (after === undefined) return { gap: undefined, records: needsReplay ? undefined : openEvents(buffer, isManual) };
  const position = buffer.locate(after);
  if (position.kind !== 'known') {
    const reason = position.kind === 'unknown' ? 'UNKNOWN_POSITION' : 'EVICTED';
    const gap = { kind: 'gap', reason, after } as const;
    if (needsReplay) return { gap, records: undefined };
    if (position.kind === 'evicted') return { gap, records: openEvents(buffer, isManual, position.position) };
    return { gap, records: isShared && !isManual ? unacknowledged(buffer) : openEvents(buffer, isManual) };
  }
  // A MANUAL subscriber also receives events before `after` that no client has acknowledged.
  const records = isManual
    ? openEvents(buffer, true, position.position)
    : buffer.records().filter((record) => record.position > position.position);
  if (lacksNewer(after, buffer, records, wants)) {
    const gap = { kind: 'gap', reason: 'UNKNOWN_POSITION', after } as const;
    if (needsReplay) return { gap, records: undefined };
    const open = isShared && !isManual ? unacknowledged(buffer, position.position) : undefined;
    return { gap, records: open ?? openEvents(buffer, isManual, position.position) };
  }
  if (!isManual || !needsReplay) return { gap: undefined, records };
  // Events that are already acknowledged upstream are not replayed.
  const isMissing = records.some((record) => record.ackRequested && record.delivery !== undefined && wants(record));
  return { gap: isMissing ? { kind: 'gap', reason: 'EVICTED', after } : undefined, records: undefined };
}

/**
 * Whether the position of an event hides newer ones: a replay had them ahead of it. A client that had it on an earlier stream
 * lacks them; which client that is, is not known.
 * @param own Records that the subscriber gets.
 */
function lacksNewer(
  after: string,
  buffer: ResumeBuffer,
  own: readonly EventRecord[],
  wants: (record: EventRecord) => boolean,
): boolean {
  const { overtakenFrom = Number.POSITIVE_INFINITY, position = 0 } = buffer.find(after) ?? {};
  if (overtakenFrom >= position) return false;
  const records = buffer.records();
  const given = new Set(own);
  // A filter cannot be applied to events whose content has left the buffer.
  if ((records[0]?.position ?? Number.POSITIVE_INFINITY) > overtakenFrom) return true;
  return records.some(
    (record) =>
      record.position >= overtakenFrom &&
      record.position < position &&
      record.delivery?.event.type !== 'CONVERSATION_NOTICE' &&
      wants(record) &&
      !given.has(record),
  );
}

/**
 * The backlog of a subscriber without a position: buffered events whose AUTO delivery is not complete, or which no client has
 * acknowledged for a MANUAL one.
 * @param position All events after it are among them.
 */
export function openEvents(
  buffer: ResumeBuffer,
  isManual: boolean,
  position = Number.POSITIVE_INFINITY,
): EventRecord[] {
  return buffer.records().filter((record) => {
    const isDone = record.ackRequested || (isManual ? record.ackedByClient : record.settledOrder !== 0);
    return record.position > position || !isDone;
  });
}

/** Buffered events that the upstream has no acknowledgement of. @param from All events after this position are among them. */
function unacknowledged(buffer: ResumeBuffer, from = Number.POSITIVE_INFINITY): EventRecord[] {
  return buffer.records().filter(({ ackConfirmed, position }) => position > from || !ackConfirmed);
}
