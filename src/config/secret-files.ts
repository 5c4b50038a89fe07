/** Reads the secrets that files hold in place of environment variables. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
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
      const secret = secretIn(path);
      if ('value' in secret) values[variable] = secret.value;
      else problems.push(`${fileVariable}: expected ${secret.expected}.`);
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

/** A secret, or what its file should be. */
type Secret = { readonly value: string } | { readonly expected: string };

/** Without a byte order mark, and without the line breaks at the end, which editors and `echo` add. @throws Node's error. */
function secretIn(path: string): Secret {
  const bytes = contentOf(path);
  if (bytes === undefined) return { expected: 'a regular file, not a pipe or a device' };
  const text = textIn(bytes)?.replace(/[\r\n]+$/, '');
  if (text === undefined) return { expected: 'a file with text in UTF-8' };
  if (text === '' || bytes.length > maxBytes) return { expected: 'a file that is not empty, of at most 64 KiB' };
  return { value: text };
}

/** At most one byte more than `maxBytes`. Undefined for a file that could have no end, or none yet. @throws Node's error. */
function contentOf(path: string): Buffer | undefined {
  // Opening a pipe waits for its writer otherwise.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(file);
    if (!kind.isFile() && !kind.isDirectory()) return undefined;
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** Undefined when the bytes are no text, such as UTF-16. The cut of a file that is too large may be within a character. */
function textIn(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: bytes.length > maxBytes });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
