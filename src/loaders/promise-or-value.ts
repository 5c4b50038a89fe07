/** A value that may be known already. Where it is, nobody has to wait a turn for it, and no promise is made. */
export type Known<Value> = Value | Promise<Value>;

/** `use` of a value, at once where it is known. */
export function whenKnown<Value, Result>(value: Known<Value>, use: (value: Value) => Known<Result>): Known<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}
