import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorCodes } from '../../src/errors.ts';
import { startGateway } from '../../src/gateway.ts';
import { createLog } from '../../src/observability/log.ts';
import { absent } from '../support/demo-tokens.ts';
import { present } from '../support/present.ts';
import { openAcknowledged } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { basic, post, type Stack, type StackOptions, startStack, testConfig } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

interface Provoked {
  readonly code: unknown;
  readonly retryable: unknown;
  readonly requestId: unknown;
  readonly field?: unknown;
  readonly retryAfterSeconds?: unknown;
}

const me = '{ me { id } }';

async function extensionsOf(stack: Stack, query: string, variables: object = {}, as: string | null = 'ada') {
  const { errors } = await stack.query(query, variables, as);
  return errors?.[0]?.extensions as unknown as Provoked;
}

const faulty = async (stack: Stack, status: number, retryAfter?: number) => {
  await controlOf(stack.sandbox).fault({ kind: 'status', status, ...(retryAfter === undefined ? {} : { retryAfter }) });
  return extensionsOf(stack, me);
};

interface Provocation {
  readonly config?: StackOptions['config'];
  readonly provoke: (stack: Stack) => Promise<Provoked>;
  /** What the extensions hold besides. */
  readonly also?: object;
}

/** What a client gets that sends a hash of a text instead of it. */
async function rejectedHash({ gateway }: Stack): Promise<Provoked> {
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } };
  const { errors } = await post(gateway.url, { extensions });
  return errors?.[0]?.extensions as unknown as Provoked;
}

const provocations: Readonly<Record<ErrorCode, Provocation>> = {
  UNAUTHENTICATED: { provoke: (stack) => extensionsOf(stack, me, {}, null) },
  FORBIDDEN: { provoke: (stack) => faulty(stack, 403) },
  NOT_FOUND: {
    provoke: (stack) =>
      extensionsOf(
        stack,
        'mutation ($group: ID!) { updateGroup(input: { group: $group, name: "x" }) { group { id } } }',
        { group: absent },
      ),
  },
  NOT_SUPPORTED: {
    config: { upstreamApi: 'v2' },
    provoke: (stack) =>
      extensionsOf(
        stack,
        'mutation ($id: ID!) { markConversation(input: { conversation: $id, status: READ, through: 1 }) { conversation { id } } }',
        { id: `Conversation:${absent}:mercyGeneralHospital0001` },
      ),
  },
  BAD_USER_INPUT: {
    provoke: (stack) => extensionsOf(stack, '{ roster { entries(first: -1) { totalCount } } }'),
    also: { field: expect.any(String) },
  },
  CONFLICT: { provoke: (stack) => faulty(stack, 409) },
  NOBODY_ON_DUTY: {
    provoke: async (stack) => {
      const { data } = await stack.query('{ roles(onDuty: false) { nodes { id } } }');
      const { nodes } = present(data).roles;
      const send = 'mutation ($to: ID!) { sendMessage(input: { recipient: $to, body: "x" }) { message { id } } }';
      return extensionsOf(stack, send, { to: nodes[0]?.id });
    },
    also: { notice: expect.any(String) },
  },
  PAYLOAD_TOO_LARGE: {
    config: { maxBodyBytes: 1024 },
    provoke: (stack) => extensionsOf(stack, `${me} #${'x'.repeat(2000)}`),
  },
  RATE_LIMITED: {
    config: { rateLimit: 1 },
    provoke: async (stack) => {
      await stack.query(me);
      return extensionsOf(stack, me);
    },
    also: { retryAfterSeconds: expect.any(Number) },
  },
  UPSTREAM_TIMEOUT: {
    config: { upstreamTimeoutMs: 200 },
    provoke: async (stack) => {
      await controlOf(stack.sandbox).fault({ kind: 'stall' });
      return extensionsOf(stack, me);
    },
  },
  UPSTREAM_UNAVAILABLE: { provoke: (stack) => faulty(stack, 503, 60), also: { retryAfterSeconds: 60 } },
  UPSTREAM_INVALID: {
    provoke: async (stack) => {
      await controlOf(stack.sandbox).fault({ kind: 'wrong-shape' });
      return extensionsOf(stack, me);
    },
  },
  OPERATION_TOO_COMPLEX: {
    config: { maxDepth: 1 },
    provoke: (stack) => extensionsOf(stack, me),
  },
  OPERATION_NOT_PERSISTED: {
    config: { persistedOperations: 'only' },
    provoke: (stack) => extensionsOf(stack, me),
  },
  PERSISTED_QUERY_NOT_SUPPORTED: { provoke: (stack) => rejectedHash(stack) },
  PERSISTED_QUERY_NOT_FOUND: { config: { persistedOperations: 'allow' }, provoke: (stack) => rejectedHash(stack) },
  SLOW_CONSUMER: {
    config: { subscriberQueue: 16, subscriberQueueBytes: 16_384 },
    provoke: async (stack) => {
      const socket = await openAcknowledged(stack.gateway.url, 'grace');
      const query = 'subscription { events { id ... on UnknownEvent { payload } } }';
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      while ((await controlOf(stack.sandbox).openStreams())['grace'] !== 1);
      socket.socket.pause();
      const gone = async () =>
        (await (await fetch(`${stack.gateway.url}/metrics`)).text()).includes(
          '\ntigerconnect_subscribers_dropped_total 1',
        );
      const event = { canary: { filler: 'x'.repeat(100_000) } };
      while (!(await gone())) await controlOf(stack.sandbox).inject({ caller: 'grace', event, stored: false });
      socket.socket.resume();
      await waitUntil(() => JSON.stringify(socket.messages.at(-1)).includes('complete'));
      const last = socket.messages.findLast(({ type }) => type === 'next')?.payload;
      socket.socket.close();
      return (last as { errors: { extensions: Provoked }[] }).errors[0]?.extensions as Provoked;
    },
  },
  EVENT_TOO_LARGE: {
    config: { streamMaxFrame: 20_000 },
    provoke: async (stack) => {
      const socket = await openAcknowledged(stack.gateway.url, 'grace');
      socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { typing { isTyping } }' } });
      await expect.poll(() => controlOf(stack.sandbox).openStreams()).toMatchObject({ grace: 1 });
      const event = { canary: { filler: 'x'.repeat(100_000) } };
      await controlOf(stack.sandbox).inject({ caller: 'grace', event, stored: false });
      const { payload } = await socket.message('next', '1');
      socket.socket.close();
      return (payload as { errors: { extensions: Provoked }[] }).errors[0]?.extensions as Provoked;
    },
  },
  SHUTTING_DOWN: {
    provoke: async (stack) => {
      const socket = await openAcknowledged(stack.gateway.url);
      socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { connectionStatus { state } }' } });
      await socket.message('next', '1');
      await stack.gateway.close();
      await socket.closed;
      const last = socket.messages.findLast(({ type }) => type === 'next')?.payload;
      return (last as { errors: { extensions: Provoked }[] }).errors[0]?.extensions as Provoked;
    },
  },
  INTERNAL: {
    // An unexpected error in a part of the gateway.
    provoke: async (stack) => {
      const log = createLog('silent');
      let isBroken = true;
      const broken: typeof log = {
        ...log,
        warn: (...line) => {
          if (isBroken) throw new TypeError('canary');
          log.warn(...line);
        },
      };
      await using gateway = await startGateway({ config: testConfig(stack.sandbox.url), log: broken });
      await controlOf(stack.sandbox).fault({ kind: 'status', status: 500 });
      const { errors, text } = await post(gateway.url, { query: me });
      isBroken = false; // the gateway's stop writes a warning of its own
      expect(text).not.toContain('canary');
      return errors?.[0]?.extensions as unknown as Provoked;
    },
  },
};

