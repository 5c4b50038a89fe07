/**
 * What the caller's own calls made, as events: on v5 the upstream leaves the key pair that sent a message, or made a
 * conversation, out of its stream. Where it tells it after all, as to several clients with one key pair, the first of the two
 * counts.
 */
import { randomUUID } from 'node:crypto';
import type { ConnectionStatus } from '../../domain/connection-status.ts';
import type { GatewayEvent, OwnChange } from '../../domain/gateway-event.ts';
import type { GatewayError } from '../../errors.ts';
import type { ReceivedEvent } from '../../upstream/event-stream/decode-frame.ts';
import type { EventStream, EventStreamListener } from '../../upstream/event-stream/stream.ts';

/** Changes remembered of each kind: a change and its own event are at most a call apart. */
const maxChanges = 1_000;
/** Prefix of the ids of published events; no UUID has it. */
const idPrefix = 'sent-';
/** Length in characters that a frame has besides body and data, estimated. */
const fieldsLength = 800;

/** Whether an event id is of a published change: the upstream does not know it. */
export function isOwnChange(id: string): boolean {
  return id.startsWith(idPrefix);
}

/** Passes on the events of a stream that is of v5, or may be after it was opened again, without changes that were published before. */
export class OwnChanges implements EventStreamListener {
  /** Set as soon as the stream is made. */
  stream: Pick<EventStream, 'version'> | undefined;
  readonly #target: EventStreamListener;
  readonly #acknowledge: (id: string) => void;
  readonly #published = new Set<string>();
  readonly #received = new Set<string>();
  /** Sort numbers of the newest published messages, by the upstream's id of their conversations. */
  readonly #newest = new Map<string, number>();
  /** Left to a stream of v2, which tells them: until they come, or until it is one of v5. */
  readonly #awaited = new Map<string, OwnChange>();

  /** @param acknowledge Acknowledges an event of the upstream that is not relayed. */
  constructor(target: EventStreamListener, acknowledge: (id: string) => void) {
    this.#target = target;
    this.#acknowledge = acknowledge;
  }

  onEvent(received: ReceivedEvent, length: number, text: string | undefined): void {
    if (!this.#isRepeat(received.event))
      this.#target.onEvent({ ...received, event: this.#withoutOldState(received.event) }, length, text);
    else if (received.isStored) this.#acknowledge(received.id);
  }

  onStatus(status: ConnectionStatus): void {
    this.#target.onStatus(status);
    if (status.state === 'REPLAYING' || status.state === 'LIVE') this.#relayAwaited();
  }

  onMalformed(): void {
    this.#target.onMalformed();
  }

  onOversized(): void {
    this.#target.onOversized();
  }

  onReplayed(): void {
    this.#target.onReplayed();
  }

  onCredentialRejected(error: GatewayError): void {
    this.#target.onCredentialRejected(error);
  }

  /** The stream is of v5; while it is lost, the next one. */
  get isWanted(): boolean {
    return this.stream?.version === 'v5';
  }

  /** Relays a change unless it was relayed before, or a stream of v2 tells it. */
  publish(event: OwnChange): void {
    const name = nameOf(event);
    if (name === undefined || this.#published.has(name) || this.#received.has(name)) return;
    if (this.isWanted) {
      this.#relay(name, event);
      return;
    }
    this.#awaited.set(name, event);
    dropOldest(this.#awaited);
  }

  /** Whether an event is of a message that was published. A conversation may be added again later. */
  #isRepeat(event: GatewayEvent): boolean {
    if (event.type === 'ROSTER_CHANGED' && event.change === 'REMOVED') this.#forgetAdded(event);
    const name = nameOf(event);
    if (name === undefined) return false;
    this.#awaited.delete(name);
    if (event.type === 'MESSAGE_RECEIVED' && this.#published.has(name)) return true;
    this.#received.add(name);
    dropOldest(this.#received);
    return false;
  }

  /** A removed conversation may be added again. Without an organization, all with the counterpart are removed. */
  #forgetAdded({ counterpart: { token }, organization }: Extract<GatewayEvent, { type: 'ROSTER_CHANGED' }>): void {
    for (const names of [this.#published, this.#received, this.#awaited]) {
      if (organization !== undefined) names.delete(conversationName(token, organization));
      else for (const name of [...names.keys()]) if (name.startsWith(conversationName(token, ''))) names.delete(name);
    }
  }

  /** A reply may overtake events: what such an event says is the last message is not, and is read when it is selected. */
  #withoutOldState(event: GatewayEvent): GatewayEvent {
    if (event.type !== 'MESSAGE_RECEIVED' || event.inConversation === undefined) return event;
    const { inConversation, message } = event;
    const newest = this.#newest.get(inConversation.id) ?? 0;
    if (message.sortNumber === undefined || message.sortNumber >= newest) return event;
    return { ...event, inConversation: { ...inConversation, lastMessage: undefined } };
  }

  #relayAwaited(): void {
    if (this.#awaited.size === 0 || !this.isWanted) return;
    for (const [name, event] of this.#awaited) this.#relay(name, event);
    this.#awaited.clear();
  }

  #relay(name: string, event: OwnChange): void {
    this.#published.add(name);
    dropOldest(this.#published);
    const { body, data, sortNumber } = event.type === 'MESSAGE_RECEIVED' ? event.message : {};
    if (sortNumber !== undefined && event.inConversation !== undefined) {
      this.#newest.set(event.inConversation.id, sortNumber);
      dropOldest(this.#newest);
    }
    const dataLength = data?.reduce((length, { payload }) => length + payload.length, 0) ?? 0;
    const length = fieldsLength + (body?.length ?? 0) + dataLength;
    // A conversation may be added several times, a message is sent once.
    const id = idPrefix + (event.type === 'MESSAGE_RECEIVED' ? event.message.token : randomUUID());
    this.#target.onEvent({ id, isStored: true, event, violatesContract: false }, length, undefined);
  }
}

/** Name of a change: the token of the message, or the conversation that is there now. */
function nameOf(event: GatewayEvent): string | undefined {
  if (event.type === 'MESSAGE_RECEIVED') return event.message.token;
  if (event.type !== 'ROSTER_CHANGED' || event.change !== 'ADDED') return undefined;
  return conversationName(event.counterpart.token, event.organization ?? '');
}

function conversationName(counterpart: string, organization: string): string {
  return `${counterpart} ${organization}`;
}

function dropOldest(changes: Set<string> | Map<string, unknown>): void {
  const [oldest] = changes.keys();
  if (oldest !== undefined && changes.size > maxChanges) changes.delete(oldest);
}
