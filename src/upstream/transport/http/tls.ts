/** TLS material for the connections to the upstream, to Redis and to an identity provider. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Config, ConfigError } from '../../../config/config.ts';
import { variableOf } from '../../../config/settings.ts';
import { unreadableFile } from '../../../util/file-problem.ts';

/** Contents of PEM files, in the form `node:tls` expects. */
export interface Tls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

type TlsSettings = Partial<Pick<Config, `${'upstream' | 'redis'}${'Ca' | 'Cert' | 'Key'}File` | 'oidcCaFile'>>;

/**
 * Reads the files once, at start.
 * @param service Whose settings name the files.
 * @throws ConfigError naming every setting whose file cannot be used. Without this check each connection would fail.
 */
export function readTlsFiles(config: TlsSettings, service: 'upstream' | 'redis' = 'upstream'): Tls {
  const problems: string[] = [];
  const read = (name: keyof TlsSettings, isUsable: (text: string) => boolean, expected: string) =>
    readPem(config, name, isUsable, expected, problems);
  const ca = read(`${service}CaFile`, hasCertificates, certificates);
  const cert = read(`${service}CertFile`, hasCertificates, certificates);
  const key = read(`${service}KeyFile`, isPrivateKey, 'a private key in PEM, not encrypted');
  if (cert !== undefined && key !== undefined && !isUsableBy({ cert, key })) {
    const [certFile, keyFile] = [variableOf(`${service}CertFile`), variableOf(`${service}KeyFile`)];
    problems.push(`${certFile}, ${keyFile}: expected a certificate and its own private key.`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/**
 * Authorities trusted for the identity provider; undefined: the public ones.
 * @throws ConfigError when the file cannot be used.
 */
export function readProviderCa(config: TlsSettings): string | undefined {
  const problems: string[] = [];
  const ca = readPem(config, 'oidcCaFile', hasCertificates, certificates, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return ca;
}

const certificates = 'certificates in PEM';

/** @returns Undefined for a setting that is unset, and for a file that cannot be used, which it adds to the problems. */
function readPem(
  config: TlsSettings,
  name: keyof TlsSettings,
  isUsable: (text: string) => boolean,
  expected: string,
  problems: string[],
): string | undefined {
  const path = config[name];
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(unreadableFile(variableOf(name), error));
    return undefined;
  }
  if (isUsable(text)) return text;
  problems.push(`${variableOf(name)}: expected a file with ${expected}.`);
  return undefined;
}

/** Whether each certificate of a file can be read: Node ignores the others in a file of authorities, and may then trust none. */
function hasCertificates(text: string): boolean {
  const [, ...begun] = text.split('-----BEGIN CERTIFICATE-----');
  const whole = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return begun.length > 0 && whole.length === begun.length && whole.every(isCertificate);
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}

const isPrivateKey = (key: string) => isUsableBy({ key });

/** Whether `node:tls` accepts the parts. An import of the module would read its list of root certificates: 230 KB that stay. */
function isUsableBy(parts: Tls): boolean {
  try {
    process.getBuiltinModule('node:tls').createSecureContext(parts);
    return true;
  } catch {
    return false;
  }
}
