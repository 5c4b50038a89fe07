/** Finds misspelt names of settings: without it, the gateway would run with the default of the setting that was meant. */
import { type Environment, settings, variableOf } from './settings.ts';

export interface Misspelling {
  /** As written in the environment. */
  readonly name: string;
  /** The most similar setting. */
  readonly nearest: string;
}

/** Shorter settings are not compared: they are too similar to variables of other programs, such as HOME and HOST. */
const minLength = 6;
const maxDistance = 3;
/** The unit of a setting's value, the part of its name that is left out or written differently most often. */
const unit = /_(?:MS|BYTES|S|SEC|SECS|SECONDS|MINUTES|KB|MB|MIB|FILE|PATH)$/;

/** A setting of the sandbox program, similar to the gateway's SANDBOX_PORT. */
const sandboxVariable = 'SANDBOX_CONTROL_PORT';

/**
 * Environment variables whose names are most likely misspelt settings: they differ from one in its unit only, as
 * `UPSTREAM_TIMEOUT` does, or by an edit distance of at most a fifth of its length and at most three. Case is ignored; two
 * swapped letters count as two edits.
 */
export function misspeltSettings(env: Environment): readonly Misspelling[] {
  const variables = Object.keys(settings).map(variableOf);
  const known = new Set([...variables, sandboxVariable]);
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && !known.has(name))
    .flatMap((name) => {
      const upper = name.toUpperCase();
      const [closest] = variables
        .filter((setting) => setting.length >= minLength)
        .map((setting) => ({ setting, distance: distanceOf(upper, setting) }))
        .filter((each) => each.distance <= Math.min(maxDistance, Math.floor(each.setting.length / 5)))
        .sort((one, other) => one.distance - other.distance);
      return closest === undefined ? [] : [{ name, nearest: closest.setting }];
    });
}

function distanceOf(name: string, setting: string): number {
  const isOtherUnit = unit.test(setting) && name.replace(unit, '') === setting.replace(unit, '');
  return isOtherUnit ? 1 : editDistance(name, setting, maxDistance);
}

/** Levenshtein distance; some number above `bound` when it is larger than `bound`. */
function editDistance(one: string, other: string, bound: number): number {
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
