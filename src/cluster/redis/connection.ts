/**
 * The connection to Redis for commands, with its state and its errors. Blocking reads have clients of their own
 * (`stream-reader.ts`).
 */
import { lookup } from 'node:dns/promises';
import { Cluster, type Command, type Redis } from 'ioredis';
import { ConfigError } from '../../config/config.ts';
import type { Log } from '../../observability/log.ts';
import { readTlsFiles, type Tls } from '../../upstream/transport/http/tls.ts';
import { atMost } from '../../util/at-most.ts';
import { watchFailovers } from './failover-watch.ts';
import { createRedisClient, type RedisClient, type RedisSettings } from './redis-client.ts';
import { certificateError, type RedisErrorKind, redisErrorKind, redisErrorKinds } from './redis-errors.ts';
import { writeTogether } from './turn-end.ts';

/** Interval of the PING that detects a dead connection without traffic. */
const pingEveryMs = 1_000;
/** Longest time for which a blocking read waits for entries. */
export const blockMs = 1_000;
/** Time without an answer after which a blocking read counts as dead. */
const blockedTimeoutMs = 3_000;

const awayText = 'Redis is away: replicas share nothing until it is back';

export type RedisErrorCounts = Readonly<Record<RedisErrorKind, number>>;

/** The connection of a process for commands; readers that block have clients of their own. */
export class RedisConnection {
  /** For commands and scripts. Each fails at once while there is no connection, and is sent once. */
  readonly client: RedisClient;
  readonly #settings: RedisSettings;
  readonly #tls: Tls;
  readonly #log: Log;
  readonly #errors = Object.fromEntries(redisErrorKinds.map((kind) => [kind, 0])) as Record<RedisErrorKind, number>; // every kind has an entry
  #isUp = false;
  readonly #upListeners: (() => void)[] = [];
  #pinger: NodeJS.Timeout | undefined;
  /** All clients, the readers included. */
  readonly #clients = new Set<RedisClient>();
  readonly #failovers: Disposable | undefined;
  #isClosed = false;

