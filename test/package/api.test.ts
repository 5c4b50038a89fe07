import { describe, expect, it } from 'vitest';
import { ConfigError, startGateway } from '../../src/api.ts';
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

  it('names every setting that is wrong, and those there are none of', async () => {
    const wrong = { upstreamUrl: 'nowhere', port: 70_000 };
    const problems = ['PORT: expected a port, 0 to 65535.', expect.stringMatching(/^UPSTREAM_URL: expected an origin/)];
    await expect(startGateway(wrong)).rejects.toMatchObject({ problems });
    const unknown = { upstreamUrl: 'http://127.0.0.1:1', colour: 'red' };
    await expect(startGateway(unknown)).rejects.toBeInstanceOf(ConfigError);
    await expect(startGateway(unknown)).rejects.toMatchObject({ problems: ['colour: unknown setting.'] });
  });
});
