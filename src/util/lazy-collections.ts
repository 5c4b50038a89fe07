/**
 * A Set and a Map that allocate nothing while empty; V8 reserves 150 bytes for the first members. For collections that each of many
 * callers has and few fill.
 */

export class LazySet<Member> implements Iterable<Member> {
  #members: Set<Member> | undefined;

  get size(): number {
    return this.#members?.size ?? 0;
  }

  has(member: Member): boolean {
    return this.#members?.has(member) === true;
  }

  add(member: Member): void {
    this.#members ??= new Set();
    this.#members.add(member);
  }

  delete(member: Member): boolean {
    return this.#members?.delete(member) === true;
  }

  clear(): void {
    this.#members?.clear(); // ends an iteration
    this.#members = undefined;
  }

  [Symbol.iterator](): Iterator<Member> {
    return (this.#members ?? noMembers).values();
  }
}

/** A map that takes no memory while it is empty. */
export class LazyMap<Key, Value> implements Iterable<[Key, Value]> {
  #entries: Map<Key, Value> | undefined;

  get size(): number {
    return this.#entries?.size ?? 0;
  }

  get(key: Key): Value | undefined {
    return this.#entries?.get(key);
  }

  has(key: Key): boolean {
    return this.#entries?.has(key) === true;
  }

  set(key: Key, value: Value): void {
    this.#entries ??= new Map();
    this.#entries.set(key, value);
  }

  delete(key: Key): boolean {
    return this.#entries?.delete(key) === true;
  }

  clear(): void {
    this.#entries?.clear(); // ends an iteration
    this.#entries = undefined;
  }

  keys(): Iterable<Key> {
    return this.#entries?.keys() ?? [];
  }

  values(): Iterable<Value> {
    return this.#entries?.values() ?? [];
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    return (this.#entries ?? noEntries).entries();
  }
}

const noMembers: ReadonlySet<never> = new Set<never>();
const noEntries: ReadonlyMap<never, never> = new Map<never, never>();
