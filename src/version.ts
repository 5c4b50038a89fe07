/** The package's version, from the `package.json` that lies two folders above a bundled program and one above a module. */
import { readFileSync } from 'node:fs';

function read(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(
        readFileSync(new URL(place, import.meta.url), 'utf8'),
      );
      if (name === 'tigerconnect-graphql' && typeof version === 'string') return version;
    } catch {
      // It is in the other place.
    }
  }
  return 'unknown';
}

export const version = read();
