/** What a test has to find for its assertions to mean anything. @throws when it is not there. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value == null) throw new Error('not there');
  return value;
}
