/** A hub in front of an event upstream, and the controls that tests use on both. */
import { parseConfig } from '../../src/config/config.ts';
import type { GatewayEvent } from '../../src/domain/gateway-event.ts';
import {
  createEventHub,
  type Delivery,
  type EventDelivery,
  type EventHub,
  type EventSubscription,
  type SubscribeOptions,
} from '../../src/events/hub.ts';
import type { EventHubSettings } from '../../src/events/settings.ts';
import { createLog, type Log } from '../../src/observability/log.ts';
import { createUpstreamClient } from '../../src/upstream/client.ts';
import { type Credential, createCredential } from '../../src/upstream/credential.ts';
import { acknowledgeEvents } from '../../src/upstream/endpoints/events.ts';
import { EventUpstream, json, type StoredEvent } from './event-upstream.ts';
import { within } from './wait.ts';

export interface EventHubHarness extends AsyncDisposable {
  readonly upstream: EventUpstream;
  readonly hub: EventHub;
  /** `Basic YQ==`, the default credential. */
  readonly caller: Credential;
  /** Repeats are sampled: `flush` writes how many were left out. */
  readonly log: Log;
  readonly logLines: readonly string[];
  subscribe(options?: Partial<SubscribeOptions>, credential?: Credential): EventSubscription;
  /** Stores a message event for the caller and sends it. */
  pushMessage(id: string, message?: object): void;
}

export const everything = (_event: GatewayEvent) => true;

export const authorization = 'Basic YQ==';

export async function startEventHub(settings: Partial<EventHubSettings> = {}): Promise<EventHubHarness> {
  const upstream = await EventUpstream.start();
  const logLines: string[] = [];
  const log = createLog('debug', { write: (line: string) => void logLines.push(line) });
  const config = { ...parseConfig({}), streamLingerMs: 100, ...settings, upstreamUrl: upstream.url };
  const client = createUpstreamClient({ config, log });
  const hub = createEventHub({
    origin: upstream.url,
    settings: config,
    log,
    acknowledge: (credential, ids) => acknowledgeEvents(client.for({ credential, requestId: 'test' }), ids),
  });
  const caller = createCredential(authorization);
  return {
    upstream,
    hub,
    caller,
    log,
    logLines,
    subscribe: (options, credential = caller) =>
      hub.subscribe(credential, { wants: everything, acknowledge: 'AUTO', ...options }),
    pushMessage: (id, message = {}) => upstream.push(authorization, messageEvent(id, message)),
    async [Symbol.asyncDispose]() {
      await hub.close();
      await client.close();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** A direct message whose body is its event's id. */
export function messageEvent(id: string, message: object = {}): StoredEvent {
  const payload = {
    client_id: `message-${id}`,
    body: id,
    sender_token: 'sender',
    recipient_token: 'recipient',
    status: 'New',
    ttl: -1,
    ...message,
  };
  return { id, json: json(id, 'tigertext:iq:message', payload) };
}

/** The next item. @throws when none comes in time. */
export async function nextDelivery(subscription: EventSubscription): Promise<Delivery> {
  const result = await within(subscription.next());
  if (result.done === true) throw new Error('the subscription is over');
  return result.value;
}

/** The next item, which has to be an event. */
export async function nextEvent(subscription: EventSubscription): Promise<EventDelivery> {
  const delivery = await nextDelivery(subscription);
  if (delivery.kind !== 'event') throw new Error(`a ${delivery.kind}, not an event`);
  return delivery;
}

/** Ids of the next `count` events. */
export async function nextIds(subscription: EventSubscription, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await nextEvent(subscription)).id);
  return ids;
}

/** Takes items until the subscription ends; its error, if it ends with one. */
export async function drain(subscription: EventSubscription): Promise<{ items: Delivery[]; error: unknown }> {
  const items: Delivery[] = [];
  try {
    for await (const item of subscription) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

/** Reads, which acks the items read before, and drops the new ones. */
export function acknowledgeLast(subscription: EventSubscription): void {
  subscription.next().then(
    () => undefined,
    () => undefined, // the bench closes while this waits
  );
}
