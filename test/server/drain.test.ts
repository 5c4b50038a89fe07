import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, open, openSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sessionKey, signInWithSession } from '../support/browser-session.ts';
import { overMultipart, overSse } from '../support/live-subscription.ts';
import { ownTime } from '../support/own-time.ts';
import { openAcknowledged, openSocket } from '../support/raw-socket.ts';
import { controlOf } from '../support/sandbox-control.ts';
import { startStack } from '../support/stack.ts';
import { waitUntil, within } from '../support/wait.ts';

interface Asked {
  readonly status: number | undefined;
  /** The server says that this answer is the last on its connection. */
  readonly isLast: boolean;
}

async function ask(url: string, agent: Agent): Promise<Asked> {
  const sent = request(url, { agent });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, isLast: response.headers.connection === 'close' };
}

describe.concurrent('a gateway that shuts down', () => {
  it('continues to listen and serve for DRAIN_DELAY_MS, unready, and logs it', async () => {
    await using stack = await startStack({ config: { drainDelayMs: 10_000, shutdownTimeoutMs: 60_000 } });
    const ready = async () => (await fetch(`${stack.gateway.url}/readyz`)).status;
    expect(await ready()).toBe(200);
    const closed = stack.gateway.close();
    expect(await ready()).toBe(503);
    expect((await fetch(`${stack.gateway.url}/healthz`)).status).toBe(200);
    expect((await stack.query('{ me { displayName } }')).data).toEqual({ me: { displayName: 'Ada Lovelace' } });
    const socket = await openAcknowledged(stack.gateway.url);
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ me { displayName } }' } });
    await socket.message('complete', '1');
    expect((await socket.closed)[0]).toBe(1001);
    await closed;
    const said = stack.logLines.map((line) => JSON.parse(line).msg);
    expect(said).toEqual(expect.arrayContaining(['not ready: stopping', 'draining: listening, unready']));
  });

  it('ends at once when there is nothing to drain', async () => {
    await using stack = await startStack();
    const startedAt = ownTime();
    await stack.gateway.close();
    expect(ownTime() - startedAt).toBeLessThan(1_000);
  });

  it('closes sockets and event streams one after the other, each after a whole result', async () => {
    const many = 60;
    // Half of the sockets never send `connection_init`; the long timeout keeps them open until a busy machine has opened all.
    const config = { drainSpreadMs: 2_000, shutdownTimeoutMs: 60_000, webSocketInitTimeoutMs: 60_000 };
    await using stack = await startStack({ config });
    const query = 'subscription { connectionStatus { state } }';
    const closedAt: number[] = [];
    const sockets = await Promise.all(
      Array.from({ length: many }, async (_, index) => {
        const socket =
          index % 2 === 0 ? await openSocket(stack.gateway.url) : await openAcknowledged(stack.gateway.url);
        void socket.closed.then(() => closedAt.push(performance.now()));
        return socket;
      }),
    );
    const subscribed = sockets.filter((_, index) => index % 2 === 1);
    for (const socket of subscribed) {
      for (const id of ['1', '2']) socket.send({ type: 'subscribe', id, payload: { query } });
      await socket.message('next', '2');
    }
    const streams = [overSse(stack.gateway, query), overMultipart(stack.gateway, query)];
    for (const stream of streams) await stream.next();
    const closed = stack.gateway.close();
    const codes = await Promise.all(sockets.map(async (socket) => (await socket.closed)[0]));
    expect(new Set(codes)).toEqual(new Set([1001]));
    for (const { messages } of subscribed) {
      for (const id of ['1', '2']) {
        const last = messages.filter((message) => message.id === id).slice(-2);
        expect(JSON.stringify(last[0])).toMatch(/"code":"SHUTTING_DOWN".*"retryAfterSeconds":[0-3]\b/);
        expect(last[1]?.type).toBe('complete');
      }
    }
    for (const stream of streams) expect(JSON.stringify((await stream.rest()).at(-1))).toContain('SHUTTING_DOWN');
    await closed;
    // One every 5 ms: never sooner, however slow the machine is.
    expect(Math.max(...closedAt) - Math.min(...closedAt)).toBeGreaterThan((many / 2) * 5);
  });

  it('resets no keep-alive connection in use: each gets a last response', async () => {
    const round = async () => {
      await using stack = await startStack({ config: { drainDelayMs: 2_000, shutdownTimeoutMs: 30_000 } });
      const failures: unknown[] = [];
      let [begun, last] = [0, 0];
      const clients = Array.from({ length: 30 }, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        try {
          for (let asked = 0; ; asked++) {
            const { status, isLast } = await ask(`${stack.gateway.url}/healthz`, agent);
            expect(status).toBe(200);
            if (asked === 0) begun += 1;
            if (isLast) break;
            await pause(Math.random() * 300);
          }
          last += 1;
        } catch (error) {
          failures.push(error);
        } finally {
          agent.destroy();
        }
      });
      await waitUntil(() => begun === 30);
      await stack.gateway.close();
      await Promise.all(clients);
      expect(failures).toEqual([]);
      expect(last).toBe(30);
    };
    for (let rounds = 0; rounds < 8; rounds += 2) await Promise.all([round(), round()]);
  });
});

/** Occupies the threads on which Node encrypts and decrypts, until the returned function is called. */
function occupyThreads(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'threads-'));
  const pipes = Array.from({ length: Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) }, (_, index) =>
    join(folder, `${index}`),
  );
  execFileSync('mkfifo', pipes);
  // Opening a named pipe blocks until its other end is opened.
  for (const pipe of pipes) open(pipe, 'r', (_error, file) => closeSync(file));
  return () => {
    for (const pipe of pipes) closeSync(openSync(pipe, 'w'));
    rmSync(folder, { recursive: true });
  };
}

describe('a gateway that shuts down while it opens the cookie of a handshake', () => {
  it('rejects the socket with 503, and ends', async () => {
    const page = 'https://chat.example.org';
    const config = { sessionKeys: [sessionKey()], corsOrigins: [page], shutdownTimeoutMs: 30_000 };
    await using stack = await startStack({ config });
    const { url } = stack.gateway;
    const { cookie } = await signInWithSession(url, page);
    // The endpoint waits for this operation before it rejects further sockets.
    await controlOf(stack.sandbox).fault({ kind: 'delay', operationId: 'getRoster', delayMs: 3_000 });
    const busy = await openAcknowledged(url);
    busy.send({ type: 'subscribe', id: '1', payload: { query: '{ roster { entries { totalCount } } }' } });
    await waitUntil(() => stack.sandbox.requests.count('getRoster') === 1);
    const release = occupyThreads();
    let handshake: Promise<unknown>;
    let closed: Promise<void>;
    try {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { cookie, origin: page },
      });
      handshake = once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode);
      socket.once('open', () => socket.emit('unexpected-response', socket, { statusCode: 101 }));
      // When a later request has its response, the gateway has read the handshake.
      await fetch(`${url}/healthz`);
      closed = stack.gateway.close();
      await expect.poll(() => fetch(`${url}/healthz`).catch(() => 'no longer'), { interval: 10 }).toBe('no longer');
    } finally {
      release();
    }
    expect(await handshake).toBe(503);
    expect((await busy.closed)[0]).toBe(1001);
    expect(busy.messages.some(({ type }) => type === 'next')).toBe(true);
    await within(closed);
  });
});
