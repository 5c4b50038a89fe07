/** What goes wrong in the chaos run: streams of the upstream, its acknowledgements, the upstream itself, and clients. */
import { type EventUpstream, frame, json } from '../support/event-upstream.ts';
import type { Random } from './random.ts';

interface FaultedCaller {
  readonly authorization: string;
  /** Number of events sent to it. */
  readonly sent: number;
  reconnect(): Promise<void>;
}

type Fault = (upstream: EventUpstream, caller: FaultedCaller, random: Random) => void | Promise<void>;

const later = (milliseconds: number, act: () => void) => setTimeout(act, milliseconds);
const each = (upstream: EventUpstream, caller: FaultedCaller) => upstream.streamsOf(caller.authorization);

/** The next openings get this answer instead of a stream. */
function refuse(upstream: EventUpstream, status: number, times: number, headers = {}): void {
  let left = times;
  upstream.onOpen = (_request, response) => {
    if (left === 0) return false;
    left -= 1;
    response.writeHead(status, headers).end();
    return true;
  };
}

export const faults: Readonly<Record<string, Fault>> = {
  reset: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  close: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.end();
  },
  stall: (upstream, caller) => {
    for (const stream of each(upstream, caller)) stream.stall();
  },
  'half a frame': (upstream, caller) => {
    for (const stream of each(upstream, caller)) {
      stream.write('data: {"event_id":"event-0","event":{"tigertext:iq:upd');
      stream.destroy();
    }
  },
  garbage: (upstream, caller) => upstream.send(caller.authorization, 'data: {"event_id\ndata: \u0000é\n\n:x\n\n'),
  duplicate: (upstream, caller) => {
    const text = numberedEvent(Math.max(1, caller.sent));
    upstream.send(caller.authorization, `data: ${text.json}\n\n`);
  },
  reconnect: (upstream, caller) =>
    upstream.send(caller.authorization, frame('00000000-0000-0000-0000-000000000001', 'tigertext:iq:reconnect', {})),
  oversize: (upstream, caller) => upstream.send(caller.authorization, `data: ${'x'.repeat(200_000)}\n\n`),
  'refusal 503': (upstream, caller, random) => {
    refuse(upstream, 503, 1 + random.below(3));
    for (const stream of each(upstream, caller)) stream.end();
  },
  'refusal 429': (upstream, caller) => {
    refuse(upstream, 429, 1, { 'retry-after': '1' });
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'refusal 204': (upstream, caller) => {
    refuse(upstream, 204, 1);
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'no advisories': (upstream, caller) => {
    upstream.advises = !upstream.advises;
    for (const stream of each(upstream, caller)) stream.destroy();
  },
  'acknowledgements fail': (upstream) => {
    upstream.acknowledgeStatus = 503;
    later(700, () => {
      upstream.acknowledgeStatus = 204;
    });
  },
  restart: async (upstream, _caller, random) => {
    const port = Number(new URL(upstream.url).port);
    await upstream.stop();
    await new Promise((resolve) => setTimeout(resolve, random.below(400)));
    await upstream.listen(port);
  },
  'client drops': (_upstream, caller) => caller.reconnect(),
};

export function numberedEvent(number: number) {
  const id = `event-${number}`;
  return { id, json: json(id, 'tigertext:iq:update:tag', { token: `tag-${number}` }) };
}
