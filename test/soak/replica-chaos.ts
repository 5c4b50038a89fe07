/**
 * Replicas of the gateway behind a load balancer, clients that move between them, and faults of every kind. Each client judges
 * what it gets over all its resumptions; `event-judge.ts` has the rules. Everything runs on the loopback interface.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { CredentialKeys } from '../../src/cluster/credential-key.ts';
import { createCredential } from '../../src/upstream/credential.ts';
import { build } from '../support/build.ts';
import { EventUpstream, json } from '../support/event-upstream.ts';
import { startRedis } from '../support/redis.ts';
import { startBalancer, type TcpBalancer } from '../support/tcp-balancer.ts';
import { waitUntil } from '../support/wait.ts';
import { EventTrace, type ProcessStep } from './event-trace.ts';
import { type FaultyRedis, startFailingOverRedis, type Topology } from './failing-over-redis.ts';
import { explainGap, type FaultSpan, stallsOf } from './gap-causes.ts';
import { MovingClient } from './moving-client.ts';
import { createRandom, type Random } from './random.ts';
import { Replica } from './replica.ts';

export type ReplicaFault =
  | 'client cut'
  | 'upstream cut'
  | 'upstream stall'
  | 'upstream down'
  | 'balancer cut'
  | 'replica killed'
  | 'replica stopped'
  | 'replica asleep'
  | 'replica cut off'
  | 'Redis killed'
  | 'Redis asleep'
  | 'Redis slow'
  | 'Redis full';

export interface ReplicaChaosOptions {
  readonly seed: number;
  readonly replicas: number;
  readonly callers: number;
  readonly clientsPerCaller: number;
  /** Of all callers together. */
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly faults: number;
  readonly kinds: readonly ReplicaFault[];
  /** How long to wait in the end for the acknowledgements. Default 25 s. */
  readonly acknowledgeWithinMs?: number;
  /** Starts a Redis and passes its address to the replicas. One that fails over cannot be cut off from a replica. Default: none. */
  readonly redis?: Topology;
  readonly env?: Readonly<Record<string, string>>;
  /** Writes what happens to each event, and reports the life of those that were lost. Default false. */
  readonly trace?: boolean;
}

export interface ReplicaChaosReport {
  readonly seed: number;
  readonly events: number;
  readonly clients: number;
  readonly subscriptions: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly gaps: number;
  /** With a trace: gaps that the table of `src/cluster/README.md` does not allow, all by what said them, and the first of each in detail. */
  readonly needlessGaps: number;
  readonly gapCauses: Readonly<Record<string, number>>;
  readonly gapExamples: readonly string[];
  /** Events that came again behind a gap, and that never came but lie in one. */
  readonly repeated: number;
  readonly missed: number;
  readonly crashes: number;
  /** Events the upstream still has as unacknowledged in the end. */
  readonly unacknowledged: number;
  readonly errors: Readonly<Record<string, number>>;
  /** The first faults of the judges, and the last words of crashed replicas. */
  readonly notes: readonly string[];
  /** What happened to the first unacknowledged events, and to the first lost or doubled ones, at each replica. */
  readonly unacknowledgedLives: readonly string[];
  readonly lives: readonly string[];
}

interface World {
  readonly upstream: EventUpstream;
  readonly balancer: TcpBalancer;
  readonly redis: FaultyRedis | undefined;
  /** Between each replica and Redis. */
  readonly wires: readonly TcpBalancer[];
  readonly replicas: readonly Replica[];
  readonly clients: readonly MovingClient[];
  readonly authorizations: readonly string[];
  readonly random: Random;
  /** What is away or asleep now, beside replicas. */
  readonly down: Set<'upstream' | 'Redis'>;
  /** Faults that end later. */
  readonly pending: Set<Promise<void>>;
  /** All so far. */
  readonly spans: FaultSpan[];
  /** The one that begins now. */
  span: FaultSpan | undefined;
}

function route({ balancer, replicas }: Pick<World, 'balancer' | 'replicas'>): void {
  balancer.targets = replicas.flatMap(({ port, isAwake }) => (port === undefined || !isAwake ? [] : [port]));
}

/** A replica that may be taken away: another one stays. */
function victim({ replicas, random }: World): Replica | undefined {
  const awake = replicas.filter(({ isAwake }) => isAwake);
  return awake.length < 2 ? undefined : random.pick(awake);
}

function later(world: World, run: () => Promise<void>): void {
  const { span } = world;
  if (span !== undefined) span.to = Number.POSITIVE_INFINITY;
  const pending = run().finally(() => {
    if (span !== undefined) span.to = Date.now();
    world.pending.delete(pending);
  });
  world.pending.add(pending);
}

