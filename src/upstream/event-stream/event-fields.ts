/** Reads the payload of one event field by field, and keeps count of what nobody read. */
import type { EntityKind } from '../../domain.ts';
import type { Extra } from '../../gateway-event.ts';
import { isRecord } from '../../is-record.ts';
import { invalidReply } from '../wire/contract-check.ts';
import { entityKind } from '../wire/entity.ts';
import { timestamp } from '../wire/timestamp.ts';

const nothing: ReadonlySet<string> = new Set();

/**
 * A field whose value is of another kind than the contract says is passed over and stays in `extra`, because official
 * clients are as tolerant; only what names the thing an event is about is required.
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

  /** Any value at all. */
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

  /** Contract, EntityType; undefined for types that are no user, group or list. */
  kind(name: string): EntityKind | undefined {
    const value = this.payload[name];
    const kind = typeof value === 'string' ? entityKind(value) : undefined;
    if (kind !== undefined) this.#read.push(name);
    return kind;
  }

  /** Marks fields that another decoder reads; to be called once. */
  markRead(names: ReadonlySet<string>): void {
    this.#markedRead = names;
  }

  /** Marks a field that another decoder reads, unless an object in it holds names unknown to that: then `extra` keeps it whole. */
  markNestedRead(name: string, known: ReadonlySet<string>): void {
    const value = this.payload[name];
    const objects: readonly unknown[] = Array.isArray(value) ? value : [value];
    const holdsMore = objects.some(
      (object) => typeof object === 'object' && object !== null && Object.keys(object).some((key) => !known.has(key)),
    );
    if (!holdsMore) this.#read.push(name);
  }

  /** What was not read; undefined when there is nothing. */
  extra(): Extra | undefined {
    // On the way of every event, and nearly always without a find: no more than a look at each name.
    let extra: Record<string, unknown> | undefined;
    for (const name in this.payload) {
      if (this.#markedRead.has(name) || this.#read.includes(name)) continue;
      extra ??= {};
      // Not by assignment: a field may be named like something every object has.
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
