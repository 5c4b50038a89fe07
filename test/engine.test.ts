import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../src/sandbox/server.ts';
import { build } from './support/build.ts';
import { startGatewayProcess } from './support/gateway-process.ts';
import { post } from './support/stack.ts';

const query =
  '{ roster { entries { nodes { counterpart { ... on User { displayName } ... on Group { members { nodes { displayName } } } } } } } }';
/** Collections come often, and say what they do. */
const flags = ['--trace-deopt', '--trace-gc', '--max-semi-space-size=1', '--heap-growing-percent=10'];

describe('a quiet process', () => {
  beforeAll(build, 300_000);

  // V8 waits for some eight quiet seconds before it gives memory back; its threads tell of code thrown away with it.
  it('keeps the code it compiled', { timeout: 120_000 }, async () => {
    await using sandbox = await startSandbox();
    await using gateway = await startGatewayProcess(sandbox.url, { flags });
    for (let round = 0; round < 300; round++) {
      await Promise.all(Array.from({ length: 8 }, () => post(gateway.url, { query })));
    }
    const busy = gateway.output().length;
    await delay(16_000);
    const quiet = gateway.output().slice(busy);
    expect(quiet).not.toContain('Mark-Compact (reduce)');
    expect(quiet).not.toContain('weak objects');
  });
});
