/** A stored event as the source of a shared stream has it, and its content as stored in Redis. */
import { type ErrorCode, errorCodes, GatewayError } from '../../errors.ts';
import { expiryOf } from '../../events/record/record.ts';
import type { DeliveryOutcome, SourceEvent } from '../../events/source/source.ts';
import { decodeFrame, type ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import { isRecord } from '../../util/is-record.ts';

/** `f`: the upstream's own text. `e`: an event that has none, as JSON. `p`: the text of an event that is not stored. */
export type ContentKind = 'f' | 'e' | 'p';

export interface SharedEvent {
  readonly id: string;
  readonly kind: ContentKind;
  /** Undefined once evicted. */
  text: string | undefined;
  /** Length of the frame in characters. */
  readonly length: number;
  /** Milliseconds since the epoch, as the following. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** See `SourceEvent`. */
  readonly overtakenBy: string | undefined;
  /** Its id in the log; undefined when it is not there. */
  logId: string | undefined;
  /** Number of the log id; 0 when it is older than the log. */
  number: number;
  /** The log has or had it. */
  isLogged: boolean;
  /** A log had it, perhaps one that Redis lost. */
  wasLogged: boolean;
  /** Outcome at the subscribers of this process. */
  outcome: DeliveryOutcome;
  /** A subscriber of another process, perhaps one that has ended, received it. */
  wasDelivered: boolean;
  /** Marked in the log as delivered. */
  isMarked: boolean;
  /** Marked in the log as held for MANUAL subscribers. */
  isHeldMarked: boolean;
  /** End of its hold for MANUAL subscribers that may come back, on the clock of `performance`. */
  heldUntil: number;
  /** The upstream has confirmed its acknowledgement. */
  isConfirmed: boolean;
  /** Its acknowledgement was requested from the acknowledger. */
  isRequested: boolean;
  /** The message expired or was recalled. */
  isRevoked: boolean;
  /** It lies before a gap: an owner does not write it again unless the upstream repeats it. */
  isBeforeGap: boolean;
}

/** @param text The upstream's own text; undefined for an event that has none. */
export function createSharedEvent(
  { received, length, receivedAt, overtakenBy }: SourceEvent,
  text: string | undefined,
): SharedEvent {
  return {
    id: received.id,
    kind: text === undefined ? 'e' : 'f',
    text: text ?? JSON.stringify(received, writeError),
    length,
    receivedAt,
    expiresAt: expiryOf(received.event, receivedAt),
    overtakenBy,
    ...initialState(),
  };
}

/** An event of a log entry, without its content. */
export function createKnownEvent(
  id: string,
  kind: ContentKind,
  receivedAt: number,
  expiresAt: number,
  overtakenBy?: string,
): SharedEvent {
  return {
    id,
    kind,
    text: undefined,
    length: 0,
    receivedAt,
    expiresAt,
    overtakenBy,
    ...initialState(),
    outcome: 'unwanted',
  };
}

function initialState() {
  return {
    logId: undefined,
    number: 0,
    isLogged: false,
    wasLogged: false,
    outcome: 'queued' as const,
    wasDelivered: false,
    isMarked: false,
    isHeldMarked: false,
    heldUntil: 0,
    isConfirmed: false,
    isRequested: false,
    isRevoked: false,
    isBeforeGap: false,
  };
}

/** @returns Undefined for an invalid text. */
export function decodeContent(kind: string, text: string): ReceivedEvent | undefined {
  if (kind !== 'e') {
    const frame = decodeFrame(text);
    return frame?.kind === 'event' ? frame.received : undefined;
  }
  try {
    const value: unknown = JSON.parse(text, readError);
    return isRecord(value) && typeof value['id'] === 'string' ? (value as unknown as ReceivedEvent) : undefined; // as a replica wrote it
  } catch {
    return undefined;
  }
}

/**
 * An error in a decoded event is in place of a value that breaks the contract. JSON has no errors: they are written as code and
 * message.
 */
function writeError(_name: string, value: unknown): unknown {
  return value instanceof GatewayError ? { code: value.code, message: value.message } : value;
}

/** Names under which a decoded event may hold an error; below them no replica writes an object of clients or the upstream. */
const errorNames: ReadonlySet<string> = new Set(['escalation', 'error']);

function readError(name: string, value: unknown): unknown {
  if (!errorNames.has(name) || !isRecord(value)) return value;
  const { code, message } = value;
  return isErrorCode(code) && typeof message === 'string' ? new GatewayError(code, { message }) : value;
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}
