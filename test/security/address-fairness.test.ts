/** Calls without a credential: one client address neither delays nor rejects those of another, nor those with a credential. */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { demoPerson } from '../support/demo-person.ts';
import { present } from '../support/present.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { sendFrom } from '../support/send-from.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';
import { postForm, uploadForm } from '../support/upload.ts';
import { waitUntil } from '../support/wait.ts';

const crowdAddress = '127.0.0.1';
const otherAddress = '127.0.0.2';

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

async function send({ gateway }: Stack, localAddress: string, path: string, body?: string): Promise<Answer> {
  const sent = request(`${gateway.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    localAddress,
    agent: false,
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() };
}

/** Sends `count` requests, of which the stack's end closes those without an answer. @returns The answers until now. */
function crowdOf(count: number, sendOne: () => Promise<Answer>): readonly Answer[] {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index++) {
    sendOne().then(
      (answer) => answers.push(answer),
      () => {},
    );
  }
  return answers;
}

/** Calls that hold a permit, and calls that wait for one. */
async function loadOf({ gateway }: Stack): Promise<{ readonly running: number; readonly waiting: number }> {
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  const gauge = (state: string) =>
    Number(new RegExp(`^tigerconnect_upstream_calls_${state} (\\d+)$`, 'm').exec(metrics)?.[1]);
  return { running: gauge('running'), waiting: gauge('waiting') };
}

const signIn = JSON.stringify({
  query: 'mutation { signIn(input: { userId: "ada@example.org", password: "demo" }) { user { displayName } } }',
});
const signedIn = JSON.stringify({ data: { signIn: { user: { displayName: 'Ada Lovelace' } } } });

describe('beside six hundred sign-ins of one address', () => {
  it.each([
    ['that all wait', 1024],
    ['that fill the queue', 100],
  ])('%s, another address signs in and a credential reads at once', async (_, upstreamQueuePerCaller) => {
    const crowdSize = 600;
    const permits = 8;
    await using stack = await startStack({
      config: {
        upstreamConcurrencyPerCaller: permits,
        upstreamQueuePerCaller,
        upstreamTimeoutMs: 30_000,
        shutdownTimeoutMs: 0,
      },
    });
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
    await controlOf(stack.sandbox).fault({ kind: 'delay', operationId: 'loginV5', delayMs: 500 });
    const crowd = crowdOf(crowdSize, () => send(stack, crowdAddress, '/graphql', signIn));
    const isQueueFilled = async () => {
      const { running, waiting } = await loadOf(stack);
      return running + waiting + crowd.length === crowdSize;
    };
    await expect.poll(isQueueFilled, { timeout: 60_000 }).toBe(true);
    // One address leaves half of the permits.
    expect(await loadOf(stack)).toMatchObject({ running: permits / 2 });
    expect((await loadOf(stack)).waiting).toBeLessThanOrEqual(upstreamQueuePerCaller);

    const atStart = crowd.filter(({ text }) => text === signedIn).length;
    const crowdSignedIn = () => crowd.filter(({ text }) => text === signedIn).length - atStart;
    expect((await stack.query('{ me { displayName } }')).data?.me.displayName).toBe('Ada Lovelace');
    // Those that held a permit.
    expect(crowdSignedIn()).toBeLessThanOrEqual(permits);
    const others = await Promise.all(
      Array.from({ length: permits }, () => send(stack, otherAddress, '/graphql', signIn)),
    );
    expect(others.map(({ text }) => text)).toEqual(Array.from({ length: permits }, () => signedIn));
    // Every second permit: with the one before and the one after, a few rounds of the permits.
    expect(crowdSignedIn()).toBeLessThanOrEqual(6 * permits);
    expect((await loadOf(stack)).waiting).toBeLessThanOrEqual(upstreamQueuePerCaller);
    const rejected = crowd.filter(({ text }) => text !== signedIn);
    expect(rejected.every(({ text }) => text.includes('"code":"RATE_LIMITED"'))).toBe(true);
    expect(rejected.length > 0).toBe(upstreamQueuePerCaller < crowdSize);
  });
});

it('beside operations without a credential that fill UNPROVEN_QUEUE from one address, another address signs in', async () => {
  await using stack = await startStack({ config: { unprovenQueue: 4 } });
  const body = JSON.stringify({ query: '{ me { id } }' });
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  const { hostname, port } = new URL(stack.gateway.url);
  let rejected = 0;
  // Eight at a time on each connection, again and again.
  const crowd = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const socket = connect({ port: Number(port), host: hostname, localAddress: crowdAddress });
      let responses = 0;
      socket.setEncoding('utf8').on('data', (text: string) => {
        rejected += text.split('"RATE_LIMITED"').length - 1;
        responses += text.split('HTTP/1.1 ').length - 1;
        if (responses < 8) return;
        responses = 0;
        socket.write(`${head}${body}`.repeat(8));
      });
      await once(socket, 'connect');
      socket.write(`${head}${body}`.repeat(8));
      return socket;
    }),
  );
  await waitUntil(() => rejected > 100);
  for (let time = 0; time < 20; time++) {
    const before = rejected;
    expect((await send(stack, otherAddress, '/graphql', signIn)).text).toBe(signedIn);
    await waitUntil(() => rejected > before);
  }
  for (const socket of crowd) socket.destroy();
});

describe('beside two hundred invented credentials of one address', () => {
  const query = '{ user(id: "grace@example.org") { displayName } }';
  const sendAs = async ({ gateway }: Stack, localAddress: string, name: string): Promise<Answer> => ({
    status: undefined,
    text: await sendFrom(localAddress, `${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic(name) },
      body: JSON.stringify({ query }),
    }),
  });

  it.each([
    ['that all wait', 1024],
    ['that fill the queue', 100],
  ])('%s, another address has its first operation at once', async (_, upstreamQueue) => {
    const crowdSize = 200;
    // Half of the connections and of the queue are for credentials that are not accepted.
    const permits = 4;
    const config = { upstreamConnections: 2 * permits, upstreamQueue, upstreamTimeoutMs: 30_000, shutdownTimeoutMs: 0 };
    await using stack = await startStack({ config });
    await controlOf(stack.sandbox).fault({ kind: 'delay', operationId: 'getUser', delayMs: 500 });
    let count = 0;
    const crowd = crowdOf(crowdSize, () => sendAs(stack, crowdAddress, `invented-${count++}`));
    const isQueueFilled = async () => {
      const { running, waiting } = await loadOf(stack);
      return running + waiting + crowd.length === crowdSize;
    };
    await expect.poll(isQueueFilled, { timeout: 60_000 }).toBe(true);
    const rejectedByUpstream = () => crowd.filter(({ text }) => text.includes('"UNAUTHENTICATED"')).length;
    const before = rejectedByUpstream();
    const { text } = await sendAs(stack, otherAddress, 'grace');
    expect(JSON.parse(text)).toEqual({ data: { user: { displayName: 'Grace Hopper' } } });
    // Those that held a permit, and those that got one beside it, a few times.
    expect(rejectedByUpstream() - before).toBeLessThanOrEqual(6 * permits);
  });
});

