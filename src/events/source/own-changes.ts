/**
 * Events made from the replies to the caller's own calls: a v5 stream omits the messages that its key pair sent and the conversations
 * that it created. When the upstream sends such an event after all, as it may to several clients with one key pair, whichever comes
 * first is relayed and the other is dropped.
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

/** Whether the id is that of an event made here, which the upstream does not know. */
export function isOwnChange(id: string): boolean {
  return id.startsWith(idPrefix);
}

/** Forwards the events of a stream that is v5, or may be v5 when it is reopened, except those that were already published here. */
export class OwnChanges implements EventStreamListener {
  /** Set as soon as the stream exists. */
  stream: Pick<EventStream, 'version'> | undefined;
  readonly #target: EventStreamListener;
  readonly #acknowledge: (id: string) => void;
  readonly #published = new Set<string>();
  readonly #received = new Set<string>();
  /** Sort numbers of the newest published messages, by the upstream's id of their conversations. */
  readonly #newest = new Map<string, number>();
  /** Changes that the v2 stream is expected to have, until their events arrive or the stream is reopened as v5. */
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

  /** The stream is v5; while the connection is lost, the next one will be. */
  get isWanted(): boolean {
    return this.stream?.version === 'v5';
  }

  /** Relays a change unless its event was relayed before. On a v2 stream, waits for the upstream's own event. */
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

  /** Whether the event repeats a published message. Conversations do not count: one can be added again later. */
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

  /** A reply may overtake older events. Their `lastMessage` is then outdated; it is removed, and read from the upstream if selected. */
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

/** Identifies a change: the token of the message, or the conversation that was added. Undefined for other events. */
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
