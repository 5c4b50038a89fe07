/** RATE_LIMIT with more credentials and addresses than are counted: memory is bounded, and invented ones push out no other. */
import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../src/server/operation/limits/rate-limit.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { OperationCounts } from '../../src/util/operation-counts.ts';

const flood = 150_000;
const unaccepted = (credential: string) => ({ credential, address: '', isAccepted: false });
const accepted = (credential: string) => ({ credential, address: '', isAccepted: true });
const without = (address: string) => ({ credential: undefined, address, isAccepted: false });

describe('counted operations', () => {
  it('have a bound in number, whatever clients invent', () => {
    const counts = new OperationCounts();
    for (let index = 0; index < flood; index += 1) {
      counts.consume(unaccepted(`key ${index}`), 1);
      counts.consume(without(`2001:db8:${index}::`), 1);
    }
    expect(counts.size).toBe(40_000);
  });

  it('of an accepted credential and of an address survive invented credentials', () => {
    const counts = new OperationCounts();
    expect(counts.consume(accepted('user'), 1)).toBe(0);
    expect(counts.consume(without('192.0.2.1'), 1)).toBe(0);
    for (let index = 0; index < flood; index += 1) counts.consume(unaccepted(`key ${index}`), 1);
    expect(counts.consume(accepted('user'), 1)).toBeGreaterThan(0);
    // The gateway may no longer remember that the upstream has accepted it.
    expect(counts.consume(unaccepted('user'), 1)).toBeGreaterThan(0);
    expect(counts.consume(without('192.0.2.1'), 1)).toBeGreaterThan(0);
  });

  it('before the acceptance of a credential count after it', () => {
    const counts = new OperationCounts();
    expect(counts.consume(unaccepted('user'), 2)).toBe(0);
    expect(counts.consume(accepted('user'), 2)).toBe(0);
    expect(counts.consume(accepted('user'), 2)).toBeGreaterThan(0);
    expect(counts.size).toBe(1);
  });

  it('end with their minute', () => {
    const counts = new OperationCounts();
    expect(counts.consume(accepted('user'), 1, 1_000)).toBe(0);
    expect(counts.consume(accepted('user'), 1, 31_000)).toBe(30_000);
    expect(counts.consume(accepted('user'), 1, 61_000)).toBe(0);
    expect(counts.consume(unaccepted('other'), 1, 1_000)).toBe(0);
    expect(counts.takeUnaccepted('other', 61_000)).toBe(0);
  });
});

it('a user over the limit stays over it while a client invents credentials', async () => {
  const user = createCredential('Basic dXNlcjpzZWNyZXQ=');
  const isAccepted = ({ principalKey }: { readonly principalKey: string }) => principalKey === user.principalKey;
  const enforce = createRateLimit(1, { isAccepted });
  await enforce?.({ credential: user, address: '192.0.2.1' });
  const invented = { ...createCredential('Basic eDp5'), principalKey: '' };
  for (let index = 0; index < 30_000; index += 1) {
    await enforce?.({ credential: { ...invented, principalKey: `key ${index}` }, address: '192.0.2.1' });
  }
  await expect(enforce?.({ credential: user, address: '192.0.2.1' })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  // The first of the invented ones was pushed out by the others: only they lose their counts.
  await enforce?.({ credential: { ...invented, principalKey: 'key 0' }, address: '192.0.2.1' });
});
