import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type LiveResult, type Transport, transports } from '../support/live-subscription.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, post, startStack } from '../support/stack.ts';

/** Deadlines of calls that never end by themselves: a minute each, so that only the operation's own can end them in time. */
const patient = { upstreamTimeoutMs: 60_000, requestTimeoutMs: 60_000 };

// Each waits for a deadline on a stack of its own.
describe.concurrent('an operation with a part that never settles', () => {
  const hung = 'mutation { acknowledgeEvents(input: { eventIds: ["x"] }) { acknowledgedEventIds } }';
  const unknown = { code: 'UPSTREAM_TIMEOUT', outcome: 'UNKNOWN', retryable: true, requestId: expect.any(String) };
  const overPost: Transport = <Data>(gateway: Parameters<Transport>[0], query: string) => {
    const answer = post(gateway.url, { query });
    const next = async () => (await answer) as unknown as LiveResult<Data>; // the shape of the operation below
    const close = () => Promise.resolve();
    return { next, rest: async () => [await next()], close, [Symbol.asyncDispose]: close };
  };

  it.each(Object.entries({ ...transports, POST: overPost }))(
    'ends after its deadline over %s, and reports that a write may have taken effect',
    async (_name, transport) => {
      await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 1_500 } });
      // The acknowledgements of all clients of a credential share calls, which have a deadline of their own.
      await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'ackEvents' });
      await using live = transport(stack.gateway, hung);
      const { data, errors } = await live.next();
      expect(data).toBeNull();
      expect(errors).toMatchObject([{ extensions: unknown }]);
      expect(errors?.[0]).not.toHaveProperty('path');
      const lines = stack.logLines.filter((line) => line.includes('operation did not end by its deadline'));
      expect(lines).toHaveLength(1);
    },
  );

  it('is not retryable when another field has made a write that a repetition applies twice', async () => {
    await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 2_500 } });
    await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'ackEvents' });
    const send = 'sendMessage(input: { recipient: "grace@example.org", body: "x" }) { wasAlreadyStored }';
    const { data, errors } = await stack.query(hung.replace('{', `{ ${send}`));
    expect(data).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({
      ...unknown,
      retryable: false,
      idempotencyKey: expect.any(String),
    });
  });
});

describe.concurrent('the deadline of an operation', () => {
  it('ends pending upstream calls, and keeps received replies', async () => {
    await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 2_500 } });
    await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'getUser' });
    const startedAt = performance.now();
    const { data, errors } = await stack.query(
      '{ me { displayName } roster { entries(kinds: [GROUP], first: 1) { nodes { counterpart { ... on Group { name members { nodes { displayName } } } } } } } }',
    );
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(data).toMatchObject({
      me: { displayName: 'Ada Lovelace' },
      roster: { entries: { nodes: [{ counterpart: { name: expect.any(String) } }] } },
    });
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['UPSTREAM_TIMEOUT']));
  });

  it('applies to all its calls: after it, none is made', async () => {
    await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 2_000 } });
    await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'getUser' });
    // Mutations run one after the other: the second begins when the time of the whole is over.
    const add = (alias: string) =>
      `${alias}: addRosterEntry(input: { counterpart: "grace@example.org" }) { counterpart { __typename } }`;
    const { errors } = await stack.query(`mutation { ${add('a')} ${add('b')} }`);
    expect(errors?.map(({ path, extensions }) => [path?.[0], extensions.code])).toEqual([
      ['a', 'UPSTREAM_TIMEOUT'],
      ['b', 'UPSTREAM_TIMEOUT'],
    ]);
    expect(stack.sandbox.requests.count('getUser')).toBe(1);
    expect(stack.sandbox.requests.count('addRosterEntry')).toBe(0);
  });

  it('starts again for each event of a subscription', async ({ expect }) => {
    await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 2_000 } });
    const socket = await openAcknowledged(stack.gateway.url, 'grace');
    const query = 'subscription { messageReceived { message { body sender { title } } } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    await expect.poll(() => controlOf(stack.sandbox).openStreams()).toMatchObject({ grace: 1 });
    // Longer than the operation's deadline: the subscription lives on.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await controlOf(stack.sandbox).fault({ kind: 'stall', operationId: 'getUser', caller: 'grace', count: 1 });
    const send = (body: string) =>
      stack.query(
        'mutation ($body: String!) { sendMessage(input: { recipient: "grace@example.org", body: $body }) { message { id } } }',
        { body },
      );
    await send('first');
    await expect.poll(() => socket.messages.length).toBe(2);
    await send('second');
    await expect.poll(() => socket.messages.length).toBe(3);
    expect(socket.messages.slice(1)).toMatchObject([
      {
        payload: {
          data: { messageReceived: { message: { body: 'first', sender: null } } },
          errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }],
        },
      },
      {
        payload: { data: { messageReceived: { message: { body: 'second', sender: { title: expect.any(String) } } } } },
      },
    ]);
    socket.socket.close();
  });

  it('does not apply to a file that takes longer to arrive', async () => {
    await using stack = await startStack({ config: { ...patient, operationTimeoutMs: 1_500 } });
    const query =
      'mutation ($file: File!) { sendMessage(input: { recipient: "grace@example.org", attachment: $file }) { message { attachments { size } } } }';
    const part = (name: string, content: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"${name === '0' ? '; filename="x.txt"' : ''}\r\n\r\n${content}`;
    const answer = await new Promise<string>((resolve, reject) => {
      const headers = { authorization: basic('ada'), 'content-type': 'multipart/form-data; boundary=b' };
      const upload = request(`${stack.gateway.url}/graphql`, { method: 'POST', headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
      upload.on('error', reject);
      upload.write(part('operations', `${JSON.stringify({ query, variables: { file: null } })}\r\n`));
      upload.write(part('map', '{"0":["variables.file"]}\r\n'));
      upload.write(part('0', 'half'));
      setTimeout(() => upload.end('whole\r\n--b--\r\n'), 2_000);
    });
    expect(JSON.parse(answer)).toEqual({
      data: { sendMessage: { message: { attachments: [{ size: 'halfwhole'.length }] } } },
    });
  });
});

it('responses that arrived while the event loop was blocked do not miss their deadline', async () => {
  const stand = (forMs: number) => {
    for (const until = performance.now() + forMs; performance.now() < until; );
  };
  let sandboxUrl = '';
  const blocking = createServer(async ({ url = '', headers }, response) => {
    const answer = await fetch(`${sandboxUrl}${url}`, { headers: { authorization: headers.authorization ?? '' } });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    // The response is in the gateway's connection; timers come before reads in the next turn of the loop.
    setImmediate(stand, 1_400);
  });
  await using stack = await startStack({
    config: { upstreamTimeoutMs: 1_000, operationTimeoutMs: 1_000 },
    async between(url) {
      sandboxUrl = url;
      blocking.listen(0, '127.0.0.1');
      await once(blocking, 'listening');
      return { url: `http://127.0.0.1:${(blocking.address() as AddressInfo).port}` }; // a TCP server that listens has one
    },
  });
  const { data, errors } = await stack.query('{ me { displayName } }');
  blocking.closeAllConnections();
  blocking.close();
  expect(errors).toBeUndefined();
  expect(data).toEqual({ me: { displayName: 'Ada Lovelace' } });
});
