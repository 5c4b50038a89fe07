/**
 * Values that a test must find for its assertions to be meaningful.
 * @throws when one is missing.
 */
export function present<Value>(value: Value | null | undefined): Value {
  if (value == null) throw new Error('not there');
  return value;
}
