/** A history of 2,000 items is scrolled through while messages arrive; the live heap of a separate gateway process is measured. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { SchemaData } from '../generated/schema-data.ts';
import { build } from '../support/build.ts';
import { hospital } from '../support/demo-tokens.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { overWebSocket } from '../support/live-subscription.ts';
import { present } from '../support/present.ts';
import { type GraphQLAnswer, post } from '../support/stack.ts';

const mebibyte = 1024 * 1024;
const items = 2_000;
const pageSize = 50;
/** Includes the resume buffer, which has its own bound. */
const mostGrownBytes = 4 * mebibyte;
const flags = [
  '--expose-gc',
  '--import',
  'data:text/javascript,process.on("SIGUSR2",()=>{gc();gc();console.log("heap "+process.memoryUsage().heapUsed+";")})',
];
const page = `query ($id: ID!, $before: String) { conversation(id: $id) { timeline(last: ${pageSize}, before: $before) {
  pageInfo { startCursor hasPreviousPage }
  nodes { ... on Message { id body createdAt sender { displayName } attachments { url } } ... on ConversationNotice { noticeId } } } } }`;
const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

let sandbox: Sandbox;
let gateway: GatewayProcess;
beforeAll(async () => {
  await build();
  sandbox = await startSandbox();
  gateway = await startGatewayProcess(sandbox.url, { flags });
}, 300_000);
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await sandbox?.close();
});

async function ask(query: string, variables: object, as = 'ada'): Promise<SchemaData> {
  const { data, errors }: GraphQLAnswer = await post(gateway.url, { query, variables }, as);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return present(data);
}

/** Bytes of the heap that are in use after a collection of garbage. */
async function liveHeap(): Promise<number> {
  const before = gateway.output().length;
  gateway.child.kill('SIGUSR2');
  let heap: string | undefined;
  await expect
    .poll(() => {
      heap = /heap (\d+);/.exec(gateway.output().slice(before))?.[1];
      return heap;
    })
    .toBeDefined();
  return Number(heap);
}

it('scrolling through 2,000 items costs 40 calls, repeats nothing and retains no memory, while messages arrive', async () => {
  const { user } = await ask('query ($id: ID!) { user(id: $id) { token } }', { id: 'grace@example.org' });
  const id = `Conversation:${user.token}:${hospital}`;
  const live = overWebSocket<SchemaData>(
    { url: gateway.url },
    'subscription { messageReceived { message { id body } } }',
  );
  /** Messages of the whole history; one arrives with each page. */
  const scroll = async (): Promise<number> => {
    const found = new Set<string>();
    sandbox.requests.reset();
    let read = 0;
    for (let before: string | null = null; read < items; ) {
      const input = { recipient: 'ada@example.org', body: 'x'.repeat(100), ttl: 60 };
      const [{ conversation }]: [SchemaData, ...unknown[]] = await Promise.all([
        ask(page, { id, before }),
        ask(send, { input }, 'barbara'),
        ...(read === 0 ? [] : [live.next()]),
      ]);
      const { nodes, pageInfo }: SchemaData['conversation']['timeline'] = conversation.timeline;
      for (const node of nodes) found.add(node.id ?? node.noticeId);
      read += nodes.length;
      before = pageInfo.startCursor;
      if (!pageInfo.hasPreviousPage) break;
    }
    await live.next();
    expect(found.size).toBe(read);
    return sandbox.requests.count('readTimeline', 'ada');
  };
  await expect.poll(() => sandbox.requests.count('createEvents', 'ada')).toBeGreaterThan(0);
  for (let time = 0; time < 2; time++) expect(await scroll()).toBe(items / pageSize);
  const before = await liveHeap();
  for (let time = 0; time < 4; time++) expect(await scroll()).toBe(items / pageSize);
  const grown = (await liveHeap()) - before;
  process.stdout.write(
    `\n8,000 items scrolled while 160 messages arrived: ${(grown / mebibyte).toFixed(1)} MiB of ${Math.round(before / mebibyte)} MiB more\n`,
  );
  expect(grown).toBeLessThan(mostGrownBytes);
  await live.close();
}, 120_000);
