/** One row of the settings table. */
import type { Parser } from './parsers.ts';

export interface Setting<Value> {
  readonly parser: Parser<Value>;
  /** Text of the environment variable; undefined = unset. */
  readonly default: string | undefined;
  /** Accepted values in words, also used in the error message for an invalid value. */
  readonly expected: string;
  readonly meaning: string;
}

/** A setting with a default. */
export function setting<Value>(
  parser: Parser<Value>,
  defaultText: string,
  expected: string,
  meaning: string,
): Setting<Value> {
  return { parser, default: defaultText, expected, meaning };
}

/** A setting that is undefined when its variable is unset. */
export function optional<Value>(parser: Parser<Value>, expected: string, meaning: string): Setting<Value | undefined> {
  return { parser, default: undefined, expected, meaning };
}
