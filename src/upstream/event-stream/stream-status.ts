/** Connection status of one event stream, reported on each change. */
import type { ConnectionStatus } from '../../domain/connection-status.ts';

type State = ConnectionStatus['state'];

export class StreamStatus {
  readonly #onChange: (status: ConnectionStatus) => void;
  #current: ConnectionStatus = statusOf('CONNECTING', 0);

  constructor(onChange: (status: ConnectionStatus) => void) {
    this.#onChange = onChange;
  }

  get current(): ConnectionStatus {
    return this.#current;
  }

  /** Enters a state; no change when the stream is in it already. */
  enter(state: State): void {
    if (this.#current.state !== state) this.#set(statusOf(state, 0));
  }

  /** @param replayCount Number of stored events that the upstream announced. */
  replaying(replayCount: number | undefined): void {
    this.#set({ ...statusOf('REPLAYING', 0), replayCount });
  }

  /** @param hasWorked Whether the stream has ever received a frame. @param attempt Number of the connection attempt. */
  connecting(hasWorked: boolean, attempt: number): void {
    this.#set(statusOf(hasWorked ? 'RECONNECTING' : 'CONNECTING', attempt));
  }

  closed(): void {
    this.#set(statusOf('CLOSED', 0));
  }

  #set(next: ConnectionStatus): void {
    const { state, attempt, since } = this.#current;
    if (state === next.state && attempt === next.attempt) return;
    // A further attempt in the same state keeps the start time of the state.
    this.#current = state === next.state && state !== 'REPLAYING' ? { ...next, since } : next;
    this.#onChange(this.#current);
  }
}

function statusOf(state: State, attempt: number): ConnectionStatus {
  return { state, attempt, since: new Date().toISOString(), replayCount: undefined };
}
