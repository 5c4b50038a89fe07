/** IP addresses as text: their normal form, the groups by which clients are limited, and networks in CIDR notation. */
import { isIP } from 'node:net';

/** The address without the zone of a link-local one, and IPv4 for `::ffff:192.0.2.1`; undefined when the text is no address. */
export function normalAddress(text: string): string | undefined {
  const zone = text.indexOf('%');
  const address = zone < 0 ? text : text.slice(0, zone);
  const family = isIP(address);
  if (family === 0) return undefined;
  return family === 4 ? address : (mappedAddress(fieldsOf(address)) ?? address);
}

/**
 * The group in which limits count an address: an IPv4 address by itself, an IPv6 address with its /64, of which one client has all
 * addresses. An address in 64:ff9b::/96 is the IPv4 address that it translates (RFC 6052), because all of these share one /64. Any
 * other text is its own group.
 */
export function limitGroup(text: string): string {
  if (!text.includes(':')) return text;
  const address = normalAddress(text);
  if (address === undefined || !address.includes(':')) return address ?? text;
  const fields = fieldsOf(address);
  if (startsWith(fields, translatedPrefix)) return embeddedAddress(fields);
  const prefix = fields.slice(0, 4).map((field) => field.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** A network of addresses; a single address has the longest prefix. */
export interface Network {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  /** Bits, at least 1. */
  readonly prefix: number;
}

/**
 * A network in CIDR notation, or an address. IPv4 in IPv6 is IPv4, as in `normalAddress`.
 * @returns Undefined when the text is neither, has a zone, or is the network of all addresses.
 */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const written = isIP(address);
  const normal = normalAddress(address);
  if (normal === undefined) return undefined;
  const family = isIP(normal) === 4 ? 'ipv4' : 'ipv6';
  const longest = family === 'ipv4' ? 32 : 128;
  const mappedBits = written === 6 && family === 'ipv4' ? 96 : 0;
  const prefix = bits === undefined ? longest : Number(bits) - mappedBits;
  return prefix >= 1 && prefix <= longest ? { family, address: normal, prefix } : undefined;
}

const mappedPrefix = [0, 0, 0, 0, 0, 0xffff];
const translatedPrefix = [0x64, 0xff9b, 0, 0, 0, 0];

function mappedAddress(fields: readonly number[]): string | undefined {
  return startsWith(fields, mappedPrefix) ? embeddedAddress(fields) : undefined;
}

function startsWith(fields: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((field, index) => fields[index] === field);
}

/** The IPv4 address in the last 32 bits. */
function embeddedAddress(fields: readonly number[]): string {
  const [high = 0, low = 0] = fields.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight fields of a valid IPv6 address. */
function fieldsOf(address: string): readonly number[] {
  const [head = [], tail] = address.split('::').map(writtenFields);
  if (tail === undefined) return head;
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function writtenFields(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((field) => {
    if (!field.includes('.')) return Number.parseInt(field, 16);
    const [first = 0, second = 0, third = 0, fourth = 0] = field.split('.').map(Number);
    return [first * 256 + second, third * 256 + fourth];
  });
}
