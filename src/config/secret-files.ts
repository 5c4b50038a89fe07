/** Reads the secrets that files hold in place of environment variables. */
import { readFileSync, statSync } from 'node:fs';
import { unreadableFile } from '../util/file-problem.ts';
import { secretFileSettings } from './secret-file-settings.ts';
import { type Environment, variableOf } from './settings.ts';

/** Maximum size of a file with a secret. */
const maxBytes = 65_536;
const suffix = '_FILE';

export interface SecretFiles {
  /** Values by the variables that they replace. */
  readonly values: Environment;
  /** One line for each file that cannot be used. */
  readonly problems: readonly string[];
}

/** Reads all secret files that the environment names. */
export function readSecretFiles(env: Environment): SecretFiles {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const fileVariable of Object.keys(secretFileSettings).map(variableOf)) {
    const path = env[fileVariable];
    if (path === undefined || path === '') continue;
    const variable = fileVariable.slice(0, -suffix.length);
    if ((env[variable] ?? '') !== '') {
      problems.push(`${variable}, ${fileVariable}: expected one of them, not both.`);
      continue;
    }
    try {
      const value = secretIn(path);
      if (value !== undefined) values[variable] = value;
      else problems.push(`${fileVariable}: expected a file that is not empty, of at most 64 KiB.`);
    } catch (error) {
      problems.push(unreadableFile(fileVariable, error));
    }
  }
  return { values, problems };
}

/** The variable to name in a problem of a value. */
export function sourceOf(variable: string, { values }: SecretFiles): string {
  return values[variable] === undefined ? `${variable}: expected ` : `${variable}${suffix}: expected a file with `;
}

/** Without the line breaks at the end, which editors and `echo` add. Undefined for a file that is empty or too large. @throws Node's error. */
function secretIn(path: string): string | undefined {
  if (statSync(path).size > maxBytes) return undefined;
  const text = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
  return text === '' ? undefined : text;
}
