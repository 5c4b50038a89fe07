/** Builds request paths. This is the only place that percent-encodes variable parts. */
import { GatewayError } from '../../errors.ts';

/** Maximum characters of a variable part of a path; a longer one is an invalid id. */
const maxPartLength = 512;

/** Unreserved characters (RFC 3986, section 2.3). Tokens consist of these, so encoding them would only copy the string. */
const unreserved = /^[\w.~-]+$/;

/**
 * Template tag: path`/v2/user/${address}/settings`.
 * @throws GatewayError `NOT_FOUND` for a part that cannot be the address of an upstream resource: empty, a dot segment
 *   (servers resolve it even when encoded), text with a lone surrogate, or longer than 512 characters.
 */
export function path(texts: TemplateStringsArray, ...parts: readonly string[]): string {
  let built = texts[0] ?? '';
  for (let index = 0; index < parts.length; index++) {
    built += encodePart(parts[index] ?? '') + (texts[index + 1] ?? '');
  }
  return built;
}

/** The same for a look-up: undefined where `path` throws, because no such resource can exist. */
export function lookupPath(texts: TemplateStringsArray, ...parts: readonly string[]): string | undefined {
  try {
    return path(texts, ...parts);
  } catch {
    return undefined;
  }
}

/** Appends the defined values to `target` as its query string. */
export function withQuery(target: string, values: Readonly<Record<string, string | undefined>>): string {
  let query = '';
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) query += `${query === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return target + query;
}

function encodePart(part: string): string {
  if (part === '' || part === '.' || part === '..' || part.length > maxPartLength) throw new GatewayError('NOT_FOUND');
  if (unreserved.test(part)) return part;
  try {
    return encodeURIComponent(part);
  } catch {
    // A lone surrogate; no upstream address contains one.
    throw new GatewayError('NOT_FOUND');
  }
}
