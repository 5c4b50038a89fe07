#!/usr/bin/env node
/** The package's command: sets settings from flags, then starts the gateway or the sandbox alone; or prints the schema or a template. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { settings, variableOf } from './config/settings.ts';

const flagOf = (variable: string) => variable.toLowerCase().replaceAll('_', '-');

/** Environment variables by flag: the settings of the gateway, and one of the sandbox program. */
const variables = new Map([
  ...Object.keys(settings).map((name) => [flagOf(variableOf(name)), variableOf(name)] as const),
  ['sandbox-control-port', 'SANDBOX_CONTROL_PORT'] as const,
]);

const sandboxFlags = ['host', 'sandbox-port', 'sandbox-api', 'sandbox-control-port'];
const gatewayFlags = [...variables.keys()].filter((flag) => flag !== 'sandbox-control-port');
/** The flags that have an effect, by command. */
const flagsOf = new Map<string, readonly string[]>([
  ['gateway', gatewayFlags],
  ['sandbox', sandboxFlags],
  ['introspection', []],
  ['print', []],
]);

/** Ends the program when a flag has no effect on the command. */
function rejectOtherFlags(command: string, given: readonly string[]): void {
  const own = flagsOf.get(command) ?? given;
  const other = given.find((flag) => !own.includes(flag));
  if (other === undefined) return;
  const expected = command === 'sandbox' ? ` It takes ${sandboxFlags.map((flag) => `--${flag}`).join(', ')}.` : '';
  process.stderr.write(`The command ${command} does not take --${other}.${expected}\nTry --help.\n`);
  process.exit(1);
}

function helpText(): string {
  const rows = Object.entries(settings).map(([name, { default: value, meaning, expected }]) => {
    const defaultText = value === undefined || value === '' ? 'unset' : value;
    return `  --${flagOf(variableOf(name))} (${defaultText})\n      ${meaning}\n      Expects ${expected}.`;
  });
  return [
    'tigerconnect-graphql [gateway] [--<setting> <value> ...]   the gateway, with the built-in sandbox when --upstream-url is unset',
    `tigerconnect-graphql sandbox ${sandboxFlags.map((flag) => `[--${flag} ...]`).join(' ')}   the sandbox alone`,
    'tigerconnect-graphql introspection   prints the schema as introspection JSON',
    'tigerconnect-graphql --version   prints the version',
    'tigerconnect-graphql print grafana|alerts|compose|kubernetes   a dashboard, alert rules, a compose file or manifests',
    'tigerconnect-graphql print helm <folder>   writes a chart into the folder',
    '',
    'Every setting is also an environment variable: --log-level is LOG_LEVEL. Set secrets by environment variable only: other users of the machine can read flags.',
    '',
    ...rows,
    '',
  ].join('\n');
}

function readArguments() {
  try {
    const options: NonNullable<ParseArgsConfig['options']> = {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    };
    for (const flag of variables.keys()) options[flag] = { type: 'string' };
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    // The message names the unknown flag; a second sentence about arguments with a dash has no meaning here.
    const [problem] = error instanceof Error ? error.message.split(' To specify ') : ['Unknown flag.'];
    process.stderr.write(`${problem}\nTry --help.\n`);
    process.exit(1);
  }
}

const { values, positionals } = readArguments();
const [command = 'gateway', ...rest] = positionals;
if (values.help !== true && values.version !== true) rejectOtherFlags(command, Object.keys(values));
if (values.help === true) {
  process.stdout.write(helpText());
} else if (values.version === true) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version}\n`);
} else if (!flagsOf.has(command) || (rest.length > 0 && command !== 'print')) {
  process.stderr.write('Expected gateway, sandbox, introspection or print.\nTry --help.\n');
  process.exit(1);
} else if (command === 'print') {
  const { printed } = await import('./deploy/print.ts');
  const text = printed(rest);
  if (text === undefined) {
    process.stderr.write('Expected print grafana, alerts, compose, kubernetes, or helm and a folder.\nTry --help.\n');
    process.exit(1);
  }
  process.stdout.write(text);
} else if (command === 'introspection') {
  const { introspectionText } = await import('./schema/introspection.ts');
  process.stdout.write(`${introspectionText()}\n`);
} else {
  for (const [flag, variable] of variables) {
    const value = values[flag];
    if (typeof value === 'string') process.env[variable] = value;
  }
  await (command === 'sandbox' ? import('./sandbox/main.ts') : import('./main.ts'));
}
