/** Names of operations in the access log and in metrics. */
import { createHash } from 'node:crypto';
import type { Prepared } from './operation/prepare.ts';

export class OperationNames {
  readonly #isRegistered: (text: string) => boolean;
  readonly #registered = new WeakMap<Prepared, string | null>();
  readonly #hashes = new WeakMap<Prepared, string>();

  /** @param isRegistered Whether a text is that of a registered operation. */
  constructor(isRegistered: (text: string) => boolean) {
    this.#isRegistered = isRegistered;
  }

  /** The name of a registered operation, which the operator chose; undefined for any other, whose name is client input. */
  registered(prepared: Prepared): string | undefined {
    let name = this.#registered.get(prepared);
    if (name === undefined) {
      name = this.#isRegistered(textOf(prepared)) ? (prepared.operation.name?.value ?? null) : null;
      this.#registered.set(prepared, name);
    }
    return name ?? undefined;
  }

  /** The name of a registered operation, or the first 16 hexadecimal digits of the SHA-256 of the text of any other. */
  nameOrHash(prepared: Prepared): string {
    const name = this.registered(prepared) ?? this.#hashes.get(prepared);
    if (name !== undefined) return name;
    const hash = createHash('sha256').update(textOf(prepared)).digest('hex').slice(0, 16);
    this.#hashes.set(prepared, hash);
    return hash;
  }
}

function textOf({ document }: Prepared): string {
  return document.loc?.source.body ?? '';
}
