/** Access log (`ACCESS_LOG`): one line for each operation with its name, result and duration, and nothing of its content. */
import type { Log } from '../observability/log.ts';
import type { AccessFields } from '../observability/log-fields.ts';
import type { Prepared } from './operation/prepare.ts';
import type { OperationNames } from './operation-names.ts';

export interface AccessLog {
  write(fields: AccessFields): void;
  /** See `OperationNames.nameOrHash`. */
  nameOf(prepared: Prepared): string;
}

export interface AccessLogOptions {
  /** Undefined when `ACCESS_LOG` is off. */
  readonly log: Pick<Log, 'access'> | undefined;
  /** Called with each line. Must not throw. */
  readonly onOperation: ((fields: AccessFields) => void) | undefined;
  readonly names: OperationNames;
}

/** Undefined when neither the log nor a hook takes the lines. */
export function createAccessLog({ log, onOperation, names }: AccessLogOptions): AccessLog | undefined {
  if (log === undefined && onOperation === undefined) return undefined;
  return {
    write(fields) {
      log?.access(fields);
      onOperation?.(fields);
    },
    nameOf: (prepared) => names.nameOrHash(prepared),
  };
}
