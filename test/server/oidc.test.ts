/** Bearer tokens of an identity provider, verified by its keys and mapped to key pairs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, ConfigError, parseConfig } from '../../src/config/config.ts';
import { startGateway } from '../../src/gateway.ts';
import type { GatewayHooks } from '../../src/hooks.ts';
import { createLog } from '../../src/observability/log.ts';
import { Vault } from '../../src/server/authentication/oidc/vault.ts';
import { askAsPage } from '../support/browser-session.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { selfSigned } from '../support/self-signed.ts';
import { type Stack, startStack, testConfig } from '../support/stack.ts';
import { countFromHere, waitUntil, within } from '../support/wait.ts';

const me = '{ me { displayName } }';
const nameOf = (displayName: string) => ({ data: { me: { displayName } } });
const ada = nameOf('Ada Lovelace');

const folder = mkdtempSync(join(tmpdir(), 'oidc-'));
afterAll(() => rmSync(folder, { recursive: true }));
const vaultFile = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
/** As the manual shows it. */
const [, example = ''] =
  /^```json\n([\s\S]*?)^```$/m.exec(readFileSync(new URL('../../src/server/README.md', import.meta.url), 'utf8')) ?? [];
const pairs = { 'u-ada': { key: 'ada', secret: 'demo' }, 'u-grace': { key: 'grace', secret: 'demo' } };

const usualVault = vaultFile('vault.json', pairs);

/** Settings for a provider; retries and caches are short, so that tests need not wait. */
const configFor = ({ issuer }: Pick<IdentityProvider, 'issuer'>, more: Partial<Config> = {}): Partial<Config> => ({
  oidcIssuer: issuer,
  oidcAudience: 'tigerconnect',
  oidcVaultFile: usualVault,
  oidcRetryMs: 1,
  oidcCredentialCacheMs: 0,
  ...more,
});

const ask = ({ gateway }: Pick<Stack, 'gateway'>, token: string, query = me) =>
  askAsPage(gateway.url, query, { authorization: `Bearer ${token}` });
const rejection = async (stack: Pick<Stack, 'gateway'>, token: string) => {
  const { errors } = await ask(stack, token);
  return [errors?.[0]?.extensions['code'], errors?.[0]?.message];
};

/** Resolves when the operation succeeds. `expect.poll` knows no tests that run side by side. */
async function untilAccepted(stack: Pick<Stack, 'gateway'>, token: string): Promise<void> {
  const endsAt = performance.now() + 90_000;
  while ((await ask(stack, token)).errors !== undefined) {
    if (performance.now() > endsAt) throw new Error('the token is not accepted');
    await pause(20);
  }
}

