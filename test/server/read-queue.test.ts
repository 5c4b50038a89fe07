/** Connections that wait are read in an order in which none of them starves. */
import { describe, expect, it } from 'vitest';
import { ReadQueue, type Waiting } from '../../src/server/http/connection/read-queue.ts';

class Connection implements Waiting<Connection> {
  owner: object | undefined;
  prev: Connection | undefined;
  next: Connection | undefined;
  hadTurn = false;
  readonly name: string;
  readonly group: string;
  readonly isAccepted: boolean;
  constructor(name: string, group: string, isAccepted: boolean) {
    this.name = name;
    this.group = group;
    this.isAccepted = isAccepted;
  }
}

const connections = (count: number, group: string, isAccepted: boolean) =>
  Array.from({ length: count }, (_, index) => new Connection(`${group}${index}`, group, isAccepted));

function queueOf(...waiting: readonly Connection[]): ReadQueue<Connection> {
  const queue = new ReadQueue<Connection>();
  for (const connection of waiting) queue.add(connection);
  return queue;
}

/** Takes connections until `wanted`; those before it are queued again, as those of clients that keep sending. */
function turnsUntil(queue: ReadQueue<Connection>, wanted: Connection, onTurn: () => void = () => {}): number {
  for (let turns = 1; turns < 10_000; turns++) {
    const next = queue.take();
    if (next === wanted) return turns;
    onTurn();
    if (next === undefined) continue;
    next.hadTurn = true;
    queue.add(next);
  }
  return Number.POSITIVE_INFINITY;
}

describe('held connections', () => {
  it('take turns by credential, whatever the number of connections of each', () => {
    const grace = new Connection('grace', 'grace', true);
    const edwards = connections(1_000, 'edward', true);
    const queue = queueOf(...edwards.slice(0, 500), grace, ...edwards.slice(500));
    expect(turnsUntil(queue, grace)).toBeLessThanOrEqual(2);
  });

  it('alternate between accepted credentials and all others, whatever the number of credentials or addresses of each', () => {
    const addresses = Array.from({ length: 1_000 }, (_, index) => new Connection('hostile', `10.0.${index}`, false));
    const grace = new Connection('grace', 'grace', true);
    expect(turnsUntil(queueOf(...addresses, grace), grace)).toBeLessThanOrEqual(2);
    const credentials = Array.from({ length: 1_000 }, (_, index) => new Connection('known', `person${index}`, true));
    const unknown = new Connection('new', '10.0.0.1', false);
    expect(turnsUntil(queueOf(...credentials, unknown), unknown)).toBeLessThanOrEqual(2);
  });

  it('are read within two turns when they are the latest, while all earlier ones continue to send', () => {
    const latest = new Connection('latest', '::1', false);
    expect(turnsUntil(queueOf(...connections(1_000, '::1', false), latest), latest)).toBeLessThanOrEqual(2);
  });

  it('are read when they are the earliest, while an attack of the same address continues to connect', () => {
    const early = new Connection('early', '::1', false);
    const queue = queueOf(early, ...connections(1_000, '::1', false));
    const connectOne = () => queue.add(new Connection('hostile', '::1', false));
    expect(turnsUntil(queue, early, connectOne)).toBeLessThanOrEqual(32);
  });

  it('are read again after those that have waited longer, while an attack continues to connect', () => {
    const early = new Connection('early', '::1', false);
    const before = connections(50, '::1', false);
    for (const connection of [...before, early]) connection.hadTurn = true;
    const queue = queueOf(...before, early);
    const connectTwo = () => {
      for (let count = 0; count < 2; count++) queue.add(new Connection('hostile', '::1', false));
    };
    expect(turnsUntil(queue, early, connectTwo)).toBeLessThanOrEqual(64 * 51);
  });

  it('have their large body read to its end before the next one of the credential begins', () => {
    const [begun, ...others] = connections(100, 'ada', true);
    if (begun === undefined) throw new Error('a hundred were made');
    begun.hadTurn = true;
    const queue = queueOf(...others.slice(0, 50), begun, ...others.slice(50));
    expect(queue.take()).toBe(begun);
    queue.add(begun);
    expect(queue.take()).toBe(begun);
  });

  it('are removed when they close', () => {
    const [first, second] = connections(2, 'ada', true);
    if (first === undefined || second === undefined) throw new Error('two were made');
    const queue = queueOf(first, second);
    expect(queue.remove(first)).toBe(true);
    expect(queue.remove(first)).toBe(false);
    expect(queue.take()).toBe(second);
    expect(queue.take()).toBeUndefined();
    expect(queue.size).toBe(0);
  });
});
