import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, root } from './support/build.ts';
import { type ImageTree, image, runInImage, unpackImage } from './support/image.ts';
import { basic } from './support/stack.ts';

describe('what the Dockerfile puts into its image', () => {
  let tree: ImageTree;
  beforeAll(async () => {
    await build();
    tree = unpackImage();
  }, 300_000);
  afterAll(() => tree.remove());

  it('is small, is compiled for no platform, and holds no source', () => {
    // An Alpine with Node is about 135 MB; together they stay below 200.
    expect(tree.bytes).toBeLessThan(40_000_000);
    expect(tree.files.filter((file) => /\.(node|so|dll|exe|wasm|map|ts)$/.test(file))).toEqual([]);
  });

  it('runs as a numbered user without rights on read-only files, healthy, with registered operations, and stops', async () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.entrypoint).toEqual(['/sbin/tini', '--']);
    const gateway = runInImage(tree, image.command, {
      PORT: '0',
      SANDBOX_PORT: '0',
      HOST: '127.0.0.1',
      PERSISTED_OPERATIONS: 'allow',
      GRAPHIQL: 'true',
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
    const nobody = runInImage(tree, image.healthCheck, { PORT: '1' });
    expect((await once(nobody, 'exit'))[0]).toBe(1);

    const [documentId = ''] = Object.keys(JSON.parse(readFileSync(`${root}schema/persisted-operations.json`, 'utf8')));
    const ask = async (body: object) => {
      const headers = { 'content-type': 'application/json', authorization: basic('ada') };
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    expect(await ask({ query: '{ me { displayName } }' })).toEqual({ data: { me: { displayName: 'Ada Lovelace' } } });
    expect(JSON.stringify(await ask({ documentId }))).not.toContain('OPERATION_NOT_PERSISTED');
    const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>TigerConnect GraphQL</title>');

    gateway.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(output).toContain('"msg":"stopped"');
    expect(output).not.toContain('"level":50');
  }, 120_000);
});
