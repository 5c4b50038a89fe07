import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { build, root } from '../support/build.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { post } from '../support/stack.ts';
import { programFile } from '../support/start-command.ts';

const query =
  '{ roster { entries { nodes { counterpart { ... on User { displayName } ... on Group { members { nodes { displayName } } } } } } } }';
/** The engine says what it does; with little room for what is new, collections of the whole heap come often. */
const flags = ['--trace-deopt', '--trace-gc', '--max-semi-space-size=1', '--inspect=127.0.0.1:0'];

/** V8 waits for some eight quiet seconds before it gives memory back, and reports code that it discards then. */
const quietMs = 16_000;

let sandbox: Sandbox;
let gateway: GatewayProcess;
/** Calls these methods of the inspector, one after the other. */
async function inspect(methods: readonly string[]): Promise<void> {
  await expect.poll(() => gateway.output()).toMatch(/Debugger listening on ws:\/\/\S+/);
  const inspector = new WebSocket(/Debugger listening on (ws:\/\/\S+)/.exec(gateway.output())?.[1] ?? '');
  await once(inspector, 'open');
  for (const [id, method] of methods.entries()) {
    inspector.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data]: Buffer[] = await once(inspector, 'message');
      if (JSON.parse(String(data)).id === id) break;
    }
  }
  inspector.terminate();
}

/** What the gateway wrote while it was left alone; the other tests of this file run in that time. */
let quiet: Promise<string>;
beforeAll(async () => {
  await build();
  sandbox = await startSandbox();
  gateway = await startGatewayProcess(sandbox.url, { flags });
  // Eight collections of the whole heap and more: V8 discards the bytecode of the start in the sixth, 0.7 MB, and none while an inspector
  // is connected.
  for (let round = 0; round < 500; round++) {
    await Promise.all(Array.from({ length: 8 }, () => post(gateway.url, { query })));
  }
  const busy = gateway.output().length;
  quiet = delay(quietMs).then(() => gateway.output().slice(busy));
}, 300_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await sandbox.close();
});

describe('the engine', () => {
  /** Megabytes in use before and after each collection of the whole heap. */
  function wholeCollections(): RegExpMatchArray[] {
    return [...gateway.output().matchAll(/Mark-Compact ([\d.]+) \([\d.]+\) -> ([\d.]+)/g)];
  }

  it('collects garbage when the heap is half as large again as what was alive, not when it is four times as large', () => {
    const collections = wholeCollections();
    const growths = collections.slice(1).map(([, before], index) => Number(before) / Number(collections[index]?.[2]));
    expect(growths.length).toBeGreaterThan(0);
    expect(Math.max(...growths)).toBeLessThan(1.9);
  });
});

// What has been given back in one piece decides how much of what is given back later stays with the process.
describe('modules loaded once', () => {
  it('are compiled without the passes that need the most memory', { timeout: 300_000 }, async () => {
    const sandbox = await startSandbox();
    try {
      // Optimised before it is used for the first time, and the statistics are written at the end.
      const flags = ['--no-liftoff', '--no-wasm-lazy-compilation', '--no-wasm-dynamic-tiering', '--turbo-stats-wasm'];
      await using gateway = await startGatewayProcess(sandbox.url, { flags });
      expect((await post(gateway.url, { query })).errors).toBeUndefined();
      gateway.child.kill('SIGTERM');
      await gateway.exit;
      expect(gateway.output()).toContain('V8.TFRegisterAllocation');
      expect(gateway.output()).toContain('V8.TFWasmBaseOptimization');
      expect(gateway.output()).not.toContain('V8.TFWasmOptimization');
      expect(gateway.output()).not.toContain('V8.TFWasmLoopUnrolling');
    } finally {
      await sandbox.close();
    }
  });

  it('are loaded in chunks of at most half a megabyte', () => {
    const sizes = new Map<string, number>();
    const load = (file: string) => {
      if (sizes.has(file)) return;
      const source = readFileSync(file, 'utf8');
      sizes.set(file, statSync(file).size);
      for (const [, name = ''] of source.matchAll(/(?:\bfrom|\bimport)"(\.\/[\w.-]+\.js)"/g))
        load(join(dirname(file), name));
    };
    const main = `${root}${programFile}`;
    load(main);
    const [, rest = ''] = /import\("(.+?)"\)/.exec(readFileSync(main, 'utf8')) ?? [];
    load(join(dirname(main), rest));
    // All of it is there: about two megabytes.
    expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeGreaterThan(1_000_000);
    expect(Math.max(...sizes.values())).toBeLessThan(512 * 1024);
  });
});

