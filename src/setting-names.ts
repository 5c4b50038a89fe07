/** Names of settings that were most likely misspelt: without them a gateway would silently go by its defaults. */

export interface Misspelling {
  /** As it stands in the environment. */
  readonly name: string;
  /** The setting it comes closest to. */
  readonly nearest: string;
}

/** Shorter names are too close to variables of other programs, such as HOME to HOST. */
const shortestName = 6;
const maxDistance = 2;

/**
 * Variables that are no setting and differ from one by a letter for every five of it, two at most; upper and lower case are
 * the same, and two letters in the wrong order count as two.
 * @param isKnown Variables that mean something to another program, or to this one beside its settings.
 */
export function misspellings(
  names: readonly string[],
  settings: readonly string[],
  isKnown: (name: string) => boolean = () => false,
): readonly Misspelling[] {
  const known = new Set(settings);
  return names
    .filter((name) => !known.has(name) && !isKnown(name))
    .flatMap((name) => {
      const upper = name.toUpperCase();
      const [closest] = settings
        .filter((setting) => setting.length >= shortestName)
        .map((setting) => ({ setting, distance: distance(upper, setting, maxDistance) }))
        .filter((each) => each.distance <= Math.min(maxDistance, Math.floor(each.setting.length / 5)))
        .sort((one, other) => one.distance - other.distance);
      return closest === undefined ? [] : [{ name, nearest: closest.setting }];
    });
}

/** Levenshtein's distance; above `bound` some number above it. */
function distance(one: string, other: string, bound: number): number {
  if (Math.abs(one.length - other.length) > bound) return bound + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
