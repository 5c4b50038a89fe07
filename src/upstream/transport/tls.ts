/** TLS material for the connections to the upstream. */
import { readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../../config/config.ts';
import { variableOf } from '../../config/settings.ts';

/** Contents of PEM files, in the form `node:tls` expects. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files once, at start.
 * @throws ConfigError naming every setting whose file cannot be read.
 */
export function readTlsFiles(config: Pick<Config, 'upstreamCaFile' | 'upstreamCertFile' | 'upstreamKeyFile'>): Tls {
  const problems: string[] = [];
  const read = (name: keyof typeof config): string => {
    try {
      return readFileSync(config[name] ?? '', 'utf8');
    } catch {
      problems.push(`${variableOf(name)}: expected a file that can be read.`);
      return '';
    }
  };
  const tls: Tls = {
    ...(config.upstreamCaFile === undefined ? {} : { ca: read('upstreamCaFile') }),
    ...(config.upstreamCertFile === undefined ? {} : { cert: read('upstreamCertFile') }),
    ...(config.upstreamKeyFile === undefined ? {} : { key: read('upstreamKeyFile') }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return tls;
}
