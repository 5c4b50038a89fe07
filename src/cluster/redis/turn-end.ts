/**
 * Sends the commands of one turn of the event loop in one write: Redis wakes once and reads once. A wake-up costs it more than a
 * command.
 */
import type { Redis } from 'ioredis';

let runs: (() => void)[] = [];
let flushes: (() => void)[] = [];

/** Calls a function at the end of this turn, together with others; functions added by these are called in the same turn. */
export function atTurnEnd(run: () => void): void {
  schedule();
  runs.push(run);
}

/** Delays the writes of a client until the end of the turn. Commands of the functions of `atTurnEnd` are part of the same write. */
export function writeTogether(client: Redis): void {
  const send = client.sendCommand.bind(client);
  let corked: Redis['stream'] | undefined;
  client.sendCommand = (...words) => {
    const { stream } = client;
    if (stream !== undefined && stream !== corked) {
      corked = stream;
      stream.cork();
      schedule();
      flushes.push(() => {
        if (corked === stream) corked = undefined;
        stream.uncork();
      });
    }
    return send(...words);
  };
}

function schedule(): void {
  if (runs.length + flushes.length === 0) setImmediate(endTurn);
}

function endTurn(): void {
  try {
    // The list may grow during the iteration.
    for (const run of runs) run();
  } finally {
    runs = [];
    const ready = flushes;
    flushes = [];
    for (const flush of ready) flush();
  }
}
