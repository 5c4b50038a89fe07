/** Opens the source of one credential's events: a stream of this process, or one that is shared with others. */
import type { OwnChange } from '../../domain/gateway-event.ts';
import type { Credential } from '../../upstream/credential.ts';
import { EventStream, type EventStreamListener } from '../../upstream/event-stream/stream.ts';
import type { EventStreamSettings } from '../../upstream/event-stream/stream-request.ts';
import type { Acknowledgers } from '../acknowledgement/acknowledgers.ts';
import { isOwnChange, OwnChanges } from './own-changes.ts';
import { type EventSource, type EventSourceListener, UpstreamSource } from './source.ts';
import type { SharedStreamOptions, StreamSharing } from './stream-sharing.ts';

export interface OpenSourceOptions {
  readonly streamSettings: EventStreamSettings;
  /** Undefined: each stream is one of this process. */
  readonly sharing: StreamSharing | undefined;
  readonly acknowledgers: Acknowledgers;
  /** By credential key, while a stream that may be v5 is open in this process. */
  readonly ownChanges: Map<string, OwnChanges>;
  /** Confirms an acknowledgement to the channel of a credential. */
  confirm(credentialKey: string, ids: readonly string[]): void;
}

/**
 * @returns A shared source when replicas share streams and take part for this credential; otherwise a stream of this process.
 */
export function openSource(
  credential: Credential,
  listener: EventSourceListener,
  options: OpenSourceOptions,
): EventSource {
  const own = new OwnStream(credential, options);
  return options.sharing?.open(credential, own, listener) ?? new UpstreamSource(own, listener);
}

/** The upstream stream of a credential in this process, and its acknowledgements. */
class OwnStream implements SharedStreamOptions {
  readonly #credential: Credential;
  readonly #options: OpenSourceOptions;

  constructor(credential: Credential, options: OpenSourceOptions) {
    this.#credential = credential;
    this.#options = options;
  }

  openStream(listener: EventStreamListener): EventStream {
    const { streamSettings, acknowledgers, ownChanges } = this.#options;
    const credential = this.#credential;
    // A v2 stream has the events of the caller's own changes.
    if (streamSettings.versions?.wantsCondensedReplays !== true)
      return new EventStream(streamSettings, credential, listener);
    const changes = new OwnChanges(listener, (id) => acknowledgers.add(credential, id));
    const stream = new EventStream(streamSettings, credential, changes);
    changes.stream = stream;
    ownChanges.set(credential.key, changes);
    return stream;
  }

  acknowledge(id: string): void {
    const { acknowledgers, confirm } = this.#options;
    // The upstream does not know it.
    if (isOwnChange(id)) queueMicrotask(() => confirm(this.#credential.key, [id]));
    else acknowledgers.add(this.#credential, id);
  }

  publishOwn(event: OwnChange): void {
    this.#options.ownChanges.get(this.#credential.key)?.publish(event);
  }

  discardAcknowledgements(): void {
    this.#options.acknowledgers.discard(this.#credential);
  }
}
