/** Random events for the subscriptions of a schema: samples of every type without some of their fields, about existing objects. */
import type { GraphQLSchema } from 'graphql';
import { getNamedType, parse } from 'graphql';
import { eventTypeNames } from '../../src/schema/event/event.ts';
import { decodeFrame } from '../../src/upstream/event-stream/decode-frame.ts';
import { type EventSample, eventSamples, wireName } from './event-samples.ts';
import { sparse } from './sparse-upstream.ts';

const nothing: ReadonlySet<unknown> = new Set();
const id = 'e0000000-0000-4000-8000-000000000000';
const receivedAt = '2026-01-02T03:04:05.000Z';

/** Tokens in the samples, such as `u1`, and the kinds of objects that their letters mean. */
const sampleToken = /^(?:[umgro]\d|role)$/;
const kinds: Readonly<Record<string, keyof WorldTokens>> = {
  u: 'User',
  m: 'Message',
  g: 'Group',
  r: 'Role',
  o: 'organization',
};

/** Tokens of what there is, by kind. */
export type WorldTokens = Readonly<Record<'User' | 'Message' | 'Group' | 'Role' | 'organization', readonly string[]>>;

function deliveredType(schema: GraphQLSchema, query: string): string | undefined {
  const [definition] = parse(query).definitions;
  const selection = definition?.kind === 'OperationDefinition' ? definition.selectionSet.selections[0] : undefined;
  const field = selection?.kind === 'Field' ? selection.name.value : '';
  const type = schema.getSubscriptionType()?.getFields()[field]?.type;
  return type && getNamedType(type).name;
}

/** What a subscription to this field delivers, for `execute` with the subscription; undefined for a field without events. */
export function randomDelivery(
  schema: GraphQLSchema,
  query: string,
  random: () => number,
  tokens: WorldTokens,
): unknown {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const type = deliveredType(schema, query);
  if (type === 'ConnectionStatus') return { state: 'LIVE', attempt: 0, since: receivedAt, replayCount: undefined };
  if (type === 'UserChanged' || type === 'GroupChanged')
    return {
      id,
      receivedAt,
      change: pick(['UPDATED', 'REMOVED']),
      token: pick(type === 'UserChanged' ? tokens.User : tokens.Group),
    };
  const names = Object.entries(eventTypeNames);
  const wanted = names.find(([, name]) => name === type)?.[0];
  if (wanted === undefined && query.includes(`on ${eventTypeNames.SUBSCRIPTION_GAP} `))
    return { kind: 'event', id, receivedAt, event: { type: 'SUBSCRIPTION_GAP', reason: 'EVICTED' } };
  const share = random() * 0.5;
  const fits = ({ event }: EventSample) => 'type' in event && (wanted === undefined || event.type === wanted);
  const isSelected = ({ event }: EventSample) =>
    names.some(([word, name]) => 'type' in event && event.type === word && query.includes(`on ${name} `));
  const fitting = eventSamples.filter(fits);
  const sample = pick(fitting.filter(isSelected)) ?? pick(fitting);
  if (sample === undefined) return undefined;
  const payload = sparse(
    withTokens(sample.payload, (kind) => pick(tokens[kind])),
    random,
    share,
    nothing,
  );
  const frame = decodeFrame(JSON.stringify({ event_id: id, event: { [wireName(sample.name)]: payload } }));
  if (frame?.kind !== 'event') return undefined;
  const { event } = frame.received;
  if (wanted !== undefined && event.type !== wanted) return undefined;
  const node = { kind: 'event', id, receivedAt, event };
  const key = { organization: pick(tokens.organization), counterpart: pick(tokens.User) };
  return type === 'ConversationChanged' ? { key, node } : node;
}

/** Replaces the sample's tokens by those of a world, some of which name no object. */
function withTokens(payload: object, tokenOf: (kind: keyof WorldTokens) => string | undefined): unknown {
  return JSON.parse(JSON.stringify(payload), (_name, value: unknown) => {
    const kind = typeof value === 'string' && sampleToken.test(value) ? kinds[value.charAt(0)] : undefined;
    return kind === undefined ? value : tokenOf(kind);
  });
}
