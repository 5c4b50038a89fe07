import { describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/server/authentication/authenticator.ts';
import { CredentialMemo } from '../../src/server/authentication/credential-memo.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { fuzzRuns, fuzzSeed } from '../support/fuzz-options.ts';
import { randomNumbers } from '../support/random-operation.ts';
import { pass, useTestClock } from '../support/test-clock.ts';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

/** Few texts, so that many come again; some are the same as others once they are joined with a device. */
const authorizations = [
  ...['ada:demo', 'grace:demo', 'ada:', ':', 'no colon'].map(basic),
  ...[
    'Bearer token',
    'bearer token',
    'BEARER  token',
    'Bearer token\ndevice',
    'Bearer token\nde',
    'Bearer',
    'Bearer tok en',
  ],
  ...[`${basic('ada:demo')}\ndevice`, 'basic YWRhOmRlbW8=', 'Basic  YWRhOmRlbW8=', '', ' ', 'device', '\n'],
  `Bearer ${'x'.repeat(600)}`,
];
const devices = [undefined, 'device', 'de\nvice', 'vice', '', 'dévice', 'x'.repeat(201), 'token\ndevice'];

describe('the memory of credentials', () => {
  useTestClock();

  it('gives what parsing the headers gives', async () => {
    const random = randomNumbers(fuzzSeed(1));
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const remembering = new Authenticator(undefined, undefined);
    for (let run = 0; run < fuzzRuns(3_000); run++) {
      const [authorization, device] = [pick(authorizations), pick(devices)];
      const headers = { authorization, ...(device === undefined ? {} : { 'x-device-id': device }) };
      const plain = await new Authenticator(undefined, undefined).ofParameters(headers);
      expect(await remembering.ofParameters(headers), JSON.stringify(headers)).toEqual(plain);
      if (random() < 0.01) await pass(random() * 12_000);
    }
  });

  it('lasts for two periods after the last request', async () => {
    const memo = new CredentialMemo();
    const credential = createCredential(basic('ada:demo'));
    memo.set(credential.authorization, undefined, credential);
    for (let request = 0; request < 5; request++) {
      await pass(4_000);
      expect(memo.get(credential.authorization, undefined)).toBe(credential);
    }
    await pass(10_000);
    expect(memo.get(credential.authorization, undefined)).toBeUndefined();
  });

  it('is bounded in number and length', () => {
    const memo = new CredentialMemo();
    const credentials = Array.from({ length: 2_001 }, (_, index) => createCredential(`Basic ${index}`));
    for (const credential of credentials) memo.set(credential.authorization, undefined, credential);
    const found = credentials.filter(({ authorization }) => memo.get(authorization, undefined) !== undefined);
    expect(found).toHaveLength(2_000);
    const long = createCredential(`Bearer ${'x'.repeat(600)}`);
    const other = new CredentialMemo();
    other.set(long.authorization, undefined, long);
    expect(other.get(long.authorization, undefined)).toBeUndefined();
  });
});
