/** Invalidations of more credentials than are remembered. */
import { expect, it } from 'vitest';
import { CredentialCache } from '../../src/loaders/credential-cache.ts';

it('an invalidation still applies after those of many invented credentials, whose number has a bound', () => {
  const cache = new CredentialCache<string>({ ttlMs: 60_000, maxEntries: 10 });
  const readAt = performance.now();
  cache.invalidate('user');
  for (let index = 0; index < 30_000; index += 1) cache.invalidate(`invented ${index}`);
  expect(cache.invalidations).toBe(10_000);
  // It was read before the change.
  cache.set('user', 'id', { value: 'old', readAt });
  expect(cache.get('user', 'id', { oldestReadAt: readAt })).toBeUndefined();
  cache.set('user', 'id', { value: 'new', readAt: performance.now() + 1 });
  expect(cache.get('user', 'id', { oldestReadAt: readAt })).toBe('new');
  cache.close();
});
