/**
 * How deep JSON may nest. JavaScript reads JSON of any depth but writes it recursively: a document of a few thousand levels
 * is one that came in and cannot go out again.
 */

/** Far more than anybody means, far less than the stack bears. */
export const maxJsonDepth = 100;

/** A text this short cannot nest too deep for the stack, whatever is in it; so most need not be looked at. */
export const harmlessJsonLength = 2_000;

/** Whether lists and objects stand more than `maxJsonDepth` deep in one another. */
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
