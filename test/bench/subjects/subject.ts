/** Something that answers the bench's operations, and can be timed doing so. */
import type { Operation } from '../queries.ts';

export interface Timing {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were no success, or not of the length the right answer has. */
  readonly wrong: number;
}

export interface Load {
  readonly operation: Operation;
  readonly connections: number;
  readonly seconds: number;
  /** How many callers take turns; one: all ask with the same credential. */
  readonly callers: number;
  /** Whether the upstream offers its bulk reads. */
  readonly bulk: boolean;
}

export interface Subject {
  readonly name: string;
  /** As the table calls it. */
  readonly label: string;
  /** The process whose processor time and memory are counted. */
  readonly pid: number;
  /** The `data` of the answer to one request, in the form the gateway has. */
  ask(operation: Operation, caller: number): Promise<unknown>;
  time(load: Load): Promise<Timing>;
  stop(): Promise<void>;
}
