/** A compose file for one replica: `tigerconnect-graphql print compose`. */
import { stringify } from 'yaml';
import { environment, graceSeconds, image, name, ports, secretVariables, yamlStyle } from './production.ts';

const comment = `# One replica. Secrets come from the environment or from a file .env beside this one: LOG_KEY (32 characters or more),
# and PRODUCT_KEY where the upstream asks for one. The image: docker build -t ${image} .
# Behind a proxy, set TRUSTED_PROXIES to its addresses: otherwise all clients share one in the limits by address.
`;

/** The file, in YAML. */
export function composeFile(): string {
  const [logKey, ...optionalKeys] = secretVariables;
  const secrets = [
    [logKey, `\${${logKey}:?a secret of at least 32 characters}`],
    ...optionalKeys.map((key) => [key, `\${${key}:-}`]),
  ];
  const gateway = {
    image,
    restart: 'unless-stopped',
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    mem_limit: '1g',
    stop_grace_period: `${graceSeconds}s`,
    ports: [`${ports.http}:${ports.http}`, `127.0.0.1:${ports.metrics}:${ports.metrics}`],
    environment: { ...environment, ...Object.fromEntries(secrets) },
    logging: { driver: 'json-file', options: { 'max-size': '50m', 'max-file': '10' } },
  };
  return comment + stringify({ name, services: { gateway } }, yamlStyle);
}
