/**
 * Steps in the life of each event, for a test that looks for one that was lost. A listener in the same process subscribes to this
 * channel; without one nothing is made or written.
 */
import { channel } from 'node:diagnostics_channel';

export interface TraceStep {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Credential key in Redis. */
  readonly name: string;
  readonly step: string;
  /** Of the event; empty for a step of the whole stream. */
  readonly id: string;
  readonly detail: string | number;
}

const steps = channel('tigerconnect:event-streams');

/** Publishes a step to the listeners of this process; costs nothing without one. */
export function trace(name: string, step: string, id: string, detail: string | number = ''): void {
  if (steps.hasSubscribers) steps.publish({ at: Date.now(), name, step, id, detail } satisfies TraceStep);
}
