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
import { warmUp } from '../../src/warm-up.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { testConfig } from '../support/stack.ts';

const options = (maxTokens: number) => {
  const { introspection, operationCacheBytes, maxDocumentCharacters } = testConfig('http://127.0.0.1:1', {});
  return { introspection, cacheBytes: operationCacheBytes, maxCharacters: maxDocumentCharacters, maxTokens };
};

describe('before a gateway says that it listens', () => {
  it('has compiled a query, a subscription, a mutation, and an operation with variables', () => {
    const prepare = createPrepare(schema, options(1_000));
    const compiled: string[] = [];
    let withVariables = 0;
    const watched: Prepare = (source, operationName) => {
      const prepared = prepare(source, operationName);
      if (isInvalid(prepared)) return prepared;
      return {
        ...prepared,
        get execute() {
          compiled.push(prepared.operation.operation);
          if ((prepared.operation.variableDefinitions?.length ?? 0) > 0) withVariables += 1;
          return prepared.execute;
        },
      };
    };
    warmUp(watched);
    expect(new Set(compiled)).toEqual(new Set(['query', 'subscription', 'mutation']));
    expect(withVariables).toBe(1);
    expect(compiled).toHaveLength(exampleTabs.length + 1);
  });

  it('starts also with limits that refuse these operations', () => {
    expect(() => warmUp(createPrepare(schema, options(3)))).not.toThrow();
  });

  it('has checked and decoded a user, a group and a message', { timeout: 120_000 }, async () => {
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

  it('has made one request to itself, and goes without when it cannot', async () => {
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
