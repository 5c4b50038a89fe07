/** Builds request paths. Every variable part is percent-encoded here and nowhere else. */
import { GatewayError } from '../../errors.ts';

const maxPartLength = 512;

/** What stands for itself (RFC 3986, section 2.3), as tokens do: encoding would make a copy. */
const unreserved = /^[\w.~-]+$/;

/**
 * Template tag: path`/v2/user/${address}/settings`.
 * @throws GatewayError `NOT_FOUND` for a part that would name another path: empty, a dot segment (which servers resolve
 *   even when encoded), ill-formed text or longer than any address. Nothing upstream can have such a name.
 */
export function path(texts: TemplateStringsArray, ...parts: readonly string[]): string {
  let built = texts[0] ?? '';
  for (let index = 0; index < parts.length; index++) {
    built += encoded(parts[index] ?? '') + (texts[index + 1] ?? '');
  }
  return built;
}

/** The same for a lookup: undefined where `path` would throw, since there is nothing to find. */
export function lookupPath(texts: TemplateStringsArray, ...parts: readonly string[]): string | undefined {
  try {
    return path(texts, ...parts);
  } catch {
    return undefined;
  }
}

/** `target` with the defined values as its query. */
export function withQuery(target: string, values: Readonly<Record<string, string | undefined>>): string {
  let query = '';
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) query += `${query === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return target + query;
}

function encoded(part: string): string {
  if (part === '' || part === '.' || part === '..' || part.length > maxPartLength) throw new GatewayError('NOT_FOUND');
  if (unreserved.test(part)) return part;
  try {
    return encodeURIComponent(part);
  } catch {
    // A lone surrogate: no address of the upstream can hold one.
    throw new GatewayError('NOT_FOUND');
  }
}
