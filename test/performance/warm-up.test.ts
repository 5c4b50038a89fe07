import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { exampleTabs } from '../../src/server/http/routes/example-operations.ts';
import { createPrepare, isInvalid, type Prepare } from '../../src/server/operation/prepare.ts';
import { warmUpHttp } from '../../src/upstream/transport/http/warm-up.ts';
import { everyNode, warmUp } from '../../src/warm-up.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { testConfig } from '../support/stack.ts';

const options = (maxTokens: number) => {
  const { introspection, operationCacheBytes, maxDocumentCharacters, compileAfter } = testConfig(
    'http://127.0.0.1:1',
    {},
  );
  return {
    introspection,
    cacheBytes: operationCacheBytes,
    maxCharacters: maxDocumentCharacters,
    maxTokens,
    compileAfter,
  };
};

describe('a gateway that logs that it listens', () => {
  it('has compiled a query, a subscription, a mutation, and an operation with variables', () => {
    const prepare = createPrepare(schema, options(1_000));
    const compiled: string[] = [];
    const valid: string[] = [];
    const uncached: string[] = [];
    let withVariables = 0;
    const watched: Prepare = (source, operationName) => {
      const prepared = prepare(source, operationName);
      if (isInvalid(prepared)) return prepared;
      valid.push(source);
      return {
        ...prepared,
        compile() {
          compiled.push(prepared.operation.operation);
          if ((prepared.operation.variableDefinitions?.length ?? 0) > 0) withVariables += 1;
          prepared.compile();
        },
      };
    };
    warmUp(schema, watched, (source, operationName) => {
      const prepared = prepare(source, operationName);
      if (!isInvalid(prepared)) uncached.push(source);
      return prepared;
    });
    expect(new Set(compiled)).toEqual(new Set(['query', 'subscription', 'mutation']));
    expect(withVariables).toBe(1);
    expect(compiled).toHaveLength(exampleTabs.length + 1);
    // Neither compiled nor cached: it makes the rules of validation fast.
    const last = everyNode(schema);
    expect(valid).toEqual([...exampleTabs.map(({ query }) => query), expect.any(String)]);
    expect(uncached).toEqual([last]);
    for (const type of ['User', 'Group', 'Message', 'Conversation']) expect(last).toContain(` on ${type} {`);
    expect(last.length).toBeGreaterThan(5_000);
  });

  it('starts also with limits that reject these operations', () => {
    const prepare = createPrepare(schema, options(3));
    expect(() => warmUp(schema, prepare, prepare)).not.toThrow();
  });

  it('has checked and decoded a user, a group and a message', { timeout: 300_000 }, async () => {
    await build();
    const folder = await mkdtemp(join(tmpdir(), 'warm-up-'));
    // Without any request: Node reports at its end which functions ran.
    await using gateway = await startGatewayProcess('http://127.0.0.1:1', { env: { NODE_V8_COVERAGE: folder } });
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit).toBe(0);
    const files = await readdir(folder);
    const text = await readFile(join(folder, files[0] ?? ''), 'utf8');
    await rm(folder, { recursive: true });
    const { result } = JSON.parse(text) as {
      result: { functions: { functionName: string; ranges: [{ count: number }] }[] }[];
    };
    const ran = new Set(
      result.flatMap(({ functions }) =>
        functions.filter(({ ranges: [{ count }] }) => count > 0).map(({ functionName }) => functionName),
      ),
    );
    expect([...ran]).toEqual(expect.arrayContaining(['decodeUser', 'decodeGroup', 'decodeMessage']));
    expect(ran).not.toContain('decodeMetadata');
  });

  it('has made one request to itself, or continues without', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.connection);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await warmUpHttp(url);
    expect(asked).toEqual(['/healthz', 'close']);
    await new Promise((resolve) => server.close(resolve));
    await warmUpHttp(url);
  });
});
