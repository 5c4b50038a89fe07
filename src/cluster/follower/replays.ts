/**
 * Replays for subscribers of followers. The owner reopens the upstream stream, restores the content of repeated events in Redis,
 * and notifies the followers that requested the replay; they offer it only to subscribers that wait for it.
 */
import type { EventSourceListener } from '../../events/source/source.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import { type EventLog, repeatedLifeMs } from '../log/event-log.ts';
import type { EventTable } from '../log/event-table.ts';
import { decodeContent, type SharedEvent } from '../log/shared-event.ts';
import type { Message, RepeatedEvent } from '../membership/message.ts';
import type { LogFollower } from './log-follower.ts';

export interface ReplaysOptions {
  /** Keyed hash of the credential. */
  readonly name: string;
  readonly log: EventLog;
  readonly table: EventTable;
  readonly listener: EventSourceListener;
  send(to: string, message: Message): void;
}

export class Replays {
  readonly #options: ReplaysOptions;
  /** Followers that requested the replay in progress. */
  readonly #askers = new Set<string>();
  #count = 0;
  /**
   * Message tokens by the id of their restored content, with the time on the clock of `performance` until which Redis has it;
   * oldest first.
   */
  readonly #contents = new Map<string, { readonly message: string; readonly until: number }>();
  /** Handles repeats one after another. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  asked(follower: string): void {
    this.#askers.add(follower);
  }

  clear(): void {
    this.#askers.clear();
  }

  /** Ids of the restored contents of a message that may still be in Redis. */
  contentsOf(message: string): readonly string[] {
    return [...this.#contents].filter(([, content]) => content.message === message).map(([id]) => id);
  }

  /** At the owner: the upstream repeats an event. */
  repeated(token: string, event: SharedEvent, received: ReceivedEvent, text: string | undefined): void {
    if (this.#askers.size === 0 || event.isRevoked) return;
    const { name, log, send } = this.#options;
    this.#count += 1;
    const { id: eventId, receivedAt, expiresAt } = event;
    const kind = text === undefined ? 'e' : 'f';
    const content = text ?? JSON.stringify(received);
    const entry = {
      logId: `${token}-r${this.#count}`,
      kind,
      eventId,
      receivedAt,
      expiresAt,
      marks: '',
      text: content,
    } as const;
    const askers = [...this.#askers];
    this.#remember(received, entry.logId);
    const putting = log.putContent(entry, content).catch(() => undefined); // missed then, and replayed another time
    this.#last = this.#last.then(async () => {
      await putting;
      const events: readonly RepeatedEvent[] = [[entry.logId, eventId, kind, receivedAt]];
      for (const asker of askers) send(asker, { k: 'repeated', n: name, t: token, events });
    });
  }

  #remember({ event }: ReceivedEvent, contentId: string): void {
    const now = performance.now();
    for (const [id, { until }] of this.#contents) {
      if (until > now) break;
      this.#contents.delete(id);
    }
    if (event.type !== 'MESSAGE_RECEIVED') return;
    this.#contents.set(contentId, { message: event.message.token, until: now + repeatedLifeMs });
  }

  /** At the owner: the replay has ended. */
  ended(token: string): void {
    if (this.#askers.size === 0) return;
    const { name, send } = this.#options;
    const askers = [...this.#askers];
    this.#askers.clear();
    this.#last = this.#last.then(() => {
      for (const asker of askers) send(asker, { k: 'replayed', n: name, t: token });
    });
  }

  /** At a follower: repeats arrive. */
  take(follower: LogFollower, events: readonly RepeatedEvent[]): void {
    const { log, listener, table } = this.#options;
    this.#last = this.#last.then(async () => {
      await follower.catchUp();
      for (const [logId, eventId, kindText, receivedAt] of events) {
        const kind = kindText === 'e' ? 'e' : 'f';
        const text = await log.getContent({ logId, eventId, kind, receivedAt }).catch(() => undefined); // missed, as above
        const received = text === undefined ? undefined : decodeContent(kind, text);
        if (received === undefined || text === undefined) continue;
        if (!listener.isKnown(eventId))
          listener.onEvicted({ id: eventId, receivedAt, isRevoked: table.find(eventId)?.isRevoked === true });
        listener.onEvent({ received, length: text.length, receivedAt });
      }
    });
  }

  /** At a follower: the replay has ended. */
  takeEnd(): void {
    this.#last = this.#last.then(() => this.#options.listener.onReplayed());
  }
}
