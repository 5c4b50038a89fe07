/** Parses `REDIS_URL`: one Redis server, servers found through Sentinel, or a Redis Cluster. */

export interface RedisHost {
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server; the Sentinels; or some nodes of the cluster, which name the others. */
  readonly hosts: readonly RedisHost[];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; 0 in a cluster. */
  readonly db: number;
  /** The Sentinels' name of the master; undefined for the other kinds. */
  readonly master: string | undefined;
}

const addressPattern =
  /^(redis|rediss)(?:-(sentinel|cluster))?:\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]+)(?:\/(\d{0,5}))?(?:#([\w.-]+))?$/;
const hostPattern = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const defaultPorts = { single: 6379, sentinel: 26_379, cluster: 6379 } as const;

/** @returns Undefined for a text that is not an address of Redis. User and password are percent-decoded. */
export function parseRedisAddress(text: string): RedisAddress | undefined {
  const [, scheme, mode = 'single', login, list = '', db = '', master] = addressPattern.exec(text) ?? [];
  const kind = mode as RedisAddress['kind']; // the pattern admits these only
  const hosts = list.split(',').map((item) => parseHost(item, defaultPorts[kind]));
  const credential = parseLogin(login ?? '');
  if (scheme === undefined || credential === undefined || !hosts.every((host) => host !== undefined)) return undefined;
  if ((kind === 'sentinel') !== (master !== undefined)) return undefined;
  if ((kind === 'single' && hosts.length > 1) || (kind === 'cluster' && Number(db) > 0)) return undefined;
  return {
    kind,
    hosts,
    tls: scheme === 'rediss',
    username: credential.username,
    password: credential.password,
    db: Number(db),
    master,
  };
}

function parseHost(text: string, defaultPort: number): RedisHost | undefined {
  const [, address, name, port = defaultPort] = hostPattern.exec(text) ?? [];
  const host = address ?? name;
  return host === undefined || Number(port) < 1 || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

/** `user:password`, `:password` or `user`, each percent-encoded. */
function parseLogin(text: string): Pick<RedisAddress, 'username' | 'password'> | undefined {
  const colon = text.indexOf(':');
  try {
    const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon));
    const password = colon < 0 ? undefined : decodeURIComponent(text.slice(colon + 1));
    return { username: username === '' ? undefined : username, password: password === '' ? undefined : password };
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}