/** Each returns false when it cannot happen now. */
const faults: Readonly<Record<ReplicaFault, (world: World) => boolean>> = {
  'client cut': ({ clients, random }) => {
    random.pick(clients).cut();
    return true;
  },
  'upstream cut': ({ upstream, authorizations, random }) => {
    for (const stream of upstream.streamsOf(random.pick(authorizations))) stream.destroy();
    return true;
  },
  'upstream stall': ({ upstream, authorizations, random }) => {
    for (const stream of upstream.streamsOf(random.pick(authorizations))) stream.stall();
    return true;
  },
  'upstream down': (world) => {
    if (world.down.has('upstream')) return false;
    world.down.add('upstream');
    const port = Number(new URL(world.upstream.url).port);
    later(world, async () => {
      await world.upstream.stop();
      await pause(world.random.below(400));
      await world.upstream.listen(port);
      world.down.delete('upstream');
    });
    return true;
  },
  'balancer cut': ({ balancer, random }) => {
    if (balancer.targets.length > 0) balancer.cut(random.pick(balancer.targets));
    return true;
  },
  'replica killed': (world) => replace(world, (replica) => replica.kill()),
  'replica stopped': (world) => replace(world, (replica) => replica.stop()),
  'replica asleep': (world) => {
    const replica = victim(world);
    if (replica === undefined) return false;
    const sleepMs = 300 + world.random.below(7_000);
    const { port } = replica;
    if (world.span !== undefined) world.span.replica = world.replicas.indexOf(replica);
    replica.sleep();
    route(world);
    later(world, async () => {
      // A health check notices it: its connections go.
      await pause(Math.min(sleepMs, 1_000));
      if (port !== undefined) world.balancer.cut(port);
      await pause(Math.max(0, sleepMs - 1_000));
      replica.wake();
      route(world);
    });
    return true;
  },
  'replica cut off': (world) => {
    const { wires, redis, random, span } = world;
    const wire = wires.length === 0 ? undefined : random.pick(wires);
    const [port] = wire?.targets ?? [];
    if (wire === undefined || redis === undefined || port === undefined) return false;
    if (span !== undefined) span.replica = wires.indexOf(wire);
    wire.targets = [];
    wire.cut(port);
    later(world, async () => {
      await pause(100 + random.below(6_000));
      wire.targets = [port];
    });
    return true;
  },
  'Redis killed': (world) => {
    const { redis, random } = world;
    if (redis === undefined || world.down.has('Redis')) return false;
    world.down.add('Redis');
    later(world, async () => {
      await redis.kill();
      await pause(50 + random.below(2_000));
      await redis.restart();
      world.down.delete('Redis');
    });
    return true;
  },
  'Redis asleep': (world) => {
    const { redis, random } = world;
    if (redis === undefined || world.down.has('Redis')) return false;
    world.down.add('Redis');
    redis.sleep();
    later(world, async () => {
      await pause(100 + random.below(4_000));
      redis.wake();
      world.down.delete('Redis');
    });
    return true;
  },
  'Redis slow': ({ redis, random, span }) => {
    if (redis === undefined) return false;
    const pauseMs = 200 + random.below(1_500);
    if (span !== undefined) span.to += pauseMs;
    void ofRedis(redis, 'CLIENT', 'PAUSE', String(pauseMs), 'ALL');
    return true;
  },
  'Redis full': (world) => {
    const { redis, random } = world;
    if (redis === undefined || world.down.has('Redis')) return false;
    void ofRedis(redis, 'CONFIG', 'SET', 'maxmemory', '100kb');
    later(world, async () => {
      await pause(200 + random.below(3_000));
      await ofRedis(redis, 'CONFIG', 'SET', 'maxmemory', '0');
    });
    return true;
  },
};

/** All kinds. */
export const replicaFaults = Object.keys(faults) as ReplicaFault[]; // it has one of each

async function ofRedis(redis: FaultyRedis, ...words: readonly string[]): Promise<void> {
  await redis.command(...words).catch(() => {}); // it was killed in between
}

function replace(world: World, end: (replica: Replica) => Promise<void>): boolean {
  const replica = victim(world);
  if (replica === undefined) return false;
  const ending = end(replica);
  route(world);
  later(world, async () => {
    await ending;
    await pause(world.random.below(1_000));
    await replica.start();
    route(world);
  });
  return true;
}

const operatorKey = Buffer.alloc(32, 7);
const eventId = (number: number) => `event-${number}`;
const numberOf = (id: string) => (id.startsWith('event-') ? Number(id.slice('event-'.length)) : undefined);

