/** Regular visits of many items. */
import { describe, expect, it } from 'vitest';
import { Rounds } from '../../src/events/rounds.ts';
import { pass, useTestClock } from '../support/test-clock.ts';

function startRounds(size: number) {
  const items = new Map(Array.from({ length: size }, (_, index) => [String(index), index]));
  let visited: number[] = [];
  let ended = 0;
  const rounds = new Rounds<number>({
    items,
    everyMs: 250,
    visit: (item) => visited.push(item),
    onRound: () => {
      ended += 1;
    },
  });
  rounds.start();
  const take = () => {
    const taken = visited;
    visited = [];
    return taken;
  };
  return { items, rounds, take, ended: () => ended };
}

describe('items that are visited every 250 ms', () => {
  useTestClock();

  it('are visited once each, in parts over the interval', async () => {
    const { take, rounds, ended } = startRounds(103);
    for (let round = 0; round < 3; round += 1) {
      const seen: number[] = [];
      for (let part = 0; part < 10; part += 1) {
        await pass(25);
        const visited = take();
        expect(visited.length).toBeLessThanOrEqual(11);
        seen.push(...visited);
      }
      expect(seen).toEqual(Array.from({ length: 103 }, (_, index) => index));
      expect(ended()).toBe(round + 1);
    }
    rounds.stop();
    await pass(1_000);
    expect(take()).toEqual([]);
  });

  it('are visited together when they are few', async () => {
    const { take } = startRounds(9);
    await pass(249);
    expect(take()).toEqual([]);
    await pass(1);
    expect(take()).toHaveLength(9);
  });

  it('are visited in the round in which they were added, and not after they were removed', async () => {
    const { items, take } = startRounds(20);
    await pass(100);
    for (let index = 20; index < 200; index += 1) items.set(String(index), index);
    items.delete('19');
    await pass(150);
    expect(take()).toEqual(Array.from({ length: 199 }, (_, index) => (index < 19 ? index : index + 1)));
    items.clear();
    await pass(1_000);
    expect(take()).toEqual([]);
  });
});
