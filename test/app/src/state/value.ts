/** An observable value: components render again when it changes. */
import { useSyncExternalStore } from 'react';

export class Value<Shown> {
  readonly #listeners = new Set<() => void>();

  constructor(public current: Shown) {}

  set(value: Shown): void {
    this.current = value;
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

export const useValue = <Shown>(value: Value<Shown>): Shown =>
  useSyncExternalStore(value.subscribe, () => value.current);
