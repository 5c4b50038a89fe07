/**
 * Notices that Sentinels have made another server the master. The one before may answer on for seconds, until it is demoted; what
 * is written to it is lost, and what replicas at the new one do is not seen there. Not the `failoverDetector` of ioredis: a switch that
 * it hears while the client looks up the master ends that client for good, and it disconnects for masters of other names too.
 */
import { Redis } from 'ioredis';
import type { RedisAddress } from '../../config/redis-address.ts';
import type { Tls } from '../../upstream/transport/http/tls.ts';
import { sentinelOptions } from './redis-client.ts';

export interface FailoverWatchOptions {
  /** Of Sentinels. */
  readonly address: RedisAddress;
  readonly tls: Tls;
  /** Maximum time to connect, and for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** @param master Address and port of the new master, as Sentinels name it. Called once for each Sentinel that says it. */
  onSwitch(master: string): void;
}

const channel = '+switch-master';

/** Listens to all Sentinels of `REDIS_URL` until it is disposed. One that cannot be reached is tried again. */
export function watchFailovers({ address, tls, timeoutMs, onSwitch }: FailoverWatchOptions): Disposable {
  const sentinels = address.hosts.map((host) => {
    const sentinel = new Redis({ ...sentinelOptions(address, tls, timeoutMs), ...host });
    sentinel.on('error', () => undefined); // it tries again; the connections to Redis count what fails
    sentinel.on('message', (_, text: string) => {
      const [name, , , ip, port] = text.split(' ');
      if (name === address.master && ip !== undefined && port !== undefined) onSwitch(`${ip}:${port}`);
    });
    sentinel.on('ready', () => {
      sentinel.subscribe(channel).catch(() => undefined); // it subscribes again when it is connected again
    });
    return sentinel;
  });
  return {
    [Symbol.dispose]() {
      for (const sentinel of sentinels) sentinel.disconnect();
    },
  };
}
