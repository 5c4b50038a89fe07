/** Reads the payload of one event field by field, and records which fields were read. */
import type { EntityKind } from '../../domain/domain.ts';
import type { Extra } from '../../domain/event-base.ts';
import { isRecord } from '../../util/is-record.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { entityKindV5 } from '../wire/conversation.ts';
import { timestamp } from '../wire/timestamp.ts';

const nothing: ReadonlySet<string> = new Set();

/**
 * A field whose value has another type than in the contract is ignored and stays in `extra`, because official clients are
 * equally tolerant. Only fields that identify the subject of an event are required.
 */
export class EventFields {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly #read: string[] = ['xmlns']; // repeats the type's name (EVENTS §3)
  #markedRead: ReadonlySet<string> = nothing;

  constructor(payload: Readonly<Record<string, unknown>>) {
    this.payload = payload;
  }

  text(name: string): string | undefined {
    const value = this.payload[name];
    if (typeof value !== 'string') return undefined;
    this.#read.push(name);
    return value === '' ? undefined : value;
  }

  /** @throws GatewayError `UPSTREAM_INVALID` naming the field. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw invalidReply(`event.${name}`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.payload[name];
    if (typeof value !== 'number') return undefined;
    this.#read.push(name);
    return value;
  }

  /** Android sends booleans as words (contract, BoolOrString). */
  flag(name: string): boolean | undefined {
    const value = this.payload[name];
    if (typeof value !== 'boolean' && value !== 'true' && value !== 'false') return undefined;
    this.#read.push(name);
    return value === true || value === 'true';
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.payload[name];
    if (!isRecord(value)) return undefined;
    this.#read.push(name);
    return value;
  }

  list(name: string): readonly unknown[] | undefined {
    const value = this.payload[name];
    if (!Array.isArray(value)) return undefined;
    this.#read.push(name);
    return value;
  }

  /** The texts of a list. One that holds anything else stays in `extra` too. */
  texts(name: string): readonly string[] | undefined {
    const value = this.payload[name];
    if (!Array.isArray(value)) return undefined;
    const texts = value.filter((item): item is string => typeof item === 'string' && item !== '');
    if (texts.length === value.length) this.#read.push(name);
    return texts;
  }

  /** Any JSON value. */
  json(name: string): unknown {
    if (name in this.payload) this.#read.push(name);
    return this.payload[name];
  }

  time(name: string): string | undefined {
    const value = this.payload[name];
    if (typeof value !== 'string' || value === '') return undefined;
    try {
      const at = timestamp(value, name);
      this.#read.push(name);
      return at;
    } catch {
      return undefined;
    }
  }

  /** Contract, EntityType, or its short word in v5; undefined for types other than user, group and list. */
  kind(name: string): EntityKind | undefined {
    const value = this.payload[name];
    const kind = typeof value === 'string' ? entityKindV5(value) : undefined;
    if (kind !== undefined) this.#read.push(name);
    return kind;
  }

  /** Marks fields that another decoder reads. May be called once. */
  markRead(names: ReadonlySet<string>): void {
    this.#markedRead = names;
  }

  /** Marks a field that another decoder reads. If an object in it has names outside `known`, `extra` keeps the field. */
  markNestedRead(name: string, known: ReadonlySet<string>): void {
    const value = this.payload[name];
    const objects: readonly unknown[] = Array.isArray(value) ? value : [value];
    const hasUnknownNames = objects.some(
      (object) => typeof object === 'object' && object !== null && Object.keys(object).some((key) => !known.has(key)),
    );
    if (!hasUnknownNames) this.#read.push(name);
  }

  /** Fields that were not read; undefined when all were. */
  extra(): Extra | undefined {
    // Runs for every event and rarely finds a field, so it allocates on the first find only.
    let extra: Record<string, unknown> | undefined;
    for (const name in this.payload) {
      if (this.#markedRead.has(name) || this.#read.includes(name)) continue;
      extra ??= {};
      // Assignment would call a setter for a name such as `__proto__`.
      Object.defineProperty(extra, name, {
        value: this.payload[name],
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    return extra;
  }
}

/** Event fields of an object; undefined for anything else. */
export function fieldsOf(value: unknown): EventFields | undefined {
  return isRecord(value) ? new EventFields(value) : undefined;
}
