import { readFileSync, writeFileSync } from 'node:fs';

/** Writes a generated file unless it has this text already, so that builds and tests beside a check see no new file. */
export function writeIfChanged(file: URL, text: string): void {
  if (readOrUndefined(file) !== text) writeFileSync(file, text);
}

function readOrUndefined(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // it is not there yet
  }
}
