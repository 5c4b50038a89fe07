/** The cache of verified tokens while clients invent others. */
import { generateKeyPair, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { createLog } from '../../src/observability/log.ts';
import { Tokens } from '../../src/server/authentication/oidc/tokens.ts';

const [issuer, audience] = ['https://login.example.org', 'tigerconnect'];

it('tokens that clients invent push no verified one out of the cache, however many wait for a key', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  let end: (error: Error) => void = () => {};
  const unknown = new Promise<never>((_resolve, reject) => {
    end = reject;
  });
  let awaited = 0;
  let found = 0;
  const tokens = new Tokens({
    keys: {
      isReachable: true,
      keyFor: ({ kid }) => {
        if (kid === 'known') return Promise.resolve(publicKey);
        awaited += 1;
        return unknown;
      },
    },
    issuer,
    audience,
    credentialFor: async () => {
      found += 1;
      return { key: 'ada', secret: 'demo' };
    },
    cacheMs: 600_000,
    log: createLog('silent'),
  });
  const token = await new SignJWT({ sub: 'u-ada', iss: issuer, aud: audience })
    .setProtectedHeader({ alg: 'ES256', kid: 'known' })
    .setExpirationTime('1h')
    .sign(privateKey);
  // Concurrent ones share a verification.
  const [first, second] = await Promise.all([tokens.identityOf(token, undefined), tokens.identityOf(token, undefined)]);
  expect(first).toMatchObject({ credential: expect.anything() });
  expect(second).toEqual(first);
  expect(found).toBe(1);

  const head = Buffer.from('{"alg":"ES256","kid":"other"}').toString('base64url');
  const invented = Array.from({ length: 11_000 }, (_, index) =>
    tokens.identityOf(`${head}.e30.${Buffer.from(`${index}`).toString('base64url')}`, undefined),
  );
  await expect.poll(() => awaited).toBe(11_000);
  expect(await tokens.identityOf(token, undefined)).toEqual(first);
  expect(found).toBe(1);

  end(new Error('The key is not published.'));
  for (const identity of await Promise.all(invented)) expect(identity.credential).toBeUndefined();
});
