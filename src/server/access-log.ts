/** Access log (`ACCESS_LOG`): one line for each operation with its name, result and duration, and nothing of its content. */
import { createHash } from 'node:crypto';
import type { Log } from '../log.ts';
import type { AccessFields } from '../log-fields.ts';
import type { Prepared } from './operation/prepare.ts';

export interface AccessLog {
  write(fields: AccessFields): void;
  /**
   * The name of a registered operation, which the operator chose. For any other, the first 16 hexadecimal digits of the SHA-256 of its
   * text, because its name is client input.
   */
  nameOf(prepared: Prepared): string;
}

export function createAccessLog(log: Log, isRegistered: (text: string) => boolean): AccessLog {
  const names = new WeakMap<Prepared, string>();
  return {
    write: (fields) => log.access(fields),
    nameOf(prepared) {
      let name = names.get(prepared);
      if (name === undefined) {
        const text = prepared.document.loc?.source.body ?? '';
        const own = isRegistered(text) ? prepared.operation.name?.value : undefined;
        name = own ?? createHash('sha256').update(text).digest('hex').slice(0, 16);
        names.set(prepared, name);
      }
      return name;
    },
  };
}
