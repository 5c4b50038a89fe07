import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Encryption } from '../../src/cluster/log/encryption.ts';

const keys = [randomBytes(32), randomBytes(32)];
const credential = { authorization: 'Basic canary-credential', deviceId: undefined };
const identity = { logId: '17-1', eventId: 'event', kind: 'f', receivedAt: 1 };
const text = 'canary-content é';

describe('content in Redis', () => {
  const encryption = new Encryption(keys, credential, 'name');
  const data = encryption.encrypt(identity, text);

  it('decrypts with the same keys and credential, whichever key encrypted it', () => {
    expect(encryption.decrypt(identity, data)).toBe(text);
    expect(data.includes('canary')).toBe(false);
    const [first, last] = keys;
    if (first === undefined || last === undefined) throw new Error('two keys');
    expect(new Encryption([last, first], credential, 'name').decrypt(identity, data)).toBe(text);
    expect(encryption.encrypt(identity, text)).not.toEqual(data);
  });

  it("does not decrypt without the caller's credential, or without the operator's key", () => {
    const others = [
      new Encryption(keys, { ...credential, authorization: 'Basic other' }, 'name'),
      new Encryption(keys, { ...credential, deviceId: 'device' }, 'name'),
      new Encryption(keys, credential, 'other name'),
      new Encryption([randomBytes(32)], credential, 'name'),
    ];
    for (const other of others) expect(other.decrypt(identity, data)).toBeUndefined();
  });

  it('does not decrypt as another entry, changed, or truncated', () => {
    const elsewhere = [
      { ...identity, logId: '17-2' },
      { ...identity, logId: '18-1' },
      { ...identity, eventId: 'other' },
      { ...identity, kind: 'e' },
      { ...identity, receivedAt: 2 },
    ];
    for (const other of elsewhere) expect(encryption.decrypt(other, data)).toBeUndefined();
    const changed = Buffer.from(data);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    expect(encryption.decrypt(identity, changed)).toBeUndefined();
    for (let length = 0; length < data.length; length += 7)
      expect(encryption.decrypt(identity, data.subarray(0, length))).toBeUndefined();
  });
});
