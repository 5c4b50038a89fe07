/** A replica that stops with thousands of sockets, whose clients come back at once to another one. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { build } from '../support/build.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { residentBytes } from '../support/process-figures.ts';
import { basic } from '../support/stack.ts';
import { rounded } from './figures.ts';
import { type Subscriber, subscribeTo } from './subscriber.ts';
import { startUpstreamProcess } from './upstream-process.ts';

export interface DrainReport {
  readonly sockets: number;
  /** Clients that are subscribed at the other replica at the end. */
  readonly back: number;
  /** New connections at the other replica in each second from the signal on. */
  readonly perSecond: readonly number[];
  readonly mostPerSecond: number;
  /** Sockets that ended without SHUTTING_DOWN as their last result, or with another code than 1001. */
  readonly unannounced: number;
  /** Requests over kept connections during the drain, and those that got no answer. */
  readonly requests: number;
  readonly lostRequests: number;
  readonly exitAfterSeconds: number;
  readonly residentMiB: number;
}

const query = 'subscription { connectionStatus { state } }';
const callers = 100;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param spreadMs `DRAIN_SPREAD_MS`. */
export async function runDrain(options: { readonly sockets: number; readonly spreadMs: number }): Promise<DrainReport> {
  await build();
  await using upstream = await startUpstreamProcess();
  const env = {
    DRAIN_DELAY_MS: '2000',
    DRAIN_SPREAD_MS: String(options.spreadMs),
    SHUTDOWN_TIMEOUT_MS: String(options.spreadMs + 10_000),
  };
  await using first = await startGatewayProcess(upstream.url, { env });
  await using other = await startGatewayProcess(upstream.url);
  const returnedAt: number[] = [];
  const returned: Subscriber[] = [];
  let unannounced = 0;

  const join = async (index: number): Promise<void> => {
    const authorization = basic(`caller${index % callers}`, 'x');
    let last = '';
    const { socket } = await subscribeTo(first.url, { authorization, query }, (text) => {
      last = text;
    });
    socket.on('close', (code) => {
      if (code !== 1001 || !last.includes('SHUTTING_DOWN')) unannounced += 1;
      returnedAt.push(performance.now());
      void subscribeTo(other.url, { authorization, query }, () => {}).then((subscriber) => returned.push(subscriber));
    });
  };
  for (let index = 0; index < options.sockets; index += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, offset) => join(index + offset)));
  }
  await pause(2_000);
  const residentMiB = residentBytes(first.child.pid ?? 0) / 1024 ** 2;

  const asked = { requests: 0, lost: 0 };
  const clients = Array.from({ length: 20 }, () => askWhileKept(first.url, asked));
  await pause(500);
  const signalAt = performance.now();
  first.child.kill('SIGTERM');
  await first.exit;
  const exitAfterSeconds = (performance.now() - signalAt) / 1_000;
  await Promise.all(clients);
  await pause(2_000);
  for (const { socket } of returned) socket.terminate();

  const perSecond = Array.from({ length: Math.ceil(exitAfterSeconds) }, () => 0);
  for (const at of returnedAt) {
    const second = Math.floor((at - signalAt) / 1_000);
    perSecond[second] = (perSecond[second] ?? 0) + 1;
  }
  return {
    sockets: options.sockets,
    back: returned.length,
    perSecond,
    mostPerSecond: Math.max(...perSecond),
    unannounced,
    requests: asked.requests,
    lostRequests: asked.lost,
    exitAfterSeconds: rounded(exitAfterSeconds),
    residentMiB: rounded(residentMiB),
  };
}

/** Asks over one kept connection until an answer says that it is the last. */
async function askWhileKept(url: string, asked: { requests: number; lost: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let isKept = true; isKept; ) {
    asked.requests += 1;
    try {
      const sent = request(`${url}/healthz`, { agent });
      sent.end();
      const [response] = await once(sent, 'response');
      response.resume();
      await once(response, 'end');
      isKept = response.headers.connection !== 'close';
    } catch {
      asked.lost += 1;
      isKept = false;
    }
    await pause(Math.random() * 100);
  }
  agent.destroy();
}
