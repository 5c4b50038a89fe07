/** What is wrong with the settings of an environment. */
import { ConfigError, parseConfig } from '../../src/config/config.ts';
import type { Environment } from '../../src/config/settings.ts';

/** @returns One line for each problem; none when the environment is valid. */
export function problemsOf(env: Environment): readonly string[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
