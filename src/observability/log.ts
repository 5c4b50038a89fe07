/**
 * The structured log. Only the fields of `LogFields` can be written. No field accepts a message body, a name, an address, a
 * credential or a text of the upstream, so no call site can leak one.
 */
import { pino } from 'pino';
import { isoTime } from './iso-time.ts';
import type { AccessFields, LogFields } from './log-fields.ts';
import { type LogOutput, standardOutput } from './log-output.ts';
import { LogSampler } from './log-sampler.ts';

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Writes the access log line of one operation, independent of the log level. */
  access(fields: AccessFields): void;
  /** Passes each further line to `copy` as well, which must not throw. @returns Function that ends this. */
  copyTo(copy: (line: string) => void): () => void;
  /** Writes the counts of lines that sampling has omitted so far. */
  flush(): void;
}

/** @param level A pino level. @param output Default: standard output. */
export function createLog(level: string, output: LogOutput = standardOutput()): Log {
  const copies = new Set<(line: string) => void>();
  const destination = (write: (line: string) => void) => ({
    write(line: string) {
      write(line);
      for (const copy of copies) copy(line);
    },
  });
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${isoTime()}"`,
    formatters: { level: (word: string) => ({ level: word }) },
  };
  const logger = pino(
    options,
    destination((line) => output.write(line)),
  );
  let accessLogger: typeof logger | undefined;
  const sampler = new LogSampler((severity, event, fields) => logger[severity](fields ?? {}, event));
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => sampler.write('info', event, fields),
    warn: (event, fields) => sampler.write('warn', event, fields),
    error: (event, fields) => sampler.write('error', event, fields),
    access(fields) {
      accessLogger ??= pino(
        { ...options, level: 'info' },
        destination((line) => (output.writeSoon === undefined ? output.write(line) : output.writeSoon(line))),
      );
      accessLogger.info(fields, 'operation');
    },
    copyTo(copy) {
      copies.add(copy);
      return () => copies.delete(copy);
    },
    flush: () => sampler.flush(),
  };
}

/** The fields of an unexpected error that are safe to log: class, code and stack positions, never its message. */
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
