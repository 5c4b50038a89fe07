import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import { ClientAddresses } from '../../src/server/http/connection/client-addresses.ts';
import { limitGroup } from '../../src/util/ip-address.ts';

function requestOf(remoteAddress: string, forwarded?: string) {
  return { socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } };
}

describe('the client of a request', () => {
  const trusted = ['10.0.0.0/8', '2001:db8:ffff::/48', '192.0.2.7'];
  const addresses = new ClientAddresses(trusted);
  const long = (count: number) => Array.from({ length: count }, (_, index) => `10.1.0.${index}`).join(', ');

  it.each([
    ['is the last address that is no proxy', '10.0.0.1', '203.0.113.9, 198.51.100.4, 10.2.2.2', '198.51.100.4'],
    ['is the first address when all are proxies', '10.0.0.1', '10.3.3.3,10.2.2.2', '10.3.3.3'],
    ['is the proxy without the header', '10.0.0.1', undefined, '10.0.0.1'],
    ['is the proxy when the header is empty', '10.0.0.1', '', '10.0.0.1'],
    ['is the connection when that is no proxy', '192.0.2.8', '198.51.100.4', '192.0.2.8'],
    ['may be behind proxies of both families', '2001:db8:ffff::1', '198.51.100.4, 192.0.2.7', '198.51.100.4'],
    ['may have a proxy that the system writes as IPv6', '::ffff:10.0.0.1', '198.51.100.4', '198.51.100.4'],
    ['may be written as IPv4 in IPv6', '10.0.0.1', '::FFFF:198.51.100.4', '198.51.100.4'],
    ['may be written as IPv4 in hexadecimal', '10.0.0.1', '::ffff:c633:6404', '198.51.100.4'],
    ['may be written by a translator', '10.0.0.1', '64:ff9b::198.51.100.4', '198.51.100.4'],
    ['may have a port', '10.0.0.1', '198.51.100.4:49152', '198.51.100.4'],
    ['may be in brackets', '10.0.0.1', '[2001:db8::1]', '2001:db8:0:0::/64'],
    ['may be in brackets with a port', '10.0.0.1', '[2001:db8::1]:49152', '2001:db8:0:0::/64'],
    ['is the /64 of an IPv6 address', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['is the /64 of a short one', '2001:DB8:1::9', undefined, '2001:db8:1:0::/64'],
    ['is the /64 of a link-local one, without its zone', 'fe80::1:2%eth0', undefined, 'fe80:0:0:0::/64'],
    ['is before an entry that is no address', '10.0.0.1', '198.51.100.4, unknown, 10.2.2.2', '10.2.2.2'],
    ['is before an entry with a number too large', '10.0.0.1', '198.51.100.400', '10.0.0.1'],
    ['is before an empty entry', '10.0.0.1', '198.51.100.4,,10.2.2.2', '10.2.2.2'],
    ['is before a comma at the end', '10.0.0.1', '198.51.100.4,', '10.0.0.1'],
    ['is before an entry that is too long', '10.0.0.1', `198.51.100.4${' '.repeat(60)}`, '10.0.0.1'],
    ['is in one of the last 16 entries', '10.0.0.1', `198.51.100.4, ${long(15)}`, '198.51.100.4'],
    ['is the 16th entry when more are proxies', '10.0.0.1', `198.51.100.4, ${long(16)}`, '10.1.0.0'],
    ['of a connection that has closed is empty', '', '198.51.100.4', ''],
  ])('%s', (_, remote, forwarded, client) => {
    expect(addresses.of(requestOf(remote, forwarded))).toBe(client);
    // From the cache.
    expect(addresses.of(requestOf(remote, forwarded))).toBe(client);
  });

  it('without trusted proxies is the connection', () => {
    const none = new ClientAddresses([]);
    expect(none.of(requestOf('127.0.0.1', '198.51.100.4'))).toBe('127.0.0.1');
    expect(none.of(requestOf('::ffff:127.0.0.1', '198.51.100.4'))).toBe('127.0.0.1');
    expect(none.of(requestOf('2001:db8::1', '198.51.100.4'))).toBe('2001:db8:0:0::/64');
  });

  it('is that of proxy-addr, for random networks and headers', () => {
    const require = createRequire(import.meta.url);
    const proxyAddr: { all(request: object, trust: readonly string[]): readonly string[] } = require('proxy-addr');
    // Few different bits, so that networks contain addresses.
    const byte = fc.constantFrom(0, 1, 10, 127, 128, 255);
    const field = fc.constantFrom('0', '1', 'ff', '8000', 'ffff', 'FFFE');
    const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
    const ipv6 = fc.oneof(
      fc.array(field, { minLength: 8, maxLength: 8 }).map((fields) => fields.join(':')),
      fc
        .tuple(fc.array(field, { maxLength: 3 }), fc.array(field, { maxLength: 3 }))
        .map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`),
      ipv4.map((last) => `::ffff:${last}`),
    );
    const address = fc.oneof(ipv4, ipv6);
    const network = fc.oneof(
      address,
      fc.tuple(ipv4, fc.integer({ min: 1, max: 32 })).map(([first, bits]) => `${first}/${bits}`),
      fc
        .tuple(ipv6, fc.integer({ min: 1, max: 128 }))
        .filter(([first, bits]) => isIP(limitGroup(first)) !== 4 || bits > 96)
        .map(([first, bits]) => `${first}/${bits}`),
    );
    const entry = fc.oneof(
      { weight: 9, arbitrary: address },
      fc.constantFrom('unknown', '1.2.3', '1.2.3.4.5', '::1::'),
    );
    const header = fc.tuple(fc.array(entry, { maxLength: 8 }), fc.constantFrom(',', ', ', ' ,  '));
    fc.assert(
      fc.property(
        fc.array(network, { minLength: 1, maxLength: 4 }),
        address,
        header,
        (networks, remote, [entries, comma]) => {
          const request = requestOf(remote, entries.join(comma));
          const found = proxyAddr
            .all({ ...request, connection: request.socket }, networks)
            .filter((text, index, all) => {
              // It returns an entry that is no address too, as the last one.
              return isIP(text) !== 0 || index < all.length - 1;
            });
          expect(new ClientAddresses(networks).of(request)).toBe(limitGroup(found.at(-1) ?? ''));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('has the group of the canonical address, whatever its spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        // The URL parser of Node writes an IPv6 address in its canonical form (RFC 5952).
        const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
        const [head = '', tail] = canonical.split('::');
        const before = head === '' ? [] : head.split(':');
        const after = tail === undefined || tail === '' ? [] : tail.split(':');
        const fields = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
        const low = fields.slice(6).map((each) => Number.parseInt(each, 16));
        const isIPv4 = /^(0:0:0:0:0:ffff|64:ff9b:0:0:0:0):/.test(fields.join(':'));
        const ipv4 = low.flatMap((each) => [each >> 8, each & 255]).join('.');
        expect(limitGroup(text)).toBe(isIPv4 ? ipv4 : `${fields.slice(0, 4).join(':')}::/64`);
      }),
      { numRuns: 2_000, examples: [['::ffff:1.2.3.4'], ['64:ff9b::1.2.3.4'], ['::1.2.3.4'], ['1::'], ['::']] },
    );
  });
});

describe('TRUSTED_PROXIES', () => {
  const problemsOf = (text: string): readonly string[] => {
    try {
      parseConfig({ TRUSTED_PROXIES: text });
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };

  it('is empty by default, and takes addresses and networks of both families', () => {
    expect(parseConfig({}).trustedProxies).toEqual([]);
    const text = '127.0.0.1, 10.0.0.0/8,::1 , fd00::/8,::ffff:192.0.2.0/120';
    expect(parseConfig({ TRUSTED_PROXIES: text }).trustedProxies).toEqual(text.split(',').map((entry) => entry.trim()));
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '::1/129',
    '10.0.0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    'fe80::1%eth0',
    '::ffff:0:0/96',
    '::ffff:10.0.0.0/8',
    'nginx',
    '*',
    'true',
    '1',
  ])('with %s is an error that names it', (entry) => {
    expect(problemsOf(`127.0.0.1,${entry},alsowrong`)).toEqual([
      expect.stringMatching(/^TRUSTED_PROXIES: expected addresses and networks such as 10\.0\.0\.0\/8/),
    ]);
    expect(problemsOf(`127.0.0.1,${entry},alsowrong`)[0]).toMatch(/ "([^"]*)" is neither\.$/);
    expect(/ "([^"]*)" is neither\.$/.exec(problemsOf(`127.0.0.1,${entry}`)[0] ?? '')?.[1]).toBe(entry);
  });
});
