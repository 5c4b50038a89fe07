/** The process: environment in, gateway up, signals out. The only reader of the environment and the only place that exits. */
import { changedSettings } from './config/changed-settings.ts';
import { ConfigError, parseConfig } from './config/config.ts';
import { misspeltSettings } from './config/misspelt-settings.ts';
import { startGateway } from './gateway.ts';
import { createLog, describeUnexpected } from './log.ts';
import { version } from './version.ts';

/** The demo caller of the sandbox. */
const demo = { key: 'ada', secret: 'demo' };

function fail(...lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

function portTaken(error: unknown, setting: string, port: number): string | undefined {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return taken ? `${setting}: port ${port} is taken by another program; choose another one.` : undefined;
}

/** Exits once the log is written, or after a second without a reader. */
function leave(code: number): void {
  const end = () => process.exit(code);
  process.stdout.write('', end);
  setTimeout(end, 1_000);
}

async function main(): Promise<void> {
  // The reader of the log is gone: the gateway keeps serving.
  process.stdout.on('error', () => {});
  const config = parseConfig(process.env);
  const log = createLog(config.logLevel);

  const sandbox = config.sandbox
    ? await import('./sandbox/server.ts')
        .then(({ startSandbox }) => startSandbox({ port: config.sandboxPort, simulateActivity: true }))
        .catch((error) => {
          throw portTaken(error, 'SANDBOX_PORT', config.sandboxPort) ?? error;
        })
    : undefined;
  const upstreamUrl = config.upstreamUrl ?? sandbox?.url ?? '';
  const demoAuthorization =
    sandbox === undefined ? undefined : `Basic ${Buffer.from(`${demo.key}:${demo.secret}`).toString('base64')}`;

  const gateway = await startGateway({ config: { ...config, upstreamUrl }, log, demoAuthorization }).catch((error) => {
    throw portTaken(error, 'PORT', config.port) ?? error;
  });
  // Before it says that it listens: who reads that may stop it at once.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info('stopping', { signal });
      log.flush();
      gateway
        .close()
        .then(() => sandbox?.close())
        .then(
          () => {
            log.flush();
            log.info('stopped', { signal });
            leave(0);
          },
          (error: unknown) => {
            log.error('stopping failed', describeUnexpected(error));
            leave(1);
          },
        );
    });
  }

  log.info('started', { version, settings: changedSettings(process.env) });
  for (const { name, nearest } of misspeltSettings(process.env)) {
    log.warn('no such setting', { setting: name, nearest });
  }
  log.info('gateway is listening', { url: gateway.url });
  if (config.upstreamUrl !== undefined) {
    // Acknowledgements are per credential upstream: what one replica acknowledges is never replayed to another.
    log.info('replicas share no state: all clients of one credential have to reach one replica, or events are lost');
  }
  if (sandbox !== undefined) {
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
