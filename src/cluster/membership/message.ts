/** Messages between replicas: names, ids and words, no content. */
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { DeliveryOutcome } from '../../events/source/source.ts';
import { isRecord } from '../../util/is-record.ts';

interface OfCaller {
  /** Keyed hash of the credential. */
  readonly n: string;
}

interface OfTerm extends OfCaller {
  /** Token of the lease term. */
  readonly t: string;
}

/** An event that the upstream repeats: id of its content, its id, kind and time of receipt. */
export type RepeatedEvent = readonly [contentId: string, id: string, kind: string, receivedAt: number];

export type Message =
  /** From a follower: it follows this lease term or, in a probe, still does. `q` numbers its attempts. */
  | (OfTerm & { readonly k: 'hello'; readonly q: number; readonly isProbe: boolean })
  /** From the owner: the log has all that it had. */
  | (OfTerm & { readonly k: 'welcome'; readonly q: number; readonly status: ConnectionStatus })
  /** From a replica that does not own the stream in this lease term, or does not know the follower. */
  | (OfTerm & { readonly k: 'left' })
  /** From an owner: the lease term begins. */
  | (OfTerm & { readonly k: 'claimed' })
  /** From the owner: the log has new entries. */
  | (OfTerm & { readonly k: 'wake' })
  /** From a follower: it has read up to number `u`; outcomes other than unwanted, and changed ones. */
  | (OfTerm & { readonly k: 'report'; readonly u: number; readonly o: readonly (readonly [string, DeliveryOutcome])[] })
  /** From the owner: the upstream has confirmed the acknowledgement. From any replica: the acknowledgement was sent. */
  | (OfCaller & { readonly k: 'acknowledged'; readonly ids: readonly string[] })
  /** From any replica: the caller sent a message, which is stored encrypted under the id `c`. */
  | (OfCaller & { readonly k: 'sent'; readonly c: string; readonly at: number })
  /** From a follower that leaves. */
  | (OfTerm & { readonly k: 'bye' })
  /** From the owner: the status of the stream. */
  | (OfTerm & { readonly k: 'status'; readonly status: ConnectionStatus })
  /** From a follower: a subscriber needs a replay. */
  | (OfTerm & { readonly k: 'reopen' })
  /** From the owner to the followers that requested a replay: repeats, and the end of the replay. */
  | (OfTerm & { readonly k: 'repeated'; readonly events: readonly RepeatedEvent[] })
  | (OfTerm & { readonly k: 'replayed' })
  /** From the owner: the upstream rejected the credential. */
  | (OfTerm & { readonly k: 'rejected'; readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN' });

/** The messages of an inbox entry; none for an unreadable one. */
export function parseMessages(text: string): Message[] {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return [];
    return list.filter((item): item is Message => isRecord(item) && typeof item.n === 'string');
  } catch {
    return [];
  }
}
