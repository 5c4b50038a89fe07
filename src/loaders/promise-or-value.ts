/** A value that may be known already. Where it is, nobody has to wait a turn for it, and no promise is made. */
export type PromiseOrValue<Value> = Value | Promise<Value>;

/** `use` of a value, at once where it is known. */
export function thenOrNow<Value, Result>(
  value: PromiseOrValue<Value>,
  use: (value: Value) => PromiseOrValue<Result>,
): PromiseOrValue<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}
