/** A value, or the promise of one. A known value costs no promise and no extra microtask. */
export type PromiseOrValue<Value> = Value | Promise<Value>;

/** Applies `use` at once to a known value, otherwise when the promise resolves. */
export function thenOrNow<Value, Result>(
  value: PromiseOrValue<Value>,
  use: (value: Value) => PromiseOrValue<Result>,
): PromiseOrValue<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}
