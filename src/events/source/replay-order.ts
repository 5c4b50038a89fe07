/**
 * Finds the events that a replay delivers after newer ones. Most of a replay repeats the order of the earlier stream, so a client that
 * has one of its events also has those before it. Two kinds break that order: a condensed replay begins with its frames of
 * conversations (EVENTS-v5 §5), and stored notices come last, even after the end of the replay (EVENTS §4). A client that received such
 * an event on an earlier stream may lack the newer events that this replay has before it.
 */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayEvent } from '../../domain/gateway-event.ts';
import type { EventRecord } from '../record/record.ts';
import type { ResumeBuffer } from '../record/resume-buffer.ts';

/** `replay`: between the two advisories. `notices`: stored notices may follow. */
type Phase = 'replay' | 'notices' | 'live';

/** Events that a condensed replay replaces by the state of their conversation. */
const folded: ReadonlySet<GatewayEvent['type']> = new Set([
  'ROSTER_CHANGED',
  'MESSAGE_RECEIVED',
  'MESSAGE_STATUS_CHANGED',
  'MESSAGE_RECALLED',
]);

/** @typeParam Place Locates an event: its position, or its id. */
export class ReplayOrder<Place> {
  #phase: Phase = 'live';
  /** The first event of this replay. */
  #first: Place | undefined;
  /** The first one that contains the state of its conversation. */
  #firstFolded: Place | undefined;

  statusChanged(state: ConnectionStatus['state']): void {
    if (state === 'REPLAYING') this.#first = this.#firstFolded = undefined;
    if (state === 'REPLAYING') this.#phase = 'replay';
    else this.#phase = state === 'LIVE' && this.#phase !== 'live' ? 'notices' : 'live';
  }

  /** The stored notices have arrived as well. */
  ended(): void {
    this.#phase = 'live';
  }

  /** Call for each stored event that is not a repeat. @returns The first event of the replay before it that may be newer. */
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
