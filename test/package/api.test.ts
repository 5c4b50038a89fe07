import { describe, expect, it } from 'vitest';
import { type AccessFields, type AuditRecord, ConfigError, startGateway } from '../../src/api.ts';
import { HookCaller } from '../../src/hooks.ts';
import { createLog } from '../../src/observability/log.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { post } from '../support/stack.ts';

describe('a gateway inside another program', () => {
  it('starts with the settings it is given and the defaults of the others', async () => {
    await using sandbox = await startSandbox();
    const corsOrigins = ['https://one.example.org', 'https://two.example.org'];
    const settings = { port: 0, logLevel: 'silent', introspection: true, corsOrigins } as const;
    await using gateway = await startGateway({ upstreamUrl: sandbox.url, ...settings, host: undefined });
    expect(new URL(gateway.url).hostname).toBe('127.0.0.1');
    const { data } = await post(gateway.url, { query: '{ me { displayName } __schema { queryType { name } } }' });
    expect(data).toEqual({ me: { displayName: 'Ada Lovelace' }, __schema: { queryType: { name: 'Query' } } });
    const preflight = { method: 'OPTIONS', headers: { origin: 'https://two.example.org' } };
    const { headers } = await fetch(`${gateway.url}/graphql`, preflight);
    expect(headers.get('access-control-allow-origin')).toBe('https://two.example.org');
  });

  it('reports every invalid and every unknown setting', async () => {
    const wrong = { upstreamUrl: 'nowhere', port: 70_000 };
    const problems = ['PORT: expected a port, 0 to 65535.', expect.stringMatching(/^UPSTREAM_URL: expected an origin/)];
    await expect(startGateway(wrong)).rejects.toMatchObject({ problems });
    const unknown = { upstreamUrl: 'http://127.0.0.1:1', colour: 'red' };
    await expect(startGateway(unknown)).rejects.toBeInstanceOf(ConfigError);
    await expect(startGateway(unknown)).rejects.toMatchObject({ problems: ['colour: unknown setting.'] });
  });

  it('takes an address and keys as the text of their variables', async () => {
    const redis = { redisUrl: 'redis://127.0.0.1:1', redisKeys: Buffer.alloc(32, 1).toString('base64') };
    await using gateway = await startGateway({
      upstreamUrl: 'http://127.0.0.1:1',
      port: 0,
      logLevel: 'silent',
      ...redis,
    });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  it('calls its hooks with operations and mutations, and continues whatever they do', async () => {
    await using sandbox = await startSandbox();
    const operations: AccessFields[] = [];
    const records: AuditRecord[] = [];
    await using gateway = await startGateway({
      upstreamUrl: sandbox.url,
      port: 0,
      logLevel: 'silent',
      hooks: {
        onOperation(operation) {
          operations.push(operation);
          throw new Error('of the program');
        },
        async onAudit(record) {
          records.push(record);
          throw new Error('of the program');
        },
      },
    });
    const query = 'mutation { mute(input: { counterpart: "grace@example.org", minutes: 5 }) { mutedUntil } }';
    expect((await post(gateway.url, { query })).errors).toBeUndefined();
    expect(operations).toMatchObject([{ type: 'mutation', transport: 'http', code: 'OK' }]);
    expect(records).toMatchObject([{ action: 'mute', outcome: 'DONE', caller: operations[0]?.caller }]);
    expect(records[0]?.account).toMatch(/^User:/);
    expect(records[0]).toMatchObject({ audit: 1, time: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('bounds the time of a hook and the number of its pending calls', async () => {
    const said: string[] = [];
    const log = createLog('warn', { write: (line) => void said.push(JSON.parse(line).msg) });
    let calls = 0;
    const onAudit = () => {
      calls += 1;
      return new Promise<void>(() => {});
    };
    const hooks = new HookCaller({ onAudit }, { hookTimeoutMs: 20, maxHookCalls: 2 }, log);
    const record = {
      audit: 1,
      time: '2026-11-28T22:00:00.000Z',
      requestId: '1',
      action: 'mute',
      outcome: 'DONE',
      code: 'OK',
      objects: {},
    } as const;
    for (let index = 0; index < 3; index++) hooks.onAudit?.(record);
    expect([calls, said]).toEqual([2, ['hook not called: too many calls are pending']]);
    await expect.poll(() => said.filter((text) => text === 'hook timed out').length).toBe(2);
    hooks.onAudit?.(record);
    expect(calls).toBe(3);
    expect(hooks.onOperation).toBeUndefined();
  });
});
