/** The load of a ward, accelerated: queries, messages, subscribers and failures against a gateway in front of a sandbox. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { streamFrom, subscribeTo } from '../soak/subscriber.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, post } from '../support/stack.ts';

const people = ['ada', 'grace', 'alan', 'edward'];
const subscribers = 40;
const perSecond = 20;

const roster =
  '{ roster { entries { nodes { counterpart { ... on Group { name members { nodes { displayName } } } } } } } }';
const send =
  'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x", ttlMinutes: 60 }) { message { id } } }';

export interface LoadOptions {
  readonly gatewayUrl: string;
  readonly sandbox: Sandbox;
  readonly seconds: number;
  /** Texts of registered queries without required variables. */
  readonly registered: readonly string[];
}

/** In its last third the upstream is slow, then fails, then restarts, each for a while. */
export async function runLoad({ gatewayUrl, sandbox, seconds, registered }: LoadOptions): Promise<void> {
  const control = controlOf(sandbox);
  const query = 'subscription { messageReceived { message { body sender { displayName } } } }';
  const live = await Promise.all(
    Array.from({ length: subscribers }, (_, index) => {
      const authorization = basic(people[index % people.length] ?? '');
      const subscribing = { authorization, query };
      return index % 4 === 0
        ? streamFrom(gatewayUrl, subscribing, 'text/event-stream', () => {})
        : subscribeTo(gatewayUrl, subscribing, () => {});
    }),
  );
  const troubles: (readonly [share: number, () => Promise<unknown>])[] = [
    [0.6, () => control.fault({ kind: 'delay', delayMs: 400 })],
    [0.7, () => control.clearFaults()],
    [0.75, () => control.fault({ kind: 'status', status: 503 })],
    [0.8, () => control.clearFaults()],
    [0.85, () => control.restart(3_000)],
  ];
  const pending = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  for (let sent = 0; ; sent += 1) {
    const elapsed = (performance.now() - startedAt) / 1_000;
    if (elapsed >= seconds) break;
    if (elapsed / seconds >= (troubles[0]?.[0] ?? 1)) await troubles.shift()?.[1]();
    const body = bodyOf(sent, registered);
    // One in 50 without a credential, and one in 70 to a path that does not exist.
    const as = sent % 50 === 7 ? null : (people[sent % people.length] ?? null);
    const asked = (sent % 70 === 9 ? fetch(`${gatewayUrl}/graphqll`) : post(gatewayUrl, body, as)).catch(
      () => undefined,
    );
    pending.add(asked);
    void asked.then(() => pending.delete(asked));
    const due = ((sent + 1) / perSecond) * 1_000;
    await pause(Math.max(0, startedAt + due - performance.now()));
  }
  await Promise.all(pending);
  for (const each of live) each.close();
}

function bodyOf(sent: number, registered: readonly string[]): object {
  if (sent % 40 === 3) return { query: '{ nothing }' };
  if (sent % 6 === 0) return { query: send, variables: { to: `${people[(sent / 6) % people.length]}@example.org` } };
  if (sent % 5 === 0) return { query: roster };
  return { query: registered[sent % registered.length] };
}
