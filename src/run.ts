/** The gateway as a process: reads the settings from the environment, starts the gateway and ends it on a signal. */
import { changedSettings } from './config/changed-settings.ts';
import { ConfigError, parseConfig } from './config/config.ts';
import { misspeltSettings } from './config/misspelt-settings.ts';
import { startGateway } from './gateway.ts';
import { createLog, describeUnexpected } from './observability/log.ts';
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

async function main(): Promise<void> {
  // The gateway keeps serving when the reader of its log has ended.
  process.stdout.on('error', () => {});
  const config = parseConfig(process.env);
  const log = createLog(config.logLevel);

  const sandbox = config.sandbox
    ? await import('./sandbox/server.ts')
        .then(({ startSandbox }) =>
          startSandbox({ port: config.sandboxPort, api: config.sandboxApi, simulateActivity: true }),
        )
        .catch((error) => {
          const host = ['HOST', '127.0.0.1'] as const;
          throw listenProblem(error, { port: ['SANDBOX_PORT', config.sandboxPort], host }) ?? error;
        })
    : undefined;
  const upstreamUrl = config.upstreamUrl ?? sandbox?.url ?? '';
  const demoAuthorization =
    sandbox === undefined ? undefined : `Basic ${Buffer.from(`${demo.key}:${demo.secret}`).toString('base64')}`;

  const gateway = await startGateway({ config: { ...config, upstreamUrl }, log, demoAuthorization }).catch((error) => {
    const { host, port, metricsHost = host, metricsPort = port } = config;
    const own = listenProblem(error, { port: ['PORT', port], host: ['HOST', host] });
    const ofMetrics = { port: ['METRICS_PORT', metricsPort], host: ['METRICS_HOST', metricsHost] } as const;
    throw own ?? listenProblem(error, ofMetrics) ?? error;
  });
  // Before the log says that it listens: a supervisor that reads it may stop the gateway at once.
  stopOnSignal((signal) => {
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
  });

  // As logrotate and others ask after renaming a file. Without one, it means that the terminal is gone, if there was one.
  if (config.auditLog !== undefined || !process.stdout.isTTY) process.on('SIGHUP', () => gateway.reopenLogs());

  log.info('started', { version, settings: changedSettings(process.env) });
  for (const { name, nearest } of misspeltSettings(process.env)) {
    log.warn('unknown setting', { setting: name, nearest });
  }
  log.info('gateway is listening', { url: gateway.url });
  if (gateway.metricsUrl !== undefined) log.info('metrics are served', { url: gateway.metricsUrl });
  if (config.upstreamUrl !== undefined) {
    // Acknowledgements are per credential upstream: what one replica acknowledges is never replayed to another.
    if (config.redisUrl === undefined) {
      log.info('replicas share no state: all clients of one credential have to reach one replica, or events are lost');
    } else if (config.shareEventStreams) {
      log.warn(
        'experimental: replicas share event streams through Redis; when many failures coincide, events can be missing. Known limits: src/cluster/README.md',
      );
    } else {
      log.info(
        'replicas share rate limits and cache invalidation, but no event streams: all clients of one credential have to reach one replica, or events are lost',
      );
    }
  }
  if (sandbox !== undefined) {
    if (config.graphiql) sandbox.link('GraphiQL', `${gateway.url}/graphql`);
    process.stdout.write(
      [
        '',
        `  GraphiQL   ${gateway.url}/graphql`,
        `  Sandbox    ${sandbox.url}`,
        `  Sign in as ${demo.key}:${demo.secret} (Authorization: ${demoAuthorization})`,
        '',
        '',
      ].join('\n'),
    );
  }
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) fail(...error.problems);
  if (typeof error === 'string') fail(error);
  const { errorName, errorCode, stack } = describeUnexpected(error);
  fail(`Starting failed: ${errorName}${errorCode === undefined ? '' : ` (${errorCode})`}`, ...(stack ?? []));
});
