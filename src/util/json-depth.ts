/**
 * Limit of JSON nesting. `JSON.parse` accepts any depth, but `JSON.stringify` is recursive: a document of a few thousand levels
 * can be parsed and then not serialized.
 */

/** Far above legitimate use and far below the stack limit. */
export const maxJsonDepth = 100;

/** A text up to this many characters cannot exceed the stack limit, so most texts need no depth check. */
export const harmlessJsonLength = 2_000;

/** Whether arrays and objects are nested more than `maxJsonDepth` levels deep. */
export function isNestedTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxJsonDepth) return true;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const inner of Object.values(item)) if (typeof inner === 'object' && inner !== null) next.push(inner);
    }
    level = next;
  }
  return false;
}
