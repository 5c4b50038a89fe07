/** Parsers of the values of settings, from the text of an environment variable. */
import * as z from 'zod';
import { parseNetwork } from '../util/ip-address.ts';

export const boolean = () => z.enum(['true', 'false']).transform((word) => word === 'true');
export const integer = (min: number, max: number) => () =>
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
export const origin = () =>
  z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.canParse(url) && isOriginOnly(new URL(url)), 'an origin and nothing else')
    .transform((url) => new URL(url).origin);
/** Address of a proxy, which may have a login. */
export const proxyAddress = () =>
  z.url({ protocol: /^http$/ }).refine((text) => {
    if (!URL.canParse(text)) return false;
    const { pathname, search, hash, username, password } = new URL(text);
    return pathname === '/' && `${search}${hash}` === '' && isEncoded(`${username}${password}`);
  });
/** Whether each percent sign encodes a byte, and all of them a text. */
function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** What follows the origin, or a credential in front of its host, would have no effect. */
function isOriginOnly({ pathname, username, password, search, hash }: URL): boolean {
  return pathname === '/' && `${username}${password}${search}${hash}` === '';
}
const list = () =>
  z.string().transform((text): readonly string[] =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/**
 * True for an origin exactly as a browser sends it, because any other text never matches: lower case, no default port, no
 * path. Pages inside apps have other schemes, such as `capacitor://localhost`.
 */
function isBrowserOrigin(text: string): boolean {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/?#@*]+$/.test(text) || !URL.canParse(text)) return false;
  const { origin: serialised, href } = new URL(text);
  return serialised === 'null' ? href === text : serialised === text;
}
export const origins = () => list().refine((items) => items.every(isBrowserOrigin));
export const headerNames = () => list().refine((items) => items.every((name) => /^[\w!#$%&'+.^`|~-]+$/.test(name)));
export const operationNames = () => list().refine((items) => items.every((name) => /^[A-Za-z_]\w{0,63}$/.test(name)));

/** Networks and addresses. The first invalid one is named in the issue: a list is long, and its entries are no secrets. */
export const networks = () =>
  list().superRefine((items, context) => {
    const wrong = items.find((item) => parseNetwork(item) === undefined);
    if (wrong !== undefined) context.addIssue({ code: 'custom', params: { entry: wrong.slice(0, maxNamedLength) } });
  });

/** Maximum characters of an invalid entry in an error message. */
const maxNamedLength = 64;

/** The invalid entry that an issue names. */
export function entryNamedIn({ issues }: z.ZodError): string | undefined {
  for (const issue of issues)
    if (issue.code === 'custom' && typeof issue.params?.['entry'] === 'string') return issue.params['entry'];
  return undefined;
}

const keyBytes = 32;
/** Secret keys of 32 bytes in base64, as they are written. */
export const secretKeys = () =>
  z
    .string()
    .transform((text): readonly string[] => text.split(',').map((key) => key.trim()))
    .refine((keys) =>
      keys.every((key) => /^[A-Za-z\d+/]+={0,2}$/.test(key) && Buffer.from(key, 'base64').length === keyBytes),
    );

/** Creates the schema on each call: it is used once, and a constant would keep it and its references in memory. */
export type Parser<Value> = () => z.ZodType<Value, string>;
