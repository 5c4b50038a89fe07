/** Sharing of upstream streams between processes. */
import type { OwnChange } from '../../domain/gateway-event.ts';
import type { Credential } from '../../upstream/credential.ts';
import type { EventSource, EventSourceListener, UpstreamSourceOptions } from './source.ts';

export interface SharedStreamOptions extends UpstreamSourceOptions {
  /** Drops the queued acknowledgements that were not sent. */
  discardAcknowledgements(): void;
  /** Relays a message that the caller sent through another process. */
  publishOwn(event: OwnChange): void;
}

export interface StreamSharing {
  /** Opens the source of a credential's events. It reports acknowledgements that the upstream has, and decides them alone. */
  open(credential: Credential, options: SharedStreamOptions, listener: EventSourceListener): EventSource;
  /** The upstream has acknowledgements that a client of this process sent without a subscription here. */
  acknowledged(credential: Credential, ids: readonly string[]): void;
  /**
   * Relays a message that the caller sent to the process that has its stream.
   * @returns False when this process has it, or no process has.
   */
  publishOwn(credential: Credential, event: OwnChange): boolean;
}