describe.concurrent('every error code', () => {
  it.each(Object.entries(provocations))('%s occurs, with the values of the table', async (code, provocation) => {
    await using stack = await startStack({ config: { upstreamRetries: 0, ...provocation.config } });
    const extensions = await provocation.provoke(stack);
    expect(extensions).toMatchObject({
      code,
      retryable: errorCodes[code as ErrorCode].retryable, // the keys of a table over all codes
      requestId: expect.any(String),
      ...provocation.also,
    });
    const known = [
      'code',
      'requestId',
      'retryable',
      'retryAfterSeconds',
      'notice',
      'field',
      'outcome',
      'idempotencyKey',
    ];
    expect(Object.keys(extensions).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is in the README, and no other', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const table = /<!-- errors -->([\s\S]*)<!-- \/errors -->/.exec(readme)?.[1] ?? '';
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.*?) \| (yes|no) \| (\d+) \|$/gm)];
    expect(
      rows.map(([, code, meaning, retryable, status]) => [
        code,
        { meaning, retryable: retryable === 'yes', httpStatus: Number(status) },
      ]),
    ).toEqual(Object.entries(errorCodes));
  });

  it.each([
    ['UNAUTHENTICATED', 401, null, {}],
    ['OPERATION_TOO_COMPLEX', 400, 'ada', { maxDepth: 1 }],
    ['RATE_LIMITED', 429, 'ada', { rateLimit: 1 }],
    ['PAYLOAD_TOO_LARGE', 413, 'ada', { maxBodyBytes: 1024 }],
  ] as const)('%s is HTTP status %i for clients that read the status', async (code, status, as, config) => {
    await using stack = await startStack({ config });
    if (code === 'RATE_LIMITED') await stack.query(me);
    const response = await fetch(`${stack.gateway.url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json',
        'content-type': 'application/json',
        ...(as === null ? {} : { authorization: basic(as) }),
      },
      body: JSON.stringify({ query: code === 'PAYLOAD_TOO_LARGE' ? `${me}${' '.repeat(2000)}` : me }),
    });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(code);
    if (code === 'RATE_LIMITED') expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
