/** `WWW-Authenticate` of each answer with 401: the schemes in use, and none for pages. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type Stack, startStack } from '../support/stack.ts';

const token = '00000000-0000-4000-8000-000000000000';
const basicScheme = 'Basic realm="TigerConnect", charset="UTF-8"';
const body = JSON.stringify({ query: '{ me { displayName } }' });
const graphql = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
const tools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

interface Asked {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Each route that answers with 401 in a way of its own. */
const routes: Readonly<Record<string, Asked>> = {
  'an operation': { path: '/graphql', method: 'POST', headers: graphql, body },
  'an operation by GET': {
    path: `/graphql?query=${encodeURIComponent('{ me { displayName } }')}`,
    method: 'GET',
    headers: graphql,
    body: '',
  },
  'an attachment': { path: `/attachments/${token}/1`, method: 'GET', headers: {}, body: '' },
  'a picture': { path: `/avatars/users/${token}`, method: 'GET', headers: {}, body: '' },
  'tools of assistants': { path: '/mcp', method: 'POST', headers: { 'content-type': 'application/json' }, body: tools },
};

async function ask(url: string, asked: Asked, more: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const { path, method, headers, body: content } = asked;
  const sent = request(`${url}${path}`, { method, headers: { ...headers, ...more }, agent: false });
  sent.end(content);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

const folder = mkdtempSync(join(tmpdir(), 'challenge-'));
writeFileSync(join(folder, 'vault.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true }));

const identityProvider: Partial<Config> = {
  oidcIssuer: 'http://127.0.0.1:1',
  oidcAudience: 'tigerconnect',
  oidcVaultFile: join(folder, 'vault.json'),
};

describe.each<readonly [string, Partial<Config>, string]>([
  ['the credentials of the upstream', {}, basicScheme],
  ['an identity provider', identityProvider, `${basicScheme}, Bearer realm="TigerConnect"`],
])('with %s', (_what, config, expected) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ config: { ...config, mcp: true, httpGet: true } });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(Object.entries(routes))(
    '%s without a credential is answered with the schemes in use',
    async (_name, asked) => {
      const { statusCode, headers } = await ask(stack.gateway.url, asked);
      expect([statusCode, headers['www-authenticate']]).toEqual([401, expected]);
    },
  );

  it.each(Object.entries(routes))('%s of a page opens no sign-in dialog of the browser', async (_name, asked) => {
    const { statusCode, headers } = await ask(stack.gateway.url, asked, { 'sec-fetch-site': 'same-origin' });
    expect([statusCode, headers['www-authenticate']]).toEqual([401, undefined]);
  });

  it('no other response has them', async () => {
    const { statusCode, headers } = await ask(stack.gateway.url, graphqlOf('{ __typename }'));
    expect([statusCode, headers['www-authenticate']]).toEqual([200, undefined]);
  });
});

function graphqlOf(query: string): Asked {
  return { path: '/graphql', method: 'POST', headers: graphql, body: JSON.stringify({ query }) };
}
