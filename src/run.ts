/** The gateway as a process: reads the settings from the environment, starts the gateway and ends it on a signal. */
import { changedSettings } from './config/changed-settings.ts';
import { type Config, ConfigError, parseConfig } from './config/config.ts';
import { misspeltSettings } from './config/misspelt-settings.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { createLog, describeUnexpected, type Log } from './observability/log.ts';
import type { Sandbox } from './sandbox/server.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { listenProblem } from './util/listen.ts';
import { version } from './version.ts';

/** The demo caller of the sandbox. */
const demo = { key: 'ada', secret: 'demo' };

function fail(...lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** Exits once the log is written, or after a second if nothing reads it. */
function exitWhenWritten(code: number): void {
  const end = () => process.exit(code);
  process.stdout.write('', end);
  setTimeout(end, 1_000);
}

/** The built-in sandbox, when it is configured. */
async function startBuiltInSandbox(config: Config): Promise<Sandbox | undefined> {
  if (!config.sandbox) return undefined;
  const { startSandbox } = await import('./sandbox/server.ts');
  const { sandboxPort: port, sandboxApi: api } = config;
  return startSandbox({ port, api, simulateActivity: true }).catch((error) => {
    throw listenProblem(error, { port: ['SANDBOX_PORT', port], host: ['HOST', '127.0.0.1'] }) ?? error;
  });
}

async function startConfiguredGateway(
  config: Config,
  upstreamUrl: string,
  log: Log,
  demoAuthorization: string | undefined,
): Promise<Gateway> {
  return startGateway({ config: { ...config, upstreamUrl }, log, demoAuthorization }).catch((error) => {
    const { host, port, metricsHost = host, metricsPort = port } = config;
    const own = listenProblem(error, { port: ['PORT', port], host: ['HOST', host] });
    const ofMetrics = { port: ['METRICS_PORT', metricsPort], host: ['METRICS_HOST', metricsHost] } as const;
    throw own ?? listenProblem(error, ofMetrics) ?? error;
  });
}

function stopWithLog(signal: NodeJS.Signals, gateway: Gateway, sandbox: Sandbox | undefined, log: Log): void {
  log.info('stopping', { signal });
  log.flush();
  gateway
    .close()
    .then(() => sandbox?.close())
    .then(
      () => {
        log.flush();
        log.info('stopped', { signal });
        exitWhenWritten(0);
      },
      (error: unknown) => {
        log.error('stopping failed', describeUnexpected(error));
        exitWhenWritten(1);
      },
    );
}

/** Acknowledgements are per credential upstream: an event that one replica acknowledges is never replayed to another. */
function logWhatReplicasShare({ redisUrl, shareEventStreams }: Config, log: Log): void {
  if (redisUrl === undefined) {
    log.info('replicas share no state: all clients of one credential have to reach one replica, or events are lost');
  } else if (shareEventStreams) {
    log.warn(
      'experimental: replicas share event streams through Redis; when many failures coincide, events can be missing. Known limits: src/cluster/README.md',
    );
  } else {
    log.info(
      'replicas share rate limits and cache invalidation, but no event streams: all clients of one credential have to reach one replica, or events are lost',
    );
  }
}

function printDemoAddresses(gateway: Gateway, sandbox: Sandbox, demoAuthorization: string): void {
  const lines = [
    `  GraphiQL   ${gateway.url}/graphql`,
    `  Sandbox    ${sandbox.url}`,
    `  Sign in as ${demo.key}:${demo.secret} (Authorization: ${demoAuthorization})`,
  ];
  process.stdout.write(['', ...lines, '', ''].join('\n'));
}

async function main(): Promise<void> {
  // The gateway keeps serving when the reader of its log ends.
  process.stdout.on('error', () => {});
  const config = parseConfig(process.env);
  const log = createLog(config.logLevel);
  const sandbox = await startBuiltInSandbox(config);
  const demoAuthorization = `Basic ${Buffer.from(`${demo.key}:${demo.secret}`).toString('base64')}`;
  const upstreamUrl = config.upstreamUrl ?? sandbox?.url ?? '';
  const gateway = await startConfiguredGateway(config, upstreamUrl, log, sandbox && demoAuthorization);
  // Before the log says that the gateway listens: a supervisor may stop it on reading that line.
  stopOnSignal((signal) => stopWithLog(signal, gateway, sandbox, log));
  // logrotate sends SIGHUP after it has renamed a file. Without an audit log the signal keeps its default: end with the terminal.
  if (config.auditLog !== undefined || !process.stdout.isTTY) process.on('SIGHUP', () => gateway.reopenLogs());

  log.info('started', { version, settings: changedSettings(process.env) });
  for (const { name, nearest } of misspeltSettings(process.env)) {
    log.warn('unknown setting', { setting: name, nearest });
  }
  log.info('gateway is listening', { url: gateway.url });
  if (gateway.metricsUrl !== undefined) log.info('metrics are served', { url: gateway.metricsUrl });
  if (config.upstreamUrl !== undefined) logWhatReplicasShare(config, log);
  if (sandbox === undefined) return;
  if (config.graphiql) sandbox.link('GraphiQL', `${gateway.url}/graphql`);
  printDemoAddresses(gateway, sandbox, demoAuthorization);
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(...error.problems);
  if (typeof error === 'string') fail(error);
  const { errorName, errorCode, stack } = describeUnexpected(error);
  fail(`Starting failed: ${errorName}${errorCode === undefined ? '' : ` (${errorCode})`}`, ...(stack ?? []));
});
