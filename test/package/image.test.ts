import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, root } from '../support/build.ts';
import { type ImageTree, image, runInImage, unpackImage } from '../support/image.ts';
import { residentBytes } from '../support/process-figures.ts';
import { basic } from '../support/stack.ts';
import { nodeFlags, programFile } from '../support/start-command.ts';

describe('the content of the image', () => {
  let tree: ImageTree;
  beforeAll(async () => {
    await build();
    tree = unpackImage();
  });
  afterAll(() => tree.remove());

  it('is small, platform-independent, and without sources', () => {
    // An Alpine with Node is about 135 MB; together they stay below 150. Most of it is the GraphiQL page.
    expect(tree.bytes).toBeLessThan(15_000_000);
    expect(tree.files.filter((file) => /\.(node|so|dll|exe|wasm|map|ts)$/.test(file))).toEqual([]);
  });

  it('has production packages only, and their licences', () => {
    const licences = readFileSync(`${tree.path}/dist/program/LICENSES.txt`, 'utf8').split(`\n${'-'.repeat(80)}\n`);
    const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
      packages: Record<string, { version?: string; dev?: boolean }>;
    };
    const locked = Object.entries(packages).map(([path, entry]) => ({
      name: path.split('node_modules/').at(-1),
      ...entry,
    }));
    for (const text of licences) {
      const [, name, version] = /^(\S+) (\S+): /.exec(text.trim()) ?? [];
      const isShipped = locked.some((each) => each.name === name && each.version === version && each.dev !== true);
      expect(isShipped, text.slice(0, 100)).toBe(true);
      expect(text.length, name).toBeGreaterThan(`${name} ${version}: MIT`.length + 5);
    }
    expect(licences.length).toBeGreaterThan(60);
    expect(tree.files.filter((file) => file.includes('node_modules'))).toEqual([]);
  });

  it('is based on the Node release with long-term support, in both stages, and has a health check without Node', () => {
    expect(image.baseImages).toEqual(['node:24-bookworm-slim', 'node:24-alpine']);
    expect(image.healthCheck.join(' ')).not.toMatch(/node|fetch/);
  });

  it('has labels with the version of the package', () => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(image.labels).toMatchObject({ title: name, version, licenses: license });
  });

  it.each([
    [{}, 'UPSTREAM_URL: expected an origin such as'],
    [
      { UPSTREM_URL: 'https://api.example.org' },
      'UPSTREM_URL: unknown setting. The most similar setting is UPSTREAM_URL.',
    ],
  ])(
    'does not start the sandbox unless SANDBOX is set: %j',
    async (environment, said) => {
      const gateway = runInImage(tree, image.command, { PORT: '0', HOST: '127.0.0.1', ...environment });
      let output = '';
      for (const stream of [gateway.stdout, gateway.stderr])
        stream?.on('data', (text: Buffer) => (output += String(text)));
      expect((await once(gateway, 'close'))[0]).toBe(1);
      expect(output).toContain(said);
      expect(output).toContain('SANDBOX=true starts the built-in sandbox instead');
      expect(output).not.toContain('ada');
    },
    60_000,
  );

  it('runs as a numbered user without capabilities on read-only files, healthy, with registered operations, and stops', async () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.entrypoint).toEqual(['/sbin/tini', '--']);
    expect(image.command).toEqual(['node', ...nodeFlags, programFile]);
    let traces = 0;
    const collector = createServer((request, response) => {
      traces += request.url === '/v1/traces' ? 1 : 0;
      request.resume();
      response.end();
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const gateway = runInImage(tree, image.command, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      PORT: '0',
      SANDBOX_PORT: '0',
      HOST: '127.0.0.1',
      PERSISTED_OPERATIONS: 'allow',
      GRAPHIQL: 'true',
      SANDBOX: 'true',
      DRAIN_DELAY_MS: '0',
    });
    const exit = once(gateway, 'exit');
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      for (const stream of [gateway.stdout, gateway.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          output += `${line}\n`;
          const address = /"url":"([^"]+)","msg":"gateway is listening"/.exec(line)?.[1];
          if (address !== undefined) resolve(address);
        });
      }
      void exit.then(() => reject(new Error(`it ended before it listened:\n${output}`)));
    });
    if (process.getuid?.() === 0) {
      const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
      expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe(image.user.split(':')[0]);
      expect(/^CapEff:\s+(\w+)/m.exec(status)?.[1]).toMatch(/^0+$/);
    }

    const health = runInImage(tree, image.healthCheck, { PORT: new URL(url).port });
    expect((await once(health, 'exit'))[0]).toBe(0);
    // The proxy for upstream calls is not used for the health check.
    const proxied = runInImage(tree, image.healthCheck, { PORT: new URL(url).port, http_proxy: 'http://127.0.0.1:1' });
    expect((await once(proxied, 'exit'))[0]).toBe(0);
    const unserved = runInImage(tree, image.healthCheck, { PORT: '1' });
    expect((await once(unserved, 'exit'))[0]).toBe(1);

    const [documentId = ''] = Object.keys(JSON.parse(readFileSync(`${root}schema/persisted-operations.json`, 'utf8')));
    const ask = async (body: object) => {
      const headers = { 'content-type': 'application/json', authorization: basic('ada') };
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    expect(await ask({ query: '{ me { displayName } }' })).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });
    expect(JSON.stringify(await ask({ documentId }))).not.toContain('OPERATION_NOT_PERSISTED');
    // The page is in memory from the first request for it.
    const pid = gateway.pid ?? 0;
    const withoutPage = residentBytes(pid);
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>TigerConnect GraphQL</title>');
    const script = await fetch(`${url}/graphql/graphiql.js`);
    expect((await script.arrayBuffer()).byteLength).toBeGreaterThan(1_000_000);
    expect(residentBytes(pid) - withoutPage).toBeGreaterThan(20_000_000);

    gateway.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(output).toContain('"msg":"stopped"');
    expect(output).not.toContain('"level":"error"');
    expect(traces).toBeGreaterThan(0);
    collector.close();
  });
});
