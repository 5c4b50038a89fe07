/** Opens the source of one credential's events: a stream of this process, or one that is shared with others. */
import type { Credential } from '../upstream/credential.ts';
import { EventStream } from '../upstream/event-stream/stream.ts';
import type { EventStreamSettings } from '../upstream/event-stream/stream-request.ts';
import type { Acknowledgers } from './acknowledgers.ts';
import { isOwnChange, OwnChanges } from './own-changes.ts';
import { type EventSource, type EventSourceListener, UpstreamSource } from './source.ts';
import type { SharedStreamOptions, StreamSharing } from './stream-sharing.ts';

export interface OpenSourceOptions {
  readonly streamSettings: EventStreamSettings;
  /** Undefined: the stream is this process's. */
  readonly sharing: StreamSharing | undefined;
  readonly acknowledgers: Acknowledgers;
  /** By credential key: what publishes the caller's own changes while the stream is open here. */
  readonly ownChanges: Map<string, OwnChanges>;
  /** Confirms an acknowledgement to the channel. */
  confirm(ids: readonly string[]): void;
}

export function openSource(
  credential: Credential,
  listener: EventSourceListener,
  { streamSettings, sharing, acknowledgers, ownChanges, confirm }: OpenSourceOptions,
): EventSource {
  const { key } = credential;
  const options: SharedStreamOptions = {
    openStream: (own) => {
      const mayBeV5 = streamSettings.versions?.wantsCondensedReplays === true;
      const changes = new OwnChanges(own, mayBeV5, (id) => acknowledgers.add(credential, id));
      const stream = new EventStream(streamSettings, credential, changes.listener);
      changes.stream = stream;
      ownChanges.set(key, changes);
      return stream;
    },
    acknowledge: (id) => {
      // The upstream does not know it.
      if (isOwnChange(id)) queueMicrotask(() => confirm([id]));
      else acknowledgers.add(credential, id);
    },
    publishOwn: (event) => ownChanges.get(key)?.publish(event),
    discardAcknowledgements: () => acknowledgers.discard(credential),
  };
  return sharing?.open(credential, options, listener) ?? new UpstreamSource(options, listener);
}