/** The path of a file that Ada has sent to Grace, with a download token. */
async function downloadPath(stack: Stack, file: File): Promise<string> {
  const grace = await demoPerson(stack, 'grace');
  const sent = await postForm(
    stack.gateway.url,
    uploadForm(
      'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { attachments { url } } } }',
      { input: { recipient: grace.id, attachment: null } },
      file,
    ),
  );
  const { url } = present(present(sent.data).sendMessage.message.attachments[0]);
  const { createAttachmentTokens } = await grace.ask(
    'mutation { createAttachmentTokens(input: { count: 1, lifetimeSeconds: 600 }) { tokens } }',
  );
  return `${url}?token=${createAttachmentTokens.tokens[0]}`;
}

it('beside many downloads by token of one address, another address downloads in turn', async () => {
  await using stack = await startStack({ config: { upstreamTransfers: 4, shutdownTimeoutMs: 0 } });
  const path = await downloadPath(stack, new File(['content'], 'a.txt', { type: 'text/plain' }));
  await controlOf(stack.sandbox).fault({ kind: 'delay', operationId: 'getMessageAttachment', delayMs: 200 });
  // A quarter of the transfers: one at a time.
  const crowd = crowdOf(20, () => send(stack, crowdAddress, path));
  await waitUntil(() => crowd.length > 0);
  const before = crowd.length;
  expect(await send(stack, otherAddress, path)).toEqual({ status: 200, text: 'content' });
  expect(crowd.length - before).toBeLessThanOrEqual(4);
  expect(crowd.every(({ status, text }) => status === 200 && text === 'content')).toBe(true);
});

it.each([
  ['a connection of its own', [], crowdAddress, otherAddress, undefined, false],
  ['the same proxy', [crowdAddress], crowdAddress, crowdAddress, '198.51.100.4', false],
  [
    'a connection of its own, although each of them has another invented credential',
    [],
    crowdAddress,
    otherAddress,
    undefined,
    true,
  ],
] as const)(
  'beside downloads by token that one address does not read, another address downloads at once over %s',
  async (_, trustedProxies, crowd, other, forwarded, isInvented) => {
    const config = { upstreamTransfers: 32, upstreamStallMs: 600_000, trustedProxies, shutdownTimeoutMs: 0 };
    await using stack = await startStack({ config });
    // Too large for the buffers of the system and of the gateway.
    const size = 24_000_000;
    const path = await downloadPath(stack, new File([new Uint8Array(size)], 'a.bin'));
    const stalled = Array.from({ length: 20 }, (_unused, index) => {
      const headers = {
        ...(forwarded === undefined ? {} : { 'x-forwarded-for': '203.0.113.9' }),
        ...(isInvented ? { authorization: basic(`invented-${index}`) } : {}),
      };
      const sent = request(`${stack.gateway.url}${path}`, { localAddress: crowd, agent: false, headers });
      sent.on('error', () => {}); // closed at the end
      sent.on('response', (response) => response.pause().on('error', () => {}));
      sent.end();
      return sent;
    });
    // Half of the quarter of the transfers that downloads by token may have.
    await expect.poll(() => loadOf(stack), { timeout: 60_000 }).toEqual({ running: 4, waiting: 16 });
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const body = await sendFrom(other, `${stack.gateway.url}${path}`, { headers });
    expect(body.length).toBe(size);
    expect(await loadOf(stack)).toEqual({ running: 4, waiting: 16 });
    for (const sent of stalled) sent.destroy();
  },
);
