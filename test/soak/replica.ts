/** One replica of the gateway, as a process of the built program that is killed, stopped, put to sleep and started again. */
import { once } from 'node:events';
import { type GatewayProcess, type ProcessOptions, startGatewayProcess } from '../support/gateway-process.ts';
import type { TcpBalancer } from '../support/tcp-balancer.ts';

/** Settings of replicas that share what they keep through a Redis. */
export function redisSettings(url: string) {
  return { REDIS_URL: url, REDIS_KEYS: Buffer.alloc(32, 7).toString('base64') };
}

/** Settings of replicas that share event streams. */
export function sharingSettings(redisUrl: string) {
  return { ...redisSettings(redisUrl), SHARE_EVENT_STREAMS: 'true', LOG_LEVEL: 'info' };
}

/** Has a load balancer send connections to those that run. */
export function routeTo(balancer: TcpBalancer, replicas: readonly Replica[]): void {
  balancer.targets = replicas.flatMap(({ port }) => (port === undefined ? [] : [port]));
}

export class Replica {
  readonly #upstreamUrl: string;
  readonly #options: ProcessOptions;
  #process: GatewayProcess | undefined;
  readonly #ended: GatewayProcess[] = [];
  #isAsleep = false;
  /** Exits that no signal of this class caused. */
  crashes = 0;
  /** Ids of all its processes. */
  readonly pids: string[] = [];
  /** The end of what crashed processes wrote. */
  readonly lastWords: string[] = [];

  private constructor(upstreamUrl: string, options: ProcessOptions) {
    this.#upstreamUrl = upstreamUrl;
    this.#options = options;
  }

  static async start(upstreamUrl: string, options: ProcessOptions = {}): Promise<Replica> {
    const replica = new Replica(upstreamUrl, options);
    await replica.start();
    return replica;
  }

  /** Undefined while it is down. */
  get port(): number | undefined {
    return this.#process === undefined ? undefined : Number(new URL(this.#process.url).port);
  }

  get isAwake(): boolean {
    return this.#process !== undefined && !this.#isAsleep;
  }

  get pid(): number | undefined {
    return this.#process?.child.pid;
  }

  async start(): Promise<void> {
    const started = await startGatewayProcess(this.#upstreamUrl, this.#options);
    this.#process = started;
    this.pids.push(String(started.child.pid));
    this.#isAsleep = false;
    void started.exit.then(() => {
      if (this.#process !== started) return;
      this.#process = undefined;
      this.crashes += 1;
      this.lastWords.push(started.output().slice(-2_000));
    });
  }

  /** Ends without a word. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends in good order. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  sleep(): void {
    this.#isAsleep = true;
    this.#process?.child.kill('SIGSTOP');
  }

  wake(): void {
    this.#isAsleep = false;
    this.#process?.child.kill('SIGCONT');
  }

  /** What all its processes wrote. */
  output(): string {
    return [...this.#ended, this.#process].map((process) => process?.output() ?? '').join('\n----\n');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const ended = this.#process;
    this.#process = undefined;
    if (ended === undefined) return;
    this.#ended.push(ended);
    if (this.#isAsleep) ended.child.kill('SIGCONT');
    const exit = once(ended.child, 'exit');
    ended.child.kill(signal);
    await exit;
  }
}
