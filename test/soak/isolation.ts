/** Many callers at once, every event with its owner's mark: what each client receives may hold no other mark. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { keeping, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';
import { createRandom } from './random.ts';

export interface IsolationReport {
  readonly events: number;
  readonly callers: number;
  readonly received: number;
  /** Results that held another caller's mark. */
  readonly foreign: number;
}

export async function runIsolation(options: {
  readonly seed: number;
  readonly callers: number;
  readonly events: number;
}): Promise<IsolationReport> {
  const random = createRandom(options.seed);
  await using upstream = await EventUpstream.start();
  const gateway = await startGateway({ config: testConfig(upstream.url, keeping), log: createLog('silent') });
  await using _closing = { [Symbol.asyncDispose]: () => gateway.close() };
  const url = `${gateway.url.replace('http', 'ws')}/graphql`;
  let received = 0;
  let foreign = 0;
  const callers = Array.from({ length: options.callers }, (_, index) => {
    const mark = `owner-${index}-only`;
    const authorization = `Basic ${Buffer.from(`${mark}:x`).toString('base64')}`;
    const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: { authorization } });
    client.subscribe(
      { query: 'subscription { events { id ... on MessageReceived { message { body senderName token } } } }' },
      {
        next: (result) => {
          received += 1;
          const marks = JSON.stringify(result).match(/owner-\d+-only/g) ?? [];
          if (marks.length === 0 || marks.some((found) => found !== mark)) foreign += 1;
        },
        error: () => {
          foreign += 1;
        },
        complete: () => {},
      },
    );
    return { mark, authorization, client };
  });
  await waitUntil(() => upstream.streams.size === callers.length);
  for (let index = 0; index < options.events; index += 1) {
    const { mark, authorization } = random.pick(callers);
    const id = `${mark}-${index}`;
    const payload = { client_id: id, body: mark.repeat(5), sender_display_name: mark, sender_token: mark };
    upstream.push(authorization, { id, json: json(id, 'tigertext:iq:message', payload) });
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await waitUntil(() => received >= options.events).catch(() => {});
  await Promise.all(callers.map(({ client }) => client.dispose()));
  return { events: options.events, callers: options.callers, received, foreign };
}
