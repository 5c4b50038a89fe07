/** The exposure of subscription codes in each client, compared with the table in schema/operations/README.md. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, type Stack, type StackOptions, startStack } from '../support/stack.ts';
import { subscriptionClients } from '../support/subscription-clients.ts';
import { waitUntil } from '../support/wait.ts';

const readme = readFileSync(new URL('../../schema/operations/README.md', import.meta.url), 'utf8');
const [head = [], , ...rows] = (readme.split('\n\n').find((block) => block.startsWith('| Cause |')) ?? '')
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

/** The cells of a cause's row, by client. */
function rowOf(cause: string): Readonly<Record<string, string>> {
  const [, ...cells] = rows.find(([name]) => name === cause) ?? [];
  return Object.fromEntries(cells.map((cell, index) => [head[index + 1], cell.replaceAll('`', '')]));
}

interface Cause {
  readonly config?: StackOptions['config'];
  readonly authorization?: string;
  readonly after?: string;
  /** The last note, for which the test waits. */
  readonly code: string;
  happen(stack: Stack): Promise<unknown>;
}

const send = 'mutation { sendMessage(input: { recipient: "ada@example.org", body: "x" }) { message { id } } }';

const causes: Readonly<Record<string, Cause>> = {
  'No credential': { code: 'UNAUTHENTICATED', authorization: '', happen: async () => {} },
  'The upstream rejects the credential': {
    code: 'UNAUTHENTICATED',
    async happen({ sandbox }) {
      const control = controlOf(sandbox);
      await control.fault({ kind: 'status', operationId: 'createEvents', status: 401 });
      await control.streams({ action: 'drop' });
    },
  },
  'The client is too slow': {
    code: 'SLOW_CONSUMER',
    config: { subscriberQueue: 16 },
    async happen({ sandbox, query }) {
      await controlOf(sandbox).fault({ kind: 'delay', operationId: 'getUser', caller: 'ada', delayMs: 4_000 });
      await Promise.all(Array.from({ length: 40 }, () => query(send, {}, 'grace')));
    },
  },
  'The gateway stops': { code: 'SHUTTING_DOWN', happen: ({ gateway }) => gateway.close() },
  'Events may be missing': { code: 'SubscriptionGap', after: 'unknown', happen: async () => {} },
};

describe('the table of codes', () => {
  // Apollo's link for WebSockets looks at the global one, which browsers and Node 22 or later have.
  beforeAll(() => {
    vi.stubGlobal('WebSocket', WebSocket);
  });
  afterAll(() => {
    vi.unstubAllGlobals();
  });

  it('has a row for each cause and a column for each client', () => {
    expect(rows.map(([cause]) => cause)).toEqual(Object.keys(causes));
    expect(head.slice(1)).toEqual(Object.keys(subscriptionClients));
  });

  it.concurrent.each(Object.entries(causes))('matches the behaviour of clients: %s', async (name, cause) => {
    const { config = {}, authorization = basic('ada'), after, code, happen } = cause;
    await using stack = await startStack({ config });
    const notes = new Map<string, string[]>();
    const ends = Object.entries(subscriptionClients).map(([client, subscribe]) => {
      const own: string[] = [];
      notes.set(client, own);
      return subscribe({
        url: `${stack.gateway.url}/graphql`,
        headers: authorization === '' ? {} : { authorization },
        variables: after === undefined ? {} : { after },
        note: (text) => own.push(text),
      });
    });
    if (authorization !== '') {
      const metrics = async () => (await fetch(`${stack.gateway.url}/metrics`)).text();
      await expect.poll(metrics).toContain(`tigerconnect_subscriptions ${ends.length}`);
    }
    await happen(stack);
    const expected = rowOf(name);
    for (const [client, own] of notes) {
      const count = expected[client]?.split(', ').length ?? 1;
      await waitUntil(() => own.length >= count).catch(() => undefined);
    }
    const shown = [...notes].map(([client, own]) => [
      client,
      own.map((note) => note.replace(` ${code}`, '')).join(', '),
    ]);
    expect(Object.fromEntries(shown)).toEqual(expected);
    for (const [client, own] of notes) expect(own.join(), client).toContain(code);
    for (const end of ends) end();
  });
});
