/** TLS material for the connections to the upstream and to Redis. */
import { readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../../../config/config.ts';
import { variableOf } from '../../../config/settings.ts';

/** Contents of PEM files, in the form `node:tls` expects. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

type TlsSettings = Partial<Pick<Config, `${'upstream' | 'redis'}${'Ca' | 'Cert' | 'Key'}File`>>;

/**
 * Reads the files once, at start.
 * @param service Whose settings name the files.
 * @throws ConfigError naming every setting whose file cannot be read.
 */
export function readTlsFiles(config: TlsSettings, service: 'upstream' | 'redis' = 'upstream'): Tls {
  const problems: string[] = [];
  const read = (name: keyof TlsSettings): string | undefined => {
    const path = config[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch {
      problems.push(`${variableOf(name)}: expected a file that can be read.`);
      return undefined;
    }
  };
  const ca = read(`${service}CaFile`);
  const cert = read(`${service}CertFile`);
  const key = read(`${service}KeyFile`);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
