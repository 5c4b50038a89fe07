/** TLS material for the connection to the upstream. */
import { readFileSync } from 'node:fs';
import { ConfigError } from '../config.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Certificate authorities trusted instead of the public ones. */
  readonly caFile?: string | undefined;
  /** Client certificate, with `keyFile`. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files once, at start.
 * @throws ConfigError naming every setting whose file cannot be read.
 */
export function readTlsFiles(files: TlsFiles): Tls {
  const problems: string[] = [];
  const read = (setting: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      problems.push(`${setting}: expected a file that can be read.`);
      return '';
    }
  };
  const tls: Tls = {
    ...(files.caFile === undefined ? {} : { ca: read('UPSTREAM_CA_FILE', files.caFile) }),
    ...(files.certFile === undefined ? {} : { cert: read('UPSTREAM_CERT_FILE', files.certFile) }),
    ...(files.keyFile === undefined ? {} : { key: read('UPSTREAM_KEY_FILE', files.keyFile) }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return tls;
}
