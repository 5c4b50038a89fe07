/**
 * The address of the client behind a request, for the limits of requests without an accepted credential. `X-Forwarded-For` is read
 * only from trusted proxies, and from the right: each of them has appended the address from which it received the request, and
 * everything to the left of the first address that is no trusted proxy may be written by the client.
 *
 * Not proxy-addr: it parses the whole header and returns entries that are no address, each of which would be a client of its own.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, type Socket } from 'node:net';
import { LRUCache } from 'lru-cache';
import { limitGroup, normalAddress, parseNetwork } from '../../../util/ip-address.ts';

/** Maximum entries of `X-Forwarded-For` that are read, from the right. */
const maxEntries = 16;
/** Maximum characters of an entry: those of an IPv6 address with brackets and a port. */
const maxEntryLength = 64;
/** Maximum addresses whose group is cached: parsing one and comparing it with the networks takes 4 µs. */
const maxCached = 1_000;

interface KnownAddress {
  /** What limits count by. */
  readonly group: string;
  readonly isTrusted: boolean;
}

/** Finds the clients of requests. */
export class ClientAddresses {
  readonly #trusted: Readonly<Record<'ipv4' | 'ipv6', BlockList>> | undefined;
  readonly #known = new LRUCache<string, KnownAddress>({ max: maxCached });

  /** @param trustedProxies Addresses and networks in CIDR notation. */
  constructor(trustedProxies: readonly string[]) {
    if (trustedProxies.length === 0) return;
    // A list for each family: one list for both would take ::/1 for all of IPv4 too.
    this.#trusted = { ipv4: new BlockList(), ipv6: new BlockList() };
    for (const text of trustedProxies) {
      const network = parseNetwork(text);
      if (network === undefined) throw new TypeError('expected an address or a network');
      this.#trusted[network.family].addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** Whether the other end of the connection is a trusted proxy. */
  isTrusted({ remoteAddress }: Socket): boolean {
    return this.#trusted !== undefined && this.#find(remoteAddress ?? '')?.isTrusted === true;
  }

  /** The group in which limits count the client of a request; that of the connection unless a trusted proxy sent it. */
  of({
    socket,
    headers,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: Pick<Socket, 'remoteAddress'> }): string {
    const { remoteAddress = '' } = socket;
    let client = this.#find(remoteAddress);
    if (client === undefined) return remoteAddress;
    if (!client.isTrusted) return client.group;
    // Node joins repeated headers, in their order, with commas.
    const forwarded = String(headers['x-forwarded-for'] ?? '');
    let end = forwarded.length;
    for (let entry = 0; entry < maxEntries && client.isTrusted && end > 0; entry++) {
      const comma = forwarded.lastIndexOf(',', end - 1);
      const next = this.#entry(forwarded, comma + 1, end);
      if (next === undefined) break;
      client = next;
      end = comma;
    }
    return client.group;
  }

  /** The address of an entry, which some proxies write with a port; undefined when it is no address. */
  #entry(forwarded: string, start: number, end: number): KnownAddress | undefined {
    if (end - start > maxEntryLength) return undefined;
    // A copy: a slice would hold the whole header as long as the address is cached.
    const text = Buffer.from(forwarded.slice(start, end), 'latin1').toString('latin1').trim();
    const [, inBrackets, beforePort] = /^\[([^\]]+)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text) ?? [];
    return this.#find(inBrackets ?? beforePort ?? text);
  }

  #find(text: string): KnownAddress | undefined {
    const cached = this.#known.get(text);
    if (cached !== undefined) return cached;
    const address = normalAddress(text);
    if (address === undefined) return undefined;
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    const isTrusted = this.#trusted?.[family].check(address, family) ?? false;
    const known = { group: limitGroup(address), isTrusted };
    this.#known.set(text, known);
    return known;
  }
}
