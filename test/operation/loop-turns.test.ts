/** Operations of credentials that the upstream has not accepted, and their turns of the event loop. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryBudget, uncountedBytes } from '../../src/server/memory-budget.ts';
import { LoopTurns } from '../../src/server/operation/limits/loop-turns.ts';
import { CancellationSource } from '../../src/upstream/cancellation.ts';
import { startStack } from '../support/stack.ts';

const budget = () => new MemoryBudget({ total: 400_000, largest: 40_000 });

/** Turns with a list of what began and of what was left. */
function recorded(memory = budget(), maxWaiting = 100) {
  const turns = new LoopTurns(memory, maxWaiting);
  const began: number[] = [];
  const run = (id: number, bytes = 0, client?: CancellationSource, address = '192.0.2.1') =>
    turns.run<string>(bytes, {
      client,
      address,
      begin: () => {
        began.push(id);
        return `began ${id}`;
      },
      onDisconnect: () => `left ${id}`,
    });
  return { began, run };
}

describe('turns', () => {
  it('begin in the order of arrival, at most four in a turn of the event loop', async () => {
    const { began, run } = recorded();
    const results = Array.from({ length: 10 }, (_, id) => run(id));
    const sizes: number[] = [];
    while (began.length < 10) {
      await nextTurn();
      sizes.push(began.length);
    }
    expect(await Promise.all(results)).toEqual(began.map((id) => `began ${id}`));
    expect(began).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const [index, size] of sizes.entries()) expect(size - (sizes[index - 1] ?? 0)).toBeLessThanOrEqual(4);
  });

  it('go to addresses in turn: one that has many waiting does not delay the first of another', async () => {
    const { began, run } = recorded();
    const crowd = Array.from({ length: 20 }, (_, id) => run(id));
    const others = [run(20, 0, undefined, '192.0.2.2'), run(21, 0, undefined, '192.0.2.3')];
    await Promise.all([...crowd, ...others]);
    expect(began.slice(0, 4)).toEqual([0, 20, 21, 1]);
    expect(began.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, id) => id));
  });

  it('reject an operation whose work throws, and continue', async () => {
    const turns = new LoopTurns(budget(), 100);
    const onDisconnect = () => 'left';
    const fails = turns.run<string>(0, {
      client: undefined,
      address: '192.0.2.1',
      begin: () => {
        throw new Error('broken');
      },
      onDisconnect,
    });
    const works = turns.run(0, { client: undefined, address: '192.0.2.1', begin: () => 'works', onDisconnect });
    await expect(fails).rejects.toThrow('broken');
    expect(await works).toBe('works');
  });
});

describe('waiting operations', () => {
  it('are limited in number', async () => {
    const { run } = recorded(budget(), 3);
    const waiting = [run(0), run(1), run(2)];
    await expect(run(3)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    await Promise.all(waiting);
    expect(await run(4)).toBe('began 4');
  });

  it('are taken from the address with the most, its newest first, for one that has fewer', async () => {
    const memory = budget();
    const { began, run } = recorded(memory, 4);
    const crowd = [0, 1, 2, 3].map((id) => run(id, 20_000));
    const others = [4, 5, 6].map((id) => run(id, 0, undefined, '192.0.2.2'));
    const settled = await Promise.allSettled([...crowd, ...others]);
    const codes = settled.map((each) => (each.status === 'rejected' ? each.reason.code : each.value));
    const limited = 'RATE_LIMITED';
    expect(codes).toEqual(['began 0', 'began 1', limited, limited, 'began 4', 'began 5', limited]);
    expect(began).toHaveLength(4);
    expect(memory.size).toBe(0);
  });

  it('are limited in bytes, which are counted until they begin', async () => {
    const memory = budget();
    const { run } = recorded(memory);
    const bytes = 30_000;
    const waiting = [run(0, bytes), run(1, bytes)];
    expect(memory.size).toBe(2 * (bytes - uncountedBytes));
    const others = Array.from({ length: 20 }, (_, id) => run(2 + id, bytes, undefined, `198.51.100.${id}`));
    const settled = await Promise.allSettled([...waiting, ...others]);
    const rejected = settled.filter(({ status }) => status === 'rejected');
    expect(rejected).toHaveLength(22 - Math.floor(100_000 / (bytes - uncountedBytes)));
    for (const one of rejected) expect(one).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
    expect(memory.size).toBe(0);
  });

  it('do not begin, and release their bytes at once, when their client disconnects', async () => {
    const memory = budget();
    const { began, run } = recorded(memory);
    const client = new CancellationSource();
    const left = Array.from({ length: 5 }, (_, id) => run(id, 20_000, client));
    const stays = run(5, 20_000, new CancellationSource());
    client.cancel();
    expect(memory.size).toBe(20_000 - uncountedBytes);
    expect(await Promise.all(left)).toEqual(['left 0', 'left 1', 'left 2', 'left 3', 'left 4']);
    expect(await stays).toBe('began 5');
    expect(await run(6, 0, client)).toBe('left 6');
    expect(began).toEqual([5]);
    expect(memory.size).toBe(0);
  });
});

describe('a burst without a credential', () => {
  it('runs up to UNPROVEN_QUEUE, and is RATE_LIMITED beyond', async () => {
    await using stack = await startStack({ config: { unprovenQueue: 1 } });
    const { hostname, port } = new URL(stack.gateway.url);
    const socket = connect(Number(port), hostname);
    const requests = Array.from({ length: 10 }, (_, id) => {
      const body = JSON.stringify({ query: `{ a${id}: me { id } }` });
      const headers = `host: x\r\ncontent-type: application/json\r\nconnection: ${id === 9 ? 'close' : 'keep-alive'}`;
      return `POST /graphql HTTP/1.1\r\n${headers}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    });
    socket.write(requests.join(''));
    const answers = await text(socket);
    expect(answers.match(/"UNAUTHENTICATED"/g)?.length).toBeGreaterThan(0);
    expect(answers.match(/"RATE_LIMITED"/g)?.length).toBeGreaterThan(0);
    expect(answers.match(/HTTP\/1.1 /g)).toHaveLength(10);
    expect((await stack.query('{ me { id } }')).errors).toBeUndefined();
  });
});
