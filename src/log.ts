/**
 * The structured log. Only the fields of `LogFields` can be written: a body, a name, an address, a credential or an
 * upstream's text has no field to stand in, so a forgotten call site cannot leak one.
 */
import { type DestinationStream, pino } from 'pino';
import type { AccessFields, LogFields } from './log-fields.ts';
import { LogSampler } from './log-sampler.ts';

export type { AccessFields, LogFields };

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** One line about an operation, whatever the level. */
  access(fields: AccessFields): void;
  /** Writes what was sampled away so far, as counts. */
  flush(): void;
}

/** @param destination Where lines go; standard output unless a test wants to read them. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (word: string) => ({ level: word }) },
  };
  const logger = pino(options, destination);
  let accessLogger: typeof logger | undefined;
  const sampler = new LogSampler((severity, event, fields) => logger[severity](fields ?? {}, event));
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => sampler.write('info', event, fields),
    warn: (event, fields) => sampler.write('warn', event, fields),
    error: (event, fields) => sampler.write('error', event, fields),
    access(fields) {
      accessLogger ??= pino({ ...options, level: 'info' }, destination);
      accessLogger.info(fields, 'operation');
    },
    flush: () => sampler.flush(),
  };
}

/** Bytes that may wait for whoever reads the log. */
const maxBufferedBytes = 1_048_576;

/**
 * Standard output. Who reads it slowly, or not at all, holds nothing up: what is more than may wait is lost, and counted in
 * the next line. Not pino's own way to write, which waits for a reader that is gone for ever when the process ends.
 */
function standardOutput(): DestinationStream {
  const { stdout } = process;
  let lost = 0;
  return {
    write(line) {
      if (stdout.writableLength > maxBufferedBytes) {
        lost += 1;
        return;
      }
      if (lost > 0) {
        const note = { level: 'warn', time: new Date().toISOString(), count: lost, msg: 'log lines were lost' };
        stdout.write(`${JSON.stringify(note)}\n`);
        lost = 0;
      }
      stdout.write(line);
    },
  };
}

/** What may be said of an error nobody expected. */
export function describeUnexpected(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    errorName: error.name,
    ...(code === undefined ? {} : { errorCode: code }),
    stack: stack.slice(0, 8).map((line) => line.trim()),
  };
}