  private constructor(settings: RedisSettings, log: Log) {
    this.#settings = settings;
    this.#tls = readTlsFiles(settings, 'redis');
    this.#log = log;
    this.client = this.#createClient(settings.redisTimeoutMs);
    if (this.client instanceof Cluster) this.client.on('+node', writeTogether);
    else writeTogether(this.client);
    observeCommands(this.client, {
      answered: () => this.#answered(),
      failed: (kind) => {
        this.#count(kind);
        // Other nodes of a cluster may still work.
        if (this.client instanceof Cluster) return;
        if (kind === 'connection' || kind === 'timeout') this.#lost();
      },
    });
    this.client.on('close', () => this.#lost());
    const { redisUrl: address, redisTimeoutMs: timeoutMs } = settings;
    if (address.kind !== 'sentinel') return;
    const onSwitch = (master: string) => void this.#leaveOthers(master);
    this.#failovers = watchFailovers({ address, tls: this.#tls, timeoutMs, onSwitch });
  }

  /**
   * Connects. An unreachable Redis is no error: it is logged and connected later.
   * @throws ConfigError for a TLS file that cannot be read, a certificate that is not trusted, or a rejected password.
   */
  static async open(settings: RedisSettings, log: Log): Promise<RedisConnection> {
    const connection = new RedisConnection(settings, log);
    try {
      await connection.#connect();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  /** Whether Redis, or a node of the cluster, answers in time. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Calls the listener each time Redis is back. */
  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  /** Errors since the start. */
  get errors(): RedisErrorCounts {
    return this.#errors;
  }

  /** A further client for blocking reads, not connected yet. Its errors are counted here. */
  createReader(): RedisClient {
    const client = this.#createClient(blockedTimeoutMs);
    observeCommands(client, { answered: () => undefined, failed: (kind) => this.#count(kind) });
    return client;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#pinger);
    this.#failovers?.[Symbol.dispose]();
    this.client.disconnect();
  }

  #createClient(commandTimeoutMs: number): RedisClient {
    const client = createRedisClient({
      address: this.#settings.redisUrl,
      tls: this.#tls,
      connectTimeoutMs: this.#settings.redisTimeoutMs,
      commandTimeoutMs,
    });
    for (const event of ['error', 'node error']) {
      client.on(event, (error: unknown) => this.#count(redisErrorKind(error)));
    }
    // Otherwise a node of a cluster connects with its first command, and fails those that follow it.
    client.on('+node', (node: Redis) => {
      if (node.options.readOnly !== true && node.status === 'wait') node.connect().catch(() => undefined);
    });
    client.once('end', () => this.#clients.delete(client));
    this.#clients.add(client);
    return client;
  }

  /** Reconnects clients that are connected to another server than this master: a former master may go on answering for seconds. */
  async #leaveOthers(master: string): Promise<void> {
    const end = master.lastIndexOf(':');
    const port = Number(master.slice(end + 1));
    // Sentinels may announce host names.
    const found = await lookup(master.slice(0, end), { all: true }).catch(() => undefined); // no reason to leave a working connection
    if (found === undefined || this.#isClosed) return;
    const addresses = found.flatMap(({ address }) => [address, `::ffff:${address}`]);
    for (const client of this.#clients) {
      if (client instanceof Cluster) continue;
      const leave = () => {
        const { remoteAddress, remotePort } = client.stream;
        if (remotePort !== port || !addresses.includes(remoteAddress ?? '')) client.disconnect(true);
      };
      if (client.status === 'ready' || client.status === 'connect') leave();
      // A disconnect during the lookup of the address would end the client.
      else if (client.status === 'connecting') client.once('connect', leave);
    }
  }

  async #connect(): Promise<void> {
    let problem: ConfigError | undefined;
    const onError = (error: unknown) => {
      problem ??= configErrorOf(error);
    };
    this.client.on('error', onError);
    // The event `error` has the reason of a failure, and the client reconnects.
    const connecting = this.client.connect().then(() => this.#ping());
    await atMost(
      connecting.catch(() => undefined),
      this.#settings.redisTimeoutMs,
    );
    this.client.off('error', onError);
    if (problem !== undefined) throw problem;
    if (!this.#isUp) this.#log.warn(awayText);
    this.#pinger = setInterval(() => void this.#ping(), pingEveryMs);
  }

  /** Pings the server, or each master of the cluster: one answer is enough. */
  async #ping(): Promise<void> {
    if (this.client.status !== 'ready') return;
    const nodes = this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
    const answers = nodes.map(async (node) => {
      try {
        await node.ping();
      } catch (error) {
        // A network that drops packets leaves the connection open.
        if (redisErrorKind(error) === 'timeout' && !this.#isClosed) node.disconnect(true);
        throw error;
      }
    });
    await Promise.any(answers).then(
      () => this.#answered(),
      () => this.#lost(),
    );
  }

  #answered(): void {
    if (this.#isUp || this.client.status !== 'ready') return;
    this.#isUp = true;
    // The first connection is not logged.
    if (this.#pinger !== undefined) this.#log.info('Redis is back');
    for (const listener of this.#upListeners) listener();
  }

  #lost(): void {
    if (!this.#isUp || this.#isClosed) return;
    this.#isUp = false;
    this.#log.warn(awayText);
  }

  #count(kind: RedisErrorKind | undefined): void {
    if (kind !== undefined) this.#errors[kind] += 1;
  }
}

/** The line for an error that only a change of settings can fix. */
function configErrorOf(error: unknown): ConfigError | undefined {
  if (redisErrorKind(error) === 'denied')
    return new ConfigError(['REDIS_URL: Redis rejected the user or the password.']);
  const code = certificateError(error);
  return code === undefined
    ? undefined
    : new ConfigError([`REDIS_CA_FILE: the certificate of Redis is not trusted (${code}).`]);
}

interface CommandObserver {
  answered(): void;
  failed(kind: RedisErrorKind): void;
}

/** Reports the outcome of every command of a client, those of libraries included. */
function observeCommands(client: RedisClient, { answered, failed }: CommandObserver): void {
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command: Command, ...more: []) => {
    const answer = send(command, ...more);
    command.promise.then(answered, (error: unknown) => {
      const kind = redisErrorKind(error);
      if (kind === undefined) answered();
      else failed(kind);
    });
    return answer;
  };
}
