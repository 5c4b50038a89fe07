/**
 * Where a replay has events ahead of older ones. Most of a replay is in the order in which it was sent before, so that a client
 * with one of its events had those ahead of it. Two kinds are not: a condensed replay has its frames of conversations ahead of the
 * rest (EVENTS-v5 §5), and stored notices follow all else, also after the replay's end (EVENTS §4). A client that had such a
 * later event on an earlier stream may lack what is ahead of it here.
 */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { EventRecord } from '../record/record.ts';
import type { ResumeBuffer } from '../record/resume-buffer.ts';

/** `replay`: between the two advisories. `notices`: stored notices may follow. */
type Phase = 'replay' | 'notices' | 'live';

/** What a condensed replay folds into the state of its conversation. */
const folded: ReadonlySet<GatewayEvent['type']> = new Set([
  'ROSTER_CHANGED',
  'MESSAGE_RECEIVED',
  'MESSAGE_STATUS_CHANGED',
  'MESSAGE_RECALLED',
]);

/** @typeParam Place What says where an event is: its position, or its id. */
export class ReplayOrder<Place> {
  #phase: Phase = 'live';
  /** Of the first event of this replay, and of the first that shows the state of its conversation. */
  #first: Place | undefined;
  #firstFolded: Place | undefined;

  statusChanged(state: ConnectionStatus['state']): void {
    if (state === 'REPLAYING') this.#first = this.#firstFolded = undefined;
    if (state === 'REPLAYING') this.#phase = 'replay';
    else this.#phase = state === 'LIVE' && this.#phase !== 'live' ? 'notices' : 'live';
  }

  /** The notices have come as well. */
  ended(): void {
    this.#phase = 'live';
  }

  /** A new stored event, which was not repeated. @returns Place of the first event ahead of it that may be newer. */
  arrived(place: Place, { type, inConversation }: GatewayEvent): Place | undefined {
    if (this.#phase === 'live') return undefined;
    const isNotice = type === 'CONVERSATION_NOTICE';
    const from = isNotice ? this.#first : this.#phase === 'replay' ? this.#firstFolded : undefined;
    if (isNotice || this.#phase !== 'replay') return from;
    this.#first ??= place;
    if (inConversation !== undefined && folded.has(type)) this.#firstFolded ??= place;
    return from;
  }
}

/**
 * Marks a record of a shared source as out of order.
 * @param overtakenBy See `SourceEvent`. An id that is not remembered is older than all that are.
 */
export function markOvertaken(record: EventRecord, overtakenBy: string | undefined, buffer: ResumeBuffer): void {
  if (overtakenBy !== undefined) record.markOvertaken(buffer.find(overtakenBy)?.position ?? 0);
}
