import { describe, expect, it } from 'vitest';
import { EventJudge } from '../soak/event-judge.ts';
import { runReplicaChaos } from '../soak/replica-chaos.ts';

const seed = Number(process.env.SOAK_SEED ?? Date.now() % 100_000);

describe('the judge of a client', () => {
  it('counts lost, repeated and unordered events, over all resumptions', () => {
    const judge = new EventJudge();
    for (const number of [1, 2, 4, 3, 2, 6]) judge.got(number);
    expect(judge).toMatchObject({ doubled: 1, disordered: 1, gaps: 0, repeated: 0 });
    judge.subscribed();
    judge.gap();
    for (const number of [4, 6, 8, 6, 7]) judge.got(number);
    expect(judge).toMatchObject({ doubled: 2, disordered: 2, gaps: 1, repeated: 2 });
    expect(judge.missing(8)).toEqual([5]);
  });
});

describe('a replica alone behind a load balancer', () => {
  it('delivers every stored event once and in order to clients that are cut off, while the upstream fails', async () => {
    const report = await runReplicaChaos({
      seed,
      replicas: 1,
      callers: 4,
      clientsPerCaller: 2,
      eventsPerSecond: 80,
      seconds: 6,
      faults: 30,
      kinds: ['client cut', 'client cut', 'upstream cut', 'upstream stall', 'upstream down', 'balancer cut'],
    });
    const broken = { lost: 0, doubled: 0, disordered: 0, gaps: 0, crashes: 0, unacknowledged: 0 };
    expect(report, JSON.stringify(report)).toMatchObject(broken);
  });
});

describe('three replicas that share event streams', () => {
  it('deliver every stored event once and in order to clients that move, while replicas, Redis and the upstream fail', async () => {
    const report = await runReplicaChaos({
      seed,
      redis: 'single',
      env: { REDIS_LEASE_MS: '2000' },
      replicas: 3,
      callers: 3,
      clientsPerCaller: 2,
      eventsPerSecond: 40,
      seconds: 5,
      faults: 10,
      // Those that last long are for the soak, as is what is late to be acknowledged because Redis lost its data.
      kinds: [
        'client cut',
        'upstream cut',
        'balancer cut',
        'replica killed',
        'replica stopped',
        'Redis killed',
        'Redis slow',
      ],
      acknowledgeWithinMs: 0,
      trace: true,
    });
    // A gap is said where nothing proves that none is: the upstream and Redis fail together.
    const broken = { lost: 0, doubled: 0, disordered: 0, crashes: 0 };
    expect(report, JSON.stringify(report)).toMatchObject(broken);
  });
});
