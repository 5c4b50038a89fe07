/**
 * Messages that the caller sent, as events: on v5 the upstream leaves the key pair that sent out of its stream. Where it sends
 * them after all, as to several clients with one key pair, the first of the two counts.
 */
import type { MessageReceived } from '../gateway-event.ts';
import type { EventStream, EventStreamListener } from '../upstream/event-stream/stream.ts';

/** Tokens remembered of each kind: a message and its own event are at most a call apart. */
const maxTokens = 1_000;
/** Prefix of the ids of published events; no UUID has it. */
const idPrefix = 'sent-';
/** Length in characters that a frame has besides body and data, estimated. */
const fieldsLength = 800;

/** Whether an event id is of a published message: the upstream does not know it. */
export function isOwnSend(id: string): boolean {
  return id.startsWith(idPrefix);
}

export class OwnSends {
  /** Receives the stream's events, without messages that were published before. */
  readonly listener: EventStreamListener;
  /** Set as soon as the stream is made. */
  stream: Pick<EventStream, 'version'> | undefined;
  readonly #target: EventStreamListener;
  readonly #published = new Set<string>();
  readonly #received = new Set<string>();

  /** @param acknowledge Acknowledges an event of the upstream that is not relayed. */
  constructor(target: EventStreamListener, acknowledge: (id: string) => void) {
    this.#target = target;
    this.listener = {
      ...target,
      onEvent: (received, length, text) => {
        const { id, isStored, event } = received;
        if (this.isWanted && event.type === 'MESSAGE_RECEIVED') {
          if (this.#published.has(event.message.token)) {
            if (isStored) acknowledge(id);
            return;
          }
          add(this.#received, event.message.token);
        }
        target.onEvent(received, length, text);
      },
    };
  }

  /** The stream is of v5. */
  get isWanted(): boolean {
    return this.stream?.version === 'v5';
  }

  /** Relays a message unless it was relayed before. */
  publish(event: MessageReceived): void {
    const { token, body, data } = event.message;
    if (this.#published.has(token) || this.#received.has(token)) return;
    add(this.#published, token);
    const dataLength = data?.reduce((length, { payload }) => length + payload.length, 0) ?? 0;
    const length = fieldsLength + (body?.length ?? 0) + dataLength;
    this.#target.onEvent({ id: idPrefix + token, isStored: true, event, violatesContract: false }, length, undefined);
  }
}

function add(tokens: Set<string>, token: string): void {
  tokens.add(token);
  const [oldest] = tokens;
  if (oldest !== undefined && tokens.size > maxTokens) tokens.delete(oldest);
}
