/** Requests of pages on other origins, and the checks of the settings that allow them. */
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import { type StackOptions, startStack } from '../support/stack.ts';

const origin = 'https://chat.example.org';

describe('CORS_ORIGINS', () => {
  it.each([
    'foo',
    'https://app.example.org/',
    'https://app.example.org/chat',
    'https://app.example.org?x',
    '*',
    'https://*.example.org',
    'localhost:3000',
    'null',
    'https://App.example.org',
    'https://app.example.org:443',
    'https://user@app.example.org',
    'file:///',
    `${origin},foo`,
  ])('is rejected at the start when it contains %j, which would match nothing', (text) => {
    expect(() => parseConfig({ CORS_ORIGINS: text, PORT: '-1' })).toThrow(ConfigError);
    expect(() => parseConfig({ CORS_ORIGINS: text, PORT: '-1' })).toThrow(
      /^PORT: expected .*\nCORS_ORIGINS: expected origins as browsers send them, such as https:\/\/app\.example\.org /,
    );
  });

  it.each([
    '',
    origin,
    'http://localhost:3000, http://[::1]:3000',
    'capacitor://localhost',
    'https://xn--bcher-kva.example',
  ])('accepts %j', (text) => {
    const expected = text === '' ? [] : text.split(', ');
    expect(parseConfig({ CORS_ORIGINS: text }).corsOrigins).toEqual(expected);
  });
});

describe('a preflight request', () => {
  async function allowedHeaders(config: NonNullable<StackOptions['config']>): Promise<readonly string[]> {
    await using stack = await startStack({ config: { corsOrigins: [origin], ...config } });
    const paths = ['/graphql', '/attachments/8d0e2f5a-0000-4000-8000-000000000000/1'];
    const answers = paths.map(async (path) => {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const { status, headers: sent } = await fetch(`${stack.gateway.url}${path}`, { method: 'OPTIONS', headers });
      expect(status).toBe(204);
      return sent.get('access-control-allow-headers')?.split(', ') ?? [];
    });
    const [graphql = [], attachment] = await Promise.all(answers);
    expect(attachment).toEqual(graphql);
    return graphql;
  }

  it('allows the headers that tracing and Apollo Client add by themselves', async () => {
    expect(await allowedHeaders({})).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'traceparent',
        'tracestate',
        'baggage',
        'sentry-trace',
        'apollographql-client-name',
        'apollographql-client-version',
        'apollo-require-preflight',
        'x-apollo-operation-name',
      ]),
    );
  });

  it('allows those of CORS_ALLOWED_HEADERS too', async () => {
    const { corsAllowedHeaders } = parseConfig({ CORS_ALLOWED_HEADERS: 'X-Datadog-Origin, uber-trace-id' });
    expect(await allowedHeaders({ corsAllowedHeaders })).toEqual(
      expect.arrayContaining(['authorization', 'x-datadog-origin', 'uber-trace-id']),
    );
    expect(await allowedHeaders({})).not.toContain('uber-trace-id');
  });

  it.each(['*', 'x y', 'x:y', 'x-a\r\nset-cookie'])(
    'reports CORS_ALLOWED_HEADERS at the start when it is %j',
    (text) => {
      expect(() => parseConfig({ CORS_ALLOWED_HEADERS: text })).toThrow(
        'CORS_ALLOWED_HEADERS: expected names of request headers',
      );
    },
  );
});
