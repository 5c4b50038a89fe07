/** Starts the sandbox: a real server that implements the upstream contract without any code of the gateway. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits } from './bounds.ts';
import { createClock } from './clock.ts';
import { contractOf } from './contract.ts';
import type { Api } from './contract-document.ts';
import { createControl } from './control/control.ts';
import { createFaults } from './faults/faults.ts';
import { createDispatcher } from './http/dispatch.ts';
import { createRequestLog, type RequestLog } from './http/request-log.ts';
import { startPersonas } from './personas.ts';
import { seedHospital } from './seed/hospital.ts';
import { runEscalations } from './state/escalation.ts';
import { sweepMessages } from './state/message.ts';
import { createWorld, emptyWorld, type World } from './state/world.ts';

export interface SandboxOptions {
  /** Address to bind; 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, picks a free port. */
  readonly port?: number;
  /** Port of the control server, which binds to the loopback whatever `host` is; 0, the default, picks a free one. */
  readonly controlPort?: number;
  /** What it serves: `both` (the default) the v2 and the v5 contract, `v2` the v2 contract alone. */
  readonly api?: Api;
  /** Conversations on a page of the v5 roster, at most and by default 50. */
  readonly rosterPage?: number;
  /** Fills the empty state; the demo hospital by default. */
  readonly seed?: (world: World) => void;
  /** Lifetime of an event stream; seven minutes by default, as in the public service. */
  readonly streamLifetimeMs?: number;
  /** Replaces the interval requested with `heartbeat_<n>`. */
  readonly heartbeatMs?: number;
  /** Delay between Read and the deletion of a delete-on-read message in a direct conversation; one minute by default. */
  readonly deleteOnReadMs?: number;
  /** Whether demo people reply, and sometimes write to Ada; off by default. */
  readonly simulateActivity?: boolean;
  /** Whether simulated people also write unprompted; on by default. Only with `simulateActivity`. */
  readonly ambient?: boolean;
  /** Divides the delays of the demo people, for tests; 1 by default. */
  readonly haste?: number;
}

export interface Sandbox extends AsyncDisposable {
  /** Origin of the API, without `/v2` and without a trailing slash. */
  readonly url: string;
  /** Origin of the control server. */
  readonly controlUrl: string;
  readonly requests: RequestLog;
  /** Names a page in front of the sandbox, such as GraphiQL, on its overview. */
  link(name: string, url: string): void;
  /** Ends streams and connections; a second call waits for the first. */
  close(): Promise<void>;
}

const sweepMs = 500;

/** @throws The listen error, such as EADDRINUSE, when a port is not available. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', api = 'both', streamLifetimeMs = 7 * 60_000, deleteOnReadMs = 60_000 } = options;
  const clock = createClock();
  const world = createWorld({ clock, api, deleteOnReadMs });
  const requests = createRequestLog();
  const contract = contractOf(api);
  const faults = createFaults();
  const streams = { lifetimeMs: streamLifetimeMs, heartbeatMs: options.heartbeatMs };
  const rosterPage = Math.min(options.rosterPage ?? limits.rosterPage, limits.rosterPage);
  const links = new Map<string, string>();
  let controlUrl = '';
  const server = createServer(
    createDispatcher({
      world,
      contract,
      requests,
      faults,
      options: { streams, rosterPage },
      controlUrl: () => controlUrl,
      links,
    }),
  );
  const seed = () => (options.seed ?? seedHospital)(world);
  const gate = closeForAWhile(server);
  const control = createServer(
    createControl({
      world,
      clock,
      faults,
      requests,
      restart: gate.restart,
      reset: () => {
        faults.clear();
        emptyWorld(world);
        seed();
      },
    }),
  );
  world.origin = await listen(server, host, options.port ?? 0);
  // In the same turn as `listen` resolves, so that no request sees an empty state; not earlier, because it needs the origin.
  seed();
  controlUrl = await listen(control, '127.0.0.1', options.controlPort ?? 0).catch(async (error: unknown) => {
    await stop(server);
    throw error;
  });
  const sweeper = setInterval(() => {
    runEscalations(world);
    sweepMessages(world);
  }, sweepMs).unref();
  const personas = options.simulateActivity === true ? startPersonas(world, options) : undefined;
  // Longer than the idle timeout of clients, so that the server does not close a connection as a request arrives on it.
  server.keepAliveTimeout = 60_000;
  let closing: Promise<void> | undefined;
  const close = () => {
    clearInterval(sweeper);
    personas?.stop();
    closing ??= Promise.all([stop(server), stop(control)]).then(() => undefined);
    return closing;
  };
  const link = (name: string, url: string) => void links.set(name, url);
  return { url: world.origin, controlUrl, requests, link, close, [Symbol.asyncDispose]: close };
}

/** Simulates a restart: drops every connection and resets new ones for `downMs`. */
function closeForAWhile(server: Server): { restart: (downMs: number) => void } {
  let closedUntil = 0;
  server.on('connection', (socket) => {
    if (Date.now() < closedUntil) socket.resetAndDestroy();
  });
  return {
    restart: (downMs) => {
      closedUntil = Date.now() + downMs;
      server.closeAllConnections();
    },
  };
}

/** The loopback address under which a server bound to all addresses is reachable. */
const loopbackOf: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { port: actual } = server.address() as AddressInfo; // a listening TCP server always has an address
      const reachable = loopbackOf.get(host) ?? host;
      resolve(`http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${actual}`);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
