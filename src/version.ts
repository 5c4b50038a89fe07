/** The package's version, from `package.json`: two folders above a bundled program, one above a module. */
import { readFileSync } from 'node:fs';

function read(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(
        readFileSync(new URL(path, import.meta.url), 'utf8'),
      );
      if (name === 'tigerconnect-graphql' && typeof version === 'string') return version;
    } catch {
      // Not there: the other path is tried.
    }
  }
  return 'unknown';
}

export const version = read();