export async function runReplicaChaos(options: ReplicaChaosOptions): Promise<ReplicaChaosReport> {
  await build();
  const random = createRandom(options.seed);
  await using upstream = await EventUpstream.start();
  upstream.heartbeatMs = 500;
  const single = options.redis === 'single' ? await startRedis() : undefined;
  await using redis: FaultyRedis | undefined =
    options.redis === 'Sentinel' || options.redis === 'Cluster'
      ? await startFailingOverRedis(options.redis, createRandom(options.seed - 1))
      : single;
  await using balancer = await startBalancer();
  await using trace = options.trace === true ? await EventTrace.start() : undefined;
  const env = {
    LOG_LEVEL: 'info',
    STREAM_SILENCE_MS: '1500',
    SHUTDOWN_TIMEOUT_MS: '3000',
    ...(redis === undefined ? {} : { SHARE_EVENT_STREAMS: 'true', REDIS_KEYS: operatorKey.toString('base64') }),
    ...options.env,
  };
  const wires: TcpBalancer[] = [];
  for (let index = 0; index < options.replicas && single !== undefined; index += 1) {
    wires.push(await startBalancer([single.port]));
  }
  const replicas = await Promise.all(
    Array.from({ length: options.replicas }, (_, index) => {
      const wire = wires[index];
      const address = wire?.url.replace('http:', 'redis:') ?? redis?.url;
      const url = address === undefined ? {} : { REDIS_URL: address };
      return Replica.start(upstream.url, {
        env: { ...env, ...url, ...trace?.env },
        ...(trace === undefined ? {} : { flags: trace.flags }),
      });
    }),
  );
  const authorizations = Array.from(
    { length: options.callers },
    (_, index) => `Basic ${Buffer.from(`caller${index}:x`).toString('base64')}`,
  );
  const sent = new Map(authorizations.map((authorization) => [authorization, 0]));
  const send = (authorization: string) => {
    const number = (sent.get(authorization) ?? 0) + 1;
    sent.set(authorization, number);
    const id = eventId(number);
    upstream.push(authorization, { id, json: json(id, 'tigertext:iq:update:tag', { token: `tag-${number}` }) });
  };
  route({ balancer, replicas });
  const owners: { readonly client: MovingClient; readonly authorization: string }[] = [];
  const clients: MovingClient[] = [];
  for (const authorization of authorizations) {
    for (let index = 0; index < options.clientsPerCaller; index += 1) {
      const transport = (clients.length + index) % 2 === 0 ? 'graphql-ws' : 'graphql-sse';
      const url = `${balancer.url}/graphql`;
      // Of its own, so that the faults are the same for the same seed.
      const own = createRandom(options.seed + 1 + clients.length);
      const client = new MovingClient({ url, authorization, transport, random: own }, numberOf);
      clients.push(client);
      owners.push({ client, authorization });
    }
  }
  const world: World = {
    upstream,
    balancer,
    redis,
    wires,
    replicas,
    clients,
    authorizations,
    random,
    down: new Set(),
    pending: new Set(),
    spans: [],
    span: undefined,
  };
  await using _ending = {
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await Promise.all(world.pending);
      await Promise.all(replicas.map((replica) => replica.kill()));
      await Promise.all(wires.map((wire) => wire[Symbol.asyncDispose]()));
    },
  };
  // A client has a position from its first event on: that one reaches all before anything breaks.
  await waitUntil(() => authorizations.every((authorization) => upstream.streamsOf(authorization).length > 0), 30_000);
  await pause(1_000);
  for (const authorization of authorizations) send(authorization);
  await waitUntil(() => clients.every(({ judge }) => judge.received === 1), 30_000);

  const counts: Record<string, number> = {};
  const faultTimes = Array.from({ length: options.faults }, () => random.next() * options.seconds * 1000).sort(
    (a, b) => a - b,
  );
  const start = performance.now();
  let events = authorizations.length;
  while (performance.now() - start < options.seconds * 1000) {
    const elapsed = performance.now() - start;
    for (const due = authorizations.length + (elapsed / 1000) * options.eventsPerSecond; events < due; events += 1)
      send(random.pick(authorizations));
    while ((faultTimes[0] ?? Number.POSITIVE_INFINITY) <= elapsed) {
      faultTimes.shift();
      const kind = random.pick(options.kinds);
      const now = Date.now();
      world.span = { kind, from: now, to: now };
      if (!faults[kind](world)) continue;
      world.spans.push(world.span);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    await pause(5);
  }
  await Promise.all(world.pending);
  const missing = () =>
    owners.reduce(
      (sum, { client, authorization }) => sum + client.judge.missing(sent.get(authorization) ?? 0).length,
      0,
    );
  const unacknowledged = () => authorizations.reduce((sum, text) => sum + upstream.stored(text).length, 0);
  // What is late is not lost: everything has this long to arrive and to be acknowledged.
  await waitUntil(() => missing() === 0, 25_000).catch(() => {});
  await waitUntil(() => unacknowledged() === 0, options.acknowledgeWithinMs ?? 25_000).catch(() => {});
  const wrong = owners.flatMap(({ client, authorization }) => {
    const number = client.judge.missing(sent.get(authorization) ?? 0)[0] ?? client.judge.firstDoubled;
    return number === undefined ? [] : [{ client, authorization, number }];
  });
  const keys = new CredentialKeys([operatorKey], options.callers);
  const startedAt = Date.now() - (performance.now() - start);
  const lives = await trace?.livesOf(
    wrong.slice(0, 4).map(({ authorization, number }) => ({
      name: keys.of(createCredential(authorization)),
      id: eventId(number),
    })),
    Math.round(startedAt),
  );
  let needlessGaps = 0;
  const gapCauses: Record<string, number> = {};
  const gapExamples = new Map<string, string>();
  if (trace !== undefined) {
    const steps = new Map<string, ProcessStep[]>();
    for (const step of await trace.gapSteps()) {
      const own = steps.get(step.name) ?? [];
      own.push(step);
      steps.set(step.name, own);
    }
    const replicaOf = (process: string) => replicas.findIndex(({ pids }) => pids.includes(process));
    const stalls = stallsOf(steps.get('') ?? [], world.spans, replicaOf);
    for (const { client, authorization } of owners) {
      const own = steps.get(keys.of(createCredential(authorization))) ?? [];
      const circumstances = {
        steps: own,
        faults: [...world.spans, ...stalls],
        redis: redis?.watch,
        leaseMs: Number(options.env?.['REDIS_LEASE_MS'] ?? 4_000),
        replicaOf,
      };
      for (const gap of client.gaps) {
        const { cause, isNeedless, detail, faults: around, states } = explainGap(gap, circumstances);
        if (isNeedless) needlessGaps += 1;
        gapCauses[cause] = (gapCauses[cause] ?? 0) + 1;
        const time = `${gap.at - Math.round(startedAt)} ms ${authorization.slice(6)} after ${gap.after}`;
        if ((gapCauses[cause] ?? 0) <= 2)
          gapExamples.set(
            `${cause}#${gapCauses[cause]}`,
            `${time}: ${cause} [${detail}; ${around.join('; ')}] {${states.join('; ')}}`,
          );
      }
    }
  }
  const unacknowledgedLives = await trace?.livesOf(
    authorizations
      .flatMap((text) => {
        const id = upstream.stored(text)[0];
        return id === undefined ? [] : [{ name: keys.of(createCredential(text)), id }];
      })
      .slice(0, 3),
    Math.round(startedAt),
  );
  const sum = (count: (client: MovingClient) => number) => clients.reduce((all, client) => all + count(client), 0);
  const errors: Record<string, number> = {};
  for (const client of clients)
    for (const [code, count] of Object.entries(client.errors)) errors[code] = (errors[code] ?? 0) + count;
  return {
    seed: options.seed,
    events,
    clients: clients.length,
    subscriptions: sum(({ subscriptions }) => subscriptions),
    faults: counts,
    lost: missing(),
    doubled: sum(({ judge }) => judge.doubled),
    disordered: sum(({ judge }) => judge.disordered),
    gaps: sum(({ judge }) => judge.gaps),
    needlessGaps,
    gapCauses,
    gapExamples: [...gapExamples.values()].slice(0, 20),
    repeated: sum(({ judge }) => judge.repeated),
    missed: sum(({ judge }) => judge.missed),
    crashes: replicas.reduce((all, { crashes }) => all + crashes, 0),
    unacknowledged: unacknowledged(),
    errors,
    notes: [
      ...owners.flatMap(({ client, authorization }) => [
        ...client.judge.notes,
        ...client.judge
          .missing(sent.get(authorization) ?? 0)
          .slice(0, 3)
          .map((number) => `${number} never came`),
      ]),
      ...replicas.flatMap(({ lastWords }) => lastWords),
    ].slice(0, 20),
    unacknowledgedLives: unacknowledgedLives ?? [],
    lives: (lives ?? []).map((life, index) => {
      const { client, number } = wrong[index] ?? {};
      return `${life}\nThe client that missed it, or got it twice:\n  ${client?.journal.around(number ?? 0, Math.round(startedAt))}`;
    }),
  };
}
