import type { SandboxEvent } from './outbox.ts';

/** An open event stream, as the rest of the sandbox sees it. */
export interface EventStream {
  readonly features: ReadonlySet<string>;
  /** Takes an event for this stream; what the stream did not ask for is passed over. */
  offer(event: SandboxEvent): void;
  /** Ends the response in order. */
  close(): void;
  /** Sends nothing more, heartbeats included, and stays open. */
  stall(): void;
  /** Resets the connection. */
  destroy(): void;
  /** Writes the last event again, with the same id. */
  repeatLast(): void;
  /** Writes bytes as they are, for frames that break the rules. */
  writeRaw(text: string): void;
}

/** One key pair, or one device of a bearer token: the unit of acknowledgement (EVENTS.md §4.8). */
export interface Session {
  /** Under which it is kept in the world. */
  readonly id: string;
  readonly secret: string;
  readonly account: string;
  /** Name of the device session. */
  readonly resource: string;
  /** `portal`: the demo pair, which outlives logout and wipe; the others end with them. */
  readonly kind: 'portal' | 'login' | 'device';
  /** Stored events, never acknowledged, oldest first. */
  queue: SandboxEvent[];
  readonly streams: Set<EventStream>;
  /** Presence announced last: `available` or `away`. */
  presence: 'available' | 'away';
}
