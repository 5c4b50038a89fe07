/** The line `ACCESS_LOG` writes for each operation: what it was, how it went and what it took, and nothing of its content. */
import { createHash } from 'node:crypto';
import type { AccessFields, Log } from '../../log.ts';
import type { Prepared } from '../operation/prepare.ts';

export interface AccessLog {
  write(fields: AccessFields): void;
  /**
   * The name of a registered operation, which is the operator's own; of any other, sixteen hexadecimal digits of its text's
   * SHA-256, as its name is the client's words.
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
