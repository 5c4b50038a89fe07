/** Clients that connect at once are accepted soon, though requests on other connections take all of the server's time. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AcceptTurns } from '../../src/server/http/connection/accept-turns.ts';
import { ReadTurns, readAs } from '../../src/server/http/connection/read-turns.ts';
import { type CountedServer, sendGet, startCounted } from '../support/counted-server.ts';
import { waitUntil } from '../support/wait.ts';

const workMs = 0.5;
const known = 40;
const newcomers = 60;

describe('connections that wait to be accepted', () => {
  let counted: CountedServer;
  let answered: number;

  beforeEach(async () => {
    answered = 0;
    const respond = (work: () => void) => {
      for (const until = performance.now() + workMs; performance.now() < until; );
      answered += 1;
      work();
    };
    const server = createServer((request, response) => {
      if (request.url === '/first') readAs(request.socket, 'ada', '127.0.0.1');
      const handle = () => respond(() => response.end());
      if (acceptTurns.mustDefer(request)) acceptTurns.defer(handle);
      else handle();
    });
    const acceptTurns = new AcceptTurns(server);
    new ReadTurns(server);
    counted = await startCounted(server);
  });
  afterEach(() => counted[Symbol.asyncDispose]());

  it('are accepted before many requests on each open connection are answered; and each request is answered', async () => {
    const busy = await Promise.all(Array.from({ length: known }, counted.connected));
    let isOver = false;
    const done = busy.map(async (socket) => {
      sendGet(socket, 'first');
      await once(socket, 'data');
      while (!isOver) {
        sendGet(socket, 'again');
        await once(socket, 'data');
      }
    });
    await waitUntil(() => answered > 4 * known);
    // Requests are deferred for a limited time: what another process takes of it on a busy machine only adds answers.
    const answersInRounds: number[] = [];
    for (let round = 0; round < 5; round++) {
      const acceptedBefore = counted.accepted;
      const answeredBefore = answered;
      await Promise.all(Array.from({ length: newcomers }, counted.connected));
      await waitUntil(() => counted.accepted === acceptedBefore + newcomers);
      answersInRounds.push(answered - answeredBefore);
    }
    expect(Math.min(...answersInRounds)).toBeLessThan((known * newcomers) / 5);
    // None of them waits for as long as connections are made.
    const since = answered;
    await waitUntil(() => answered > since + 4 * known);
    isOver = true;
    await Promise.all(done);
  });
});