describe('a token of the identity provider', () => {
  let provider: IdentityProvider;
  let stack: Stack;
  beforeAll(async () => {
    provider = await startIdentityProvider();
    stack = await startStack({ config: configFor(provider) });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  it('gives its account the key pair of the vault, over HTTP and WebSocket', async () => {
    const token = await provider.token('u-ada');
    expect(await ask(stack, token)).toMatchObject(ada);
    expect(await ask(stack, await provider.token('u-grace'))).toMatchObject(nameOf('Grace Hopper'));
    const socket = await openSocket(stack.gateway.url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: me } });
    expect(await socket.message('next', '1')).toMatchObject({ payload: ada });
    const headers = { authorization: `Bearer ${await provider.token('u-grace')}` };
    socket.send({ type: 'subscribe', id: '2', payload: { query: me, extensions: { headers } } });
    expect(await socket.message('next', '2')).toMatchObject({ payload: nameOf('Grace Hopper') });
    socket.socket.close();
    const text = stack.logLines.join('\n');
    for (const secret of [token.split('.')[2] ?? '', token.split('.')[1] ?? '', 'u-ada'])
      expect(text).not.toContain(secret);
  });

  it.each<readonly [string, Parameters<IdentityProvider['token']>[1], readonly [string, string]]>([
    ['another issuer', { issuer: 'https://other.example.org' }, ['UNAUTHENTICATED', 'The token is of another issuer.']],
    ['another audience', { audience: 'other' }, ['UNAUTHENTICATED', 'The token is for another audience.']],
    ['a life that is over', { lifeSeconds: -60 }, ['UNAUTHENTICATED', 'The token has expired.']],
    ['a life that ended a moment ago', { lifeSeconds: -1 }, ['UNAUTHENTICATED', 'The token has expired.']],
    ['no end', { claims: { exp: undefined } }, ['UNAUTHENTICATED', 'The token was rejected.']],
    ['the algorithm none', { algorithm: 'none' }, ['UNAUTHENTICATED', 'The token was rejected.']],
    ['a shared secret', { algorithm: 'HS256' }, ['UNAUTHENTICATED', 'The token was rejected.']],
    ['a key that is not published', { keyId: 'key-99' }, ['UNAUTHENTICATED', 'The token was rejected.']],
    ['a beginning that lies ahead', { claims: { nbf: 4_000_000_000 } }, ['UNAUTHENTICATED', 'The token was rejected.']],
  ])('with %s is rejected without an upstream call', async (_what, choices, expected) => {
    await countFromHere(stack);
    expect(await rejection(stack, await provider.token('u-ada', choices))).toEqual(expected);
    expect(stack.sandbox.requests.count()).toBe(0);
  });

  it('that was changed is rejected, and so is any other bearer token', async () => {
    const [head = '', body = '', signature = ''] = (await provider.token('u-ada')).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const others = Buffer.from(JSON.stringify({ ...claims, sub: 'u-grace' })).toString('base64url');
    for (const token of [`${head}.${others}.${signature}`, `${head}.${body}.`, `${head}.${body}`, 'opaque', 'a.b.c'])
      expect(await rejection(stack, token)).toEqual(['UNAUTHENTICATED', 'The token was rejected.']);
    const { errors } = await ask(stack, 'x'.repeat(14_000));
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('of an account without a key pair is FORBIDDEN', async () => {
    expect(await rejection(stack, await provider.token('u-nobody'))).toEqual([
      'FORBIDDEN',
      'This account has no credential at the gateway.',
    ]);
    for (const subject of ['__proto__', 'constructor'])
      expect((await rejection(stack, await provider.token(subject)))[0]).toBe('FORBIDDEN');
  });

  it('closes the socket with 4403 when it is rejected, and when it expires', async () => {
    const rejected = await openSocket(stack.gateway.url);
    const expired = await provider.token('u-ada', { lifeSeconds: -60 });
    rejected.send({ type: 'connection_init', payload: { authorization: `Bearer ${expired}` } });
    expect(await within(rejected.closed)).toEqual([4403, 'The token has expired.']);

    const socket = await openSocket(stack.gateway.url);
    const token = await provider.token('u-ada', { lifeSeconds: 4 });
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await socket.message('connection_ack');
    socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { connectionStatus { state } }' } });
    await socket.message('next', '1');
    expect(await within(socket.closed)).toEqual([4403, 'Credential expired']);
    expect(socket.messages.some(({ type }) => type === 'complete')).toBe(false);
    expect(await rejection(stack, token)).toEqual(['UNAUTHENTICATED', 'The token has expired.']);
  });

  it('of one operation ends that operation, and not its socket', async () => {
    const socket = await openAcknowledged(stack.gateway.url, 'grace');
    const headers = { authorization: `Bearer ${await provider.token('u-ada', { lifeSeconds: 3 })}` };
    const query = 'subscription { connectionStatus { state } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query, extensions: { headers } } });
    await socket.message('complete', '1');
    expect(socket.messages.filter(({ type }) => type === 'next').at(-1)).toMatchObject({
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    socket.send({ type: 'subscribe', id: '2', payload: { query: me } });
    expect(await socket.message('next', '2')).toMatchObject({ payload: nameOf('Grace Hopper') });
    socket.socket.close();
  });

  it('signed with a new key is valid as soon as the key is published, and with an old one while it is published', async () => {
    const before = await provider.token('u-ada');
    await provider.rotate(false);
    const after = await provider.token('u-ada');
    expect((await rejection(stack, after))[0]).toBe('UNAUTHENTICATED');
    expect(await ask(stack, before)).toMatchObject(ada);
    provider.publishNewestOnly();
    expect(await ask(stack, after)).toMatchObject(ada);
    expect((await rejection(stack, before))[0]).toBe('UNAUTHENTICATED');
  });

  it('does not affect Basic', async () => {
    expect(await stack.query(me)).toMatchObject(ada);
  });
});

describe.concurrent('an outage of the identity provider', () => {
  const faults = ['status 503', 'silence', 'huge document', 'no JSON', 'other issuer', 'redirect'] as const;

  it.each([...faults, 'away'] as const)('with %s does not end valid sessions, and ends with it', async (fault) => {
    await using provider = await startIdentityProvider();
    // Keys are old at once, so that each token makes the gateway look for new ones.
    await using stack = await startStack({
      config: configFor(provider, { oidcKeysMaxAgeMs: 1, oidcTimeoutMs: fault === 'silence' ? 1_000 : 5_000 }),
    });
    const token = await provider.token('u-ada');
    expect(await ask(stack, token)).toMatchObject(ada);
    if (fault === 'away') await provider.goAway();
    else provider.fault = fault;
    for (let count = 0; count < 3; count++) expect(await ask(stack, token)).toMatchObject(ada);
    await waitUntil(() => stack.logLines.some((line) => line.includes('identity provider unreachable')));
    const metrics = () => fetch(`${stack.gateway.url}/metrics`).then((response) => response.text());
    if (fault === 'away') expect(await metrics()).toContain('tigerconnect_identity_provider_up 0\n');
    await provider.rotate();
    const newer = await provider.token('u-ada');
    const [code, message] = await rejection(stack, newer);
    expect(code).toBe('UPSTREAM_UNAVAILABLE');
    expect(message).toBe('The token cannot be verified, because the identity provider cannot be reached.');
    if (fault === 'away') await provider.comeBack();
    else provider.fault = undefined;
    await untilAccepted(stack, newer);
    expect(await metrics()).toContain('tigerconnect_identity_provider_up 1\n');
    const changes = stack.logLines.filter((line) => line.includes('identity provider'));
    // One line for each change.
    for (const [index, line] of changes.entries()) {
      expect(line).toContain(index % 2 === 0 ? 'provider unreachable' : 'provider reachable');
      // Its reason is the setting, as with a slash at the end that the provider does not write.
      if (index % 2 === 0) expect(line.includes('"setting":"OIDC_ISSUER"')).toBe(fault === 'other issuer');
    }
    expect(changes.length % 2).toBe(0);
  });

  it('at the start does not prevent it', async () => {
    await using provider = await startIdentityProvider();
    const token = await provider.token('u-ada');
    await provider.goAway();
    await using stack = await startStack({ config: configFor(provider) });
    const socket = await openSocket(stack.gateway.url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await within(socket.closed)).toEqual([1013, 'Try again later']);
    expect((await rejection(stack, token))[0]).toBe('UPSTREAM_UNAVAILABLE');
    expect(await stack.query(me)).toMatchObject(ada);
    await provider.comeBack();
    await untilAccepted(stack, token);
  });

  it('that publishes an invalid key is distinguished from an invalid token, in few lines of the log, until the key is valid', async () => {
    await using provider = await startIdentityProvider();
    await using stack = await startStack({ config: configFor(provider) });
    const older = await provider.token('u-ada');
    expect(await ask(stack, older)).toMatchObject(ada);
    await provider.rotate();
    provider.breakNewest(true);
    const tokens = await Promise.all(Array.from({ length: 30 }, () => provider.token('u-ada')));
    const answers = await Promise.all(tokens.map((token) => rejection(stack, token)));
    for (const answer of answers)
      expect(answer).toEqual([
        'UPSTREAM_UNAVAILABLE',
        'The token cannot be verified, because the identity provider publishes its key in a wrong form.',
      ]);
    expect(await ask(stack, older)).toMatchObject(ada);
    const lines = stack.logLines.filter((line) => /"level":"(?:warn|error)"/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(5);
    for (const line of lines) expect(line).toContain('identity provider key unusable');
    provider.breakNewest(false);
    await untilAccepted(stack, await provider.token('u-ada'));
  });

  it('ends valid sessions when it lasts longer than the settings allow', async () => {
    await using provider = await startIdentityProvider();
    await using stack = await startStack({
      config: configFor(provider, { oidcKeysMaxAgeMs: 1, oidcKeysOutageMs: 500 }),
    });
    const token = await provider.token('u-ada');
    await provider.goAway();
    for (let code: unknown; code !== 'UPSTREAM_UNAVAILABLE'; [code] = await rejection(stack, token)) await pause(20);
  });

  it('with unknown tokens does not multiply the requests to it', async () => {
    await using provider = await startIdentityProvider();
    await using stack = await startStack({ config: configFor(provider, { oidcRetryMs: 60_000 }) });
    await ask(stack, await provider.token('u-ada'));
    const before = provider.requests.length;
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => provider.token('u-ada', { keyId: `stranger-${index}` })),
    );
    const answers = await Promise.all(tokens.map((token) => rejection(stack, token)));
    expect(new Set(answers.map(([code]) => code))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(provider.requests.length).toBe(before);
  });
});

describe('over https', () => {
  it('the certificate of the provider is checked against OIDC_CA_FILE', async () => {
    const tls = selfSigned('provider');
    await using provider = await startIdentityProvider(tls);
    const token = await provider.token('u-ada');
    await using trusting = await startStack({
      config: configFor(provider, { oidcCaFile: vaultFile('ca.pem', tls.cert) }),
    });
    expect(await ask(trusting, token)).toMatchObject(ada);
    await using other = await startStack({ config: configFor(provider) });
    expect((await rejection(other, token))[0]).toBe('UPSTREAM_UNAVAILABLE');
  });
});

describe.concurrent('the vault file', () => {
  it('is read again when it has changed, and ignored while it is invalid', async () => {
    await using provider = await startIdentityProvider();
    const path = vaultFile('changing.json', { 'u-ada': pairs['u-ada'] });
    await using stack = await startStack({ config: configFor(provider, { oidcVaultFile: path }) });
    const [adas, graces] = await Promise.all([provider.token('u-ada'), provider.token('u-grace')]);
    expect((await rejection(stack, graces))[0]).toBe('FORBIDDEN');
    writeFileSync(path, '{"u-ada": "canary-secret"');
    const isNoticed = () => stack.logLines.some((line) => line.includes('vault file cannot be read'));
    while (!isNoticed()) {
      expect(await ask(stack, adas)).toMatchObject(ada);
      await pause(20);
    }
    expect(await ask(stack, adas)).toMatchObject(ada);
    writeFileSync(path, JSON.stringify(pairs));
    await untilAccepted(stack, graces);
    expect(await ask(stack, graces)).toMatchObject(nameOf('Grace Hopper'));
    expect(stack.logLines.join('\n')).not.toContain('canary-secret');
  });

  it('has the form that the manual shows', () => {
    const vault = new Vault(vaultFile('example.json', example), createLog('silent'));
    expect(vault.find(Object.keys(JSON.parse(example))[0] ?? '')).toEqual({ key: '…', secret: '…' });
  });

  it('is searched by the claim of the settings', async () => {
    await using provider = await startIdentityProvider();
    await using stack = await startStack({ config: configFor(provider, { oidcClaim: 'employee_id' }) });
    const token = await provider.token('anyone', { claims: { employee_id: 'u-grace' } });
    expect(await ask(stack, token)).toMatchObject(nameOf('Grace Hopper'));
    expect((await rejection(stack, await provider.token('u-grace')))[0]).toBe('FORBIDDEN');
    const list = await provider.token('anyone', { claims: { employee_id: ['u-grace'] } });
    expect((await rejection(stack, list))[0]).toBe('FORBIDDEN');
  });

  it.each([
    ['no JSON', '{'],
    ['a pair that is a text', { 'u-ada': 'ada:demo' }],
    ['a pair without a secret', { 'u-ada': { key: 'ada' } }],
    ['a key with a colon', { 'u-ada': { key: 'a:b', secret: 'x' } }],
    ['a secret with a line break', { 'u-ada': { key: 'a', secret: 'x\ny' } }],
    ['something more', { 'u-ada': { key: 'a', secret: 'x', note: 'y' } }],
  ])('with %s is reported at the start', async (_what, content) => {
    const config = testConfig('http://127.0.0.1:9', configFor({ issuer: 'http://127.0.0.1:9' }));
    const starting = startGateway({
      config: { ...config, oidcVaultFile: vaultFile('wrong.json', content) },
      log: createLog('silent'),
    });
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(/^OIDC_VAULT_FILE: expected the path of a JSON file/);
  });

  it('that cannot be read is reported at the start, with the reason', async () => {
    const config = testConfig('http://127.0.0.1:9', configFor({ issuer: 'http://127.0.0.1:9' }));
    const starting = startGateway({ config: { ...config, oidcVaultFile: '/nowhere' }, log: createLog('silent') });
    await expect(starting).rejects.toThrow('OIDC_VAULT_FILE: expected a file that can be read (ENOENT).');
  });
});

describe.concurrent('the hook credentialFor', () => {
  async function startWith(provider: IdentityProvider, hooks: GatewayHooks, more: Partial<Config> = {}) {
    const sandbox = await startStack();
    const logLines: string[] = [];
    const log = createLog('debug', { write: (line: string) => void logLines.push(line) });
    const { oidcVaultFile: _none, ...config } = configFor(provider, { hookTimeoutMs: 300, ...more });
    const gateway = await startGateway({ config: testConfig(sandbox.sandbox.url, config), log, hooks });
    return {
      gateway,
      logLines,
      async [Symbol.asyncDispose]() {
        await gateway.close();
        await sandbox[Symbol.asyncDispose]();
      },
    };
  }

  it('gets the claims of a verified token, and returns its key pair; once per token while it is cached', async () => {
    await using provider = await startIdentityProvider();
    const seen: unknown[] = [];
    const hooks: GatewayHooks = {
      async credentialFor(claims) {
        seen.push(claims['email']);
        return claims.sub === 'u-ada' ? { key: 'ada', secret: 'demo' } : undefined;
      },
    };
    await using stack = await startWith(provider, hooks, { oidcCredentialCacheMs: 60_000 });
    const token = await provider.token('u-ada', { claims: { email: 'ada@example.org' } });
    await Promise.all([1, 2, 3].map(async () => expect(await ask(stack, token)).toMatchObject(ada)));
    expect(seen).toEqual(['ada@example.org']);
    expect((await rejection(stack, await provider.token('u-x')))[0]).toBe('FORBIDDEN');
    expect((await rejection(stack, await provider.token('u-ada', { audience: 'other' })))[0]).toBe('UNAUTHENTICATED');
    expect(seen).toHaveLength(2);
    expect(stack.logLines.join('\n')).not.toContain('ada@example.org');
  });

  it.each<readonly [string, GatewayHooks['credentialFor'] & {}, string]>([
    [
      'throws',
      () => {
        throw new Error('canary-message');
      },
      'hook failed',
    ],
    ['is rejected', () => Promise.reject(new Error('canary-message')), 'hook failed'],
    ['does not answer', () => new Promise(() => {}), 'hook timed out'],
    ['gives something else', () => ({ key: 'a:b', secret: 'canary-message' }), 'hook failed'],
  ])('that %s fails only the operations of its token, as retryable', async (_what, credentialFor, line) => {
    await using provider = await startIdentityProvider();
    await using stack = await startWith(provider, { credentialFor });
    const { errors } = await ask(stack, await provider.token('u-ada'));
    expect(errors).toMatchObject([
      {
        message: 'The credential of this account cannot be found at the moment.',
        extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
      },
    ]);
    const text = stack.logLines.join('\n');
    expect(text).toContain(line);
    expect(text).not.toContain('canary-message');
    expect(await askAsPage(stack.gateway.url, me, { authorization: `Basic ${btoa('ada:demo')}` })).toMatchObject(ada);
  });

  it('is not called beyond the bound of pending calls', async () => {
    await using provider = await startIdentityProvider();
    const pending: ((pair: undefined) => void)[] = [];
    const credentialFor = () => new Promise<undefined>((resolve) => void pending.push(resolve));
    await using stack = await startWith(provider, { credentialFor }, { maxHookCalls: 1, hookTimeoutMs: 20_000 });
    const first = rejection(stack, await provider.token('u-ada'));
    await waitUntil(() => pending.length === 1);
    expect((await rejection(stack, await provider.token('u-grace')))[0]).toBe('UPSTREAM_UNAVAILABLE');
    pending[0]?.(undefined);
    expect((await first)[0]).toBe('FORBIDDEN');
  });
});

describe('the settings of the identity provider', () => {
  const issuer = 'https://login.example.org/realms/ward';
  it('need an audience, and https except for this machine', () => {
    expect(() => parseConfig({ OIDC_ISSUER: issuer })).toThrow('OIDC_AUDIENCE: expected with OIDC_ISSUER');
    expect(() => parseConfig({ OIDC_ISSUER: 'http://login.example.org', OIDC_AUDIENCE: 'a' })).toThrow('OIDC_ISSUER');
    expect(() => parseConfig({ OIDC_ISSUER: `${issuer}?a=b`, OIDC_AUDIENCE: 'a' })).toThrow('OIDC_ISSUER');
    expect(parseConfig({ OIDC_ISSUER: issuer, OIDC_AUDIENCE: 'a' }).oidcIssuer).toBe(issuer);
    expect(parseConfig({ OIDC_ISSUER: 'http://127.0.0.1:8080', OIDC_AUDIENCE: 'a' }).oidcAudience).toBe('a');
  });

  it('need a vault file or a hook', async () => {
    const config = testConfig('http://127.0.0.1:9', { oidcIssuer: issuer, oidcAudience: 'a' });
    await expect(startGateway({ config, log: createLog('silent') })).rejects.toThrow(
      'OIDC_VAULT_FILE: expected with OIDC_ISSUER, unless the program gives the hook credentialFor.',
    );
  });
});
