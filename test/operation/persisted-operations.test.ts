import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import manifest from '../../schema/persisted-operations.json' with { type: 'json' };
import { documentId, UsersDocument } from '../../src/documents.ts';
import { basic, type Stack, startStack } from '../support/stack.ts';

interface Result {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

type Send = (url: string, request: Readonly<Record<string, unknown>>) => Promise<Result>;

const authorization = basic('ada');

async function readEventStream(response: Response): Promise<Result> {
  const text = await response.text();
  const data = /^data: (.+)$/m.exec(text)?.[1];
  return JSON.parse(data ?? text);
}

const transports: Readonly<Record<string, Send>> = {
  POST: async (url, request) => {
    const headers = { 'content-type': 'application/json', authorization };
    return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(request) })).json();
  },
  GET: async (url, request) => {
    const parameters = Object.entries(request).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return (
      await fetch(`${url}/graphql?${new URLSearchParams(parameters)}`, {
        headers: { authorization, accept: 'application/json' },
      })
    ).json();
  },
  SSE: async (url, request) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization };
    return readEventStream(await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(request) }));
  },
  WebSocket: async (url, request) => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    });
    // The protocol wants a string for the query, also when an id takes its place.
    const payload = { query: '', ...request } as SubscribePayload;
    try {
      return await new Promise<Result>((resolve) => {
        client.subscribe(payload, {
          next: (value) => resolve(value as Result),
          error: (errors) => resolve({ errors: errors as NonNullable<Result['errors']> }),
          complete: () => undefined,
        });
      });
    } finally {
      await client.dispose();
    }
  },
};

const text = 'query { me { token } }';
const id = documentId(UsersDocument);
const variables = { ids: ['grace@example.org'] };
const answer = { data: { users: [{ displayName: 'Grace Hopper' }] } };

describe('the manifest', () => {
  it('is in the container image, where the mode must work without a custom file', () => {
    const dockerfile = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
    expect(dockerfile).toMatch(/^COPY .*schema\/persisted-operations\.json .*\.\/schema\/$/m);
  });

  it('has the hash of each text as its id', () => {
    for (const [key, value] of Object.entries(manifest)) {
      expect(key).toBe(`sha256:${createHash('sha256').update(value).digest('hex')}`);
    }
  });
});

describe.each(['off', 'allow', 'only'] as const)('PERSISTED_OPERATIONS=%s', (mode) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { persistedOperations: mode } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  describe.each(Object.entries(transports))('over %s', (_name, send) => {
    const ask = (request: Readonly<Record<string, unknown>>) => send(stack.gateway.url, request);
    const code = (result: Result) => result.errors?.[0]?.extensions?.code;

    if (mode === 'off') {
      it('knows no ids', async () => {
        expect(code(await ask({ documentId: id, variables }))).toBe('BAD_USER_INPUT');
        expect((await ask({ documentId: id, query: text })).errors).toBeUndefined();
      });
      return;
    }

    it('runs a registered operation by documentId and by hash', async () => {
      expect(await ask({ documentId: id, variables })).toMatchObject(answer);
      const sha256Hash = id.replace('sha256:', '');
      expect(await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } }, variables })).toMatchObject(
        answer,
      );
    });

    it('uses the registered text when a client sends another one with its id', async () => {
      expect(await ask({ documentId: id, query: text, variables })).toMatchObject(answer);
    });

    if (mode === 'allow') {
      it('runs texts too, and requests the text from a client with an unknown id', async () => {
        const unknown = { extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } } };
        expect((await ask({ query: text })).errors).toBeUndefined();
        expect((await ask({ ...unknown, query: text })).errors).toBeUndefined();
        expect(await ask(unknown)).toMatchObject({ errors: [{ message: 'PersistedQueryNotFound' }] });
      });
    } else {
      it('rejects everything else', async () => {
        for (const request of [
          { query: text },
          { query: '{ __typename }' },
          { query: '{ __schema { types { name } } }' },
          { query: text, documentId: 'sha256:0' },
          { query: text, extensions: { persistedQuery: { version: 1, sha256Hash: 'f'.repeat(64) } } },
          { documentId: '__proto__' },
          {},
        ]) {
          const result = await ask(request);
          expect(code(result), JSON.stringify(request)).toBe('OPERATION_NOT_PERSISTED');
          expect(result.data).toBeUndefined();
        }
      });
    }
  });
});

describe('a manifest of the operator', () => {
  async function manifestFile(content: string): Promise<string> {
    const file = join(await mkdtemp(join(tmpdir(), 'manifest-')), 'operations.json');
    await writeFile(file, content);
    return file;
  }

  it('replaces the built-in one', async () => {
    const persistedOperationsFile = await manifestFile(JSON.stringify({ 'my-app/me/1': text }));
    await using stack = await startStack({ config: { persistedOperations: 'only', persistedOperationsFile } });
    const post = transports.POST as Send; // it is in the table above
    expect(await post(stack.gateway.url, { documentId: 'my-app/me/1' })).toMatchObject({ data: { me: {} } });
    expect(await post(stack.gateway.url, { documentId: id, variables })).toMatchObject({ errors: [{}] });
  });

  it('prevents the start when it is unusable', async () => {
    for (const content of ['', '[]', '{}', '{"a":1}', JSON.stringify({ 'no-such-field': '{ nothing }' })]) {
      const persistedOperationsFile = await manifestFile(content);
      const start = startStack({ config: { persistedOperations: 'allow', persistedOperationsFile } });
      await expect(start).rejects.toThrow('PERSISTED_OPERATIONS_FILE');
    }
    const start = startStack({ config: { persistedOperations: 'allow', persistedOperationsFile: '/nowhere' } });
    await expect(start).rejects.toThrow('PERSISTED_OPERATIONS_FILE: expected a file that can be read (ENOENT).');
  });

  it.each([
    ['that exceeds a limit', '{ me { id } }', 'The operation has more than 1 levels of fields.'],
    ['that does not fit the schema', '{ nothing }', 'Cannot query field "nothing" on type "Query".'],
  ])('prevents the start by an operation %s, with the reason', async (_name, query, reason) => {
    const persistedOperationsFile = await manifestFile(JSON.stringify({ mine: query }));
    for (const more of [{ persistedOperations: 'allow' }, { mcp: true }] as const) {
      const start = startStack({ config: { ...more, persistedOperationsFile, maxDepth: 1 } });
      await expect(start).rejects.toThrow(`PERSISTED_OPERATIONS_FILE: mine cannot run: ${reason}`);
    }
  });
});
