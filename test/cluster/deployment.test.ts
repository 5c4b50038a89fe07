/** Runs the services of the compose file in `src/cluster/README.md` as programs: Redis, two gateways and nginx. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { usedCommands } from '../../src/cluster/redis/used-commands.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { startNginx } from '../support/nginx.ts';
import { startRedis } from '../support/redis.ts';
import { post } from '../support/stack.ts';
import { waitUntil } from '../support/wait.ts';

const readme = readFileSync(new URL('../../src/cluster/README.md', import.meta.url), 'utf8');
const block = (language: string) =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? '';
const secrets = { REDIS_PASSWORD: 's3cret', REDIS_KEYS: Buffer.alloc(32, 9).toString('base64') };

interface Compose {
  readonly services: {
    readonly redis: { readonly command: readonly string[] };
    readonly 'gateway-1': { readonly environment: Readonly<Record<string, string>> };
    readonly 'gateway-2': { readonly environment: Readonly<Record<string, string>> };
  };
  readonly configs: { readonly nginx: { readonly content: string } };
}
/** As Compose replaces variables. */
const compose = parse(
  block('yaml')
    .replaceAll(/\$\{(\w+)\}/g, (_all, name: keyof typeof secrets) => secrets[name])
    .replaceAll('$$', '$'),
) as Compose;

describe('the README of the cluster', () => {
  it('lists exactly the permissions that the gateway uses', () => {
    const rights = Object.keys(usedCommands).map((name) => `+${name}`);
    const line = /^user gateway .*$/m.exec(readme)?.[0] ?? '';
    expect(line.match(/\+[\w|]+/g)?.toSorted()).toEqual(rights.toSorted());
    const inCompose = compose.services.redis.command.at(-1) ?? '';
    expect(inCompose.replace('s3cret', 'PASSWORD')).toBe(`--${line}`);
  });
});

describe('the compose file', () => {
  beforeAll(build);

  it('runs two gateways behind nginx, which sends a credential to one of them', async () => {
    const [program, ...directives] = compose.services.redis.command;
    expect(program).toBe('redis-server');
    // Compose passes each line as one argument, which redis-server reads as a line of its configuration.
    await using redis = await startRedis(directives);
    const sandbox = await startSandbox();
    const start = (name: 'gateway-1' | 'gateway-2') => {
      const { UPSTREAM_URL, REDIS_URL, ...env } = compose.services[name].environment;
      expect(UPSTREAM_URL).toMatch(/^https:/);
      return startGatewayProcess(sandbox.url, {
        env: {
          ...env,
          REDIS_URL: `${REDIS_URL}`.replace('@redis', `@127.0.0.1:${redis.port}`),
          ACCESS_LOG: 'true',
          DEBUG: 'ioredis:*',
        },
      });
    };
    await using first = await start('gateway-1');
    await using second = await start('gateway-2');
    for (const { output } of [first, second]) {
      await waitUntil(() => output().includes('replicas share rate limits and cache invalidation'));
      expect(output()).not.toMatch(/"level":"warn"|s3cret/);
    }
    const config = compose.configs.nginx.content
      .replace('gateway-1:4000', new URL(first.url).host)
      .replace('gateway-2:4000', new URL(second.url).host);
    const [, around = '', location = ''] =
      /^([\s\S]*)server \{\n[\s\S]*?location \/ \{([\s\S]*?)\n {2}\}/m.exec(config) ?? [];
    await using nginx = await startNginx(location, around);
    const people = ['ada', 'grace', 'alan', 'edward', 'florence', 'joan', 'tim', 'karen'];
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(people.map((as) => post(nginx.url, { query: '{ me { id } }' }, as)));
      for (const { errors } of answers) expect(errors).toBeUndefined();
    }
    const served = () => [first, second].map(({ output }) => output().match(/"msg":"operation"/g)?.length ?? 0);
    // Lines of the access log are written some milliseconds after the answers.
    await expect.poll(() => served().reduce((sum, count) => sum + count, 0)).toBe(3 * people.length);
    // Each caller at one of them: multiples of three at both.
    for (const count of served()) expect(count % 3).toBe(0);
    await sandbox.close();
  });
});