describe('objects of one operation', () => {
  it('have a young generation of 22 MB, at the start and under load', { timeout: 300_000 }, async () => {
    const sandbox = await startSandbox();
    try {
      const flags = ['--trace-gc', '--trace-gc-verbose'];
      await using gateway = await startGatewayProcess(sandbox.url, { flags });
      // Both halves of it, in KB, at each collection; the second is taken when there is something to be put into it.
      const rooms = () =>
        [...gateway.output().matchAll(/New space, .*committed: +(\d+) KB/g)].map(([, kilobytes]) => Number(kilobytes));
      for (let round = 0; round < 2_000 && rooms().length < 15; round++) {
        await Promise.all(Array.from({ length: 8 }, () => post(gateway.url, { query })));
      }
      expect(rooms().length).toBeGreaterThanOrEqual(15);
      expect(new Set(rooms().slice(3))).toEqual(new Set([2 * 22 * 1024]));
    } finally {
      await sandbox.close();
    }
  });

  it('die in the young generation, however many operations are in flight', { timeout: 300_000 }, async () => {
    const sandbox = await startSandbox();
    try {
      // Each reads the upstream, and none is joined to another.
      const env = { ENTITY_CACHE_MS: '0', RATE_LIMIT: '0' };
      const flags = ['--trace-gc', '--max-semi-space-size=4'];
      await using gateway = await startGatewayProcess(sandbox.url, { env, flags });
      for (let round = 0; round < 150; round++) {
        await Promise.all(
          Array.from({ length: 64 }, (_, index) =>
            post(gateway.url, { query: `query Me${index} { me { displayName emails { address } } }` }),
          ),
        );
      }
      const collections = [...gateway.output().matchAll(/(Scavenge|Mark-Compact) ([\d.]+) \([\d.]+\) -> ([\d.]+)/g)];
      const warm = collections.slice(collections.length / 2);
      let made = 0;
      let grownOld = 0;
      for (const [index, [, kind, before, after]] of warm.entries()) {
        const left = warm[index - 1]?.[3];
        if (left === undefined) continue;
        made += Number(before) - Number(left);
        if (kind === 'Scavenge') grownOld += Number(after) - Number(left);
      }
      expect(collections.filter(([, kind]) => kind === 'Scavenge').length).toBeGreaterThan(10);
      expect(gateway.output()).not.toMatch(/Scavenge .*\btask\b/);
      expect(made).toBeGreaterThan(50);
      expect(grownOld / made).toBeLessThan(0.08);
    } finally {
      await sandbox.close();
    }
  });
});

describe('the engine', () => {
  it('keeps compiled code across an idle period', { timeout: 300_000 }, async () => {
    const written = await quiet;
    expect(written).not.toContain('Mark-Compact (reduce)');
    expect(written).not.toContain('weak objects');
  });

  // Each collection visits all live objects: loaded modules and permanent data make collections longer. A library that comes to be loaded
  // adds half a megabyte and more; the schema, whose every field has code and a description, is a part that grows.
  it('finds few live objects when it collects garbage', { timeout: 300_000 }, async () => {
    // Not during the pause of the test above. What has a finalizer is freed by the second collection. One that the engine begins by
    // itself finds what is in use as well.
    await quiet;
    const collect = 'HeapProfiler.collectGarbage';
    await inspect([collect, collect]);
    const ordered = () => [...gateway.output().matchAll(/Mark-Compact \(reduce\) [\d.]+ \([\d.]+\) -> ([\d.]+)/g)];
    await expect.poll(() => ordered().length).toBeGreaterThan(1);
    const alive = Number(ordered().at(-1)?.[1]);
    expect(alive).toBeGreaterThan(5);
    expect(alive).toBeLessThan(20);
  });
});
